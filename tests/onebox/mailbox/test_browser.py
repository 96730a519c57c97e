"""The mailbox in a real browser: it fits, everybody can use it, and what is in a mail does nothing."""

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.journeys.conftest import browser_type_launch_args  # noqa: F401  # a fixture: the browser that all tests use
from tests.onebox.mailbox.handing_in import call, mail, text

LONG = "x" * 300
HTML = """<!doctype html><html lang="sv"><body><p id="said">Hej</p><a href="{page}">Länk</a>
<script>document.getElementById("said").textContent = "ran"</script>
<img src="{page}?picture" onerror="document.getElementById('said').textContent = 'ran'" alt="">
<link rel="stylesheet" href="{page}?style"><iframe src="{page}?frame"></iframe>
<meta http-equiv="refresh" content="0;url={page}?refresh"></body></html>"""


@pytest.fixture
async def full(box, carriers):
    """A mailbox with a letter of each kind, and a mail that tries much."""
    await carriers[0].carry(mail(subject=LONG, html=HTML.format(page=box.url), text=LONG))
    for message in (text(text=LONG), call()):
        await carriers[1].carry(message)
    return box.url


@pytest.fixture
async def opened(browser):
    """Open a page; a list says what was loaded."""
    contexts = []

    async def at(url, **context):
        contexts.append(await browser.new_context(**context))
        page = await contexts[-1].new_page()
        loaded = []
        page.on("response", lambda response: loaded.append(response.url))
        await page.goto(url)
        return page, loaded

    yield at
    for context in contexts:
        await context.close()


async def paths(page):
    found = await page.locator(".letter-title a").evaluate_all("links => links.map(link => link.href)")
    assert len(found) == 3
    return found


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1440, "light"), (1440, "dark")])
async def test_every_page_fits_and_axe_finds_nothing(full, opened, width, scheme):
    page, _ = await opened(full, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for url in [full, *await paths(page), f"{full}/?to=nobody", f"{full}/letters/none"]:
        await page.goto(url)
        for summary in await page.locator("summary").all():
            await summary.click()
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
        found = (await Axe().run(page)).response["violations"]
        assert not found, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


async def test_a_mail_is_seen_and_does_nothing(full, opened):
    page, loaded = await opened(full)
    url = (await paths(page))[-1]
    await page.goto(url, wait_until="networkidle")
    assert await page.frame_locator("iframe.mail-frame").locator("#said").text_content() == "Hej"
    await page.goto(f"{url}/html", wait_until="networkidle")
    assert await page.locator("#said").text_content() == "Hej"
    assert loaded.count(f"{url}/html") == 2
    assert not [one for one in loaded if "?" in one]


async def test_the_links_of_a_mail_that_has_the_window_work(full, opened):
    page, _ = await opened(full)
    await page.goto((await paths(page))[-1])
    await page.get_by_role("link", name="has the window to itself").click()
    await page.get_by_role("link", name="Länk").click()
    await page.wait_for_url(f"{full}/")
    assert await page.locator("h1").text_content() == "Mailbox"


async def test_without_scripts_letters_are_found_by_recipient(full, opened):
    page, _ = await opened(full, java_script_enabled=False)
    await page.get_by_label("To", exact=True).select_option("asa.lindqvist@contoso.example")
    await page.get_by_role("button", name="Show").click()
    assert await page.locator(".letter").count() == 1
    await page.get_by_role("link", name="Calls").click()
    assert await page.get_by_role("heading", name="No such letters").is_visible()
    await page.get_by_role("link", name="Show all").click()
    assert await page.locator(".letter").count() == 3
