"""What a page may weigh and how it may behave, as a browser measures it."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import expect
from yarl import URL

from tests.authenticators import SoftwareKey
from tests.component.putting_in import connect, publish, put_device, put_service
from tests.component.reaching import add_phone, begun, email, new_address, new_number
from tests.component.setting_up import add, add_key, add_recovery_codes, begin, next_code
from tests.conftest import Caller
from tests.journeys.traffic import Traffic

HTML_LIMIT = 20_000
LOAD_LIMIT = 100_000
TERMS = "# Rules\n\n- Be *kind*.\n\n| What | Why | How long | Who |\n|---|---|---|---|\n| Logs | Safety | A year | Us |"
_HASHED = re.compile(r"/static/[a-z]+\.(?P<hash>[0-9a-f]{12})\.[a-z]+")

_SHIFTS = """async () => {
  let sum = 0;
  const observer = new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; });
  observer.observe({ type: "layout-shift", buffered: true });
  await document.fonts.ready;
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  return sum;
}"""

_PAINTED = """async () => {
  while (!performance.getEntriesByType("paint").length) await new Promise(requestAnimationFrame);
}"""

# What only screen readers read is clipped on purpose, and what a closed popover or dialog holds is not there yet.
# A wide table is scrolled by itself, with the keyboard too (WCAG 2.2, 1.4.10 excepts tables).
_LOST = """() => {
  const lost = [];
  const root = document.documentElement;
  const excess = root.scrollWidth - root.clientWidth;
  if (excess > 0) lost.push(`the page scrolls sideways by ${excess} px`);
  const inside = (box) => box.left >= -1 && box.right <= root.clientWidth + 1;
  const seen = (element) => element.checkVisibility({ visibilityProperty: true })
    && !element.closest(".skip, svg")
    && !element.parentElement?.closest(".wide[tabindex]")
    && !Array.from((function* () { for (let one = element; one; one = one.parentElement) yield one; })())
      .some((one) => getComputedStyle(one).clipPath !== "none");
  for (const element of document.body.querySelectorAll("*")) {
    if (!seen(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.width && !inside(box)) lost.push(`outside: <${element.localName} class="${element.className}">`);
    if (element.matches("input")) continue;  // what is typed scrolls
    const { overflowX, overflowY } = getComputedStyle(element);
    const hides = (overflow) => overflow === "hidden" || overflow === "clip";
    const control = element.matches("button, .button, nav a");
    const wide = element.scrollWidth > element.clientWidth + 1, high = element.scrollHeight > element.clientHeight + 1;
    if (element.clientWidth && ((wide && (control || hides(overflowX))) || (high && (control || hides(overflowY))))) {
      lost.push(`clipped: <${element.localName} class="${element.className}"> ${element.textContent.trim()}`);
    }
    for (const text of element.childNodes) {
      if (text.nodeType !== Node.TEXT_NODE || !text.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      if (![...range.getClientRects()].every(inside)) lost.push(`outside: ${text.data.trim()}`);
    }
  }
  return lost;
}"""

_FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    place: element.closest(".skip, header, nav, main")?.matches(".skip") ? "skip"
      : element.closest("header, nav, main")?.localName ?? element.localName,
    words: element.textContent.trim().replace(/\\s+/g, " "),
    visible: element.contains(there),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  };
}"""


@dataclass
class Furnished:
    """Somebody with organizations, devices, methods and news, and the addresses of all their pages."""

    account: str
    paths: list[str]
    app: dict[str, Any] | None

    async def sign_in(self, person):
        """Sign in, and prove who it is where the pages need it."""
        if self.app is None:
            await person.sign_in()
            return
        await person.sign_in("/prove?return_to=/")
        await person.prove(next_code(self.app))
        await expect(person.page).to_have_url("/")


async def declaring(directory, member) -> list[str]:
    """Let an organization of the member's declare something; give the addresses of pages about it."""
    id_ = f"papers-{member}"
    status, answer = await directory("PUT", f"/system/organizations/{id_}", {"name": "Papers"})
    assert status == 200, answer
    assert (await directory("PUT", f"/system/accounts/{member}/organizations/{id_}"))[0] == 204
    sees = ["pd:Name", "pd:EmailAddressWork", "pd:FrequentFlyerNumberOfTheWholeFamily"]
    mail = await put_service(directory, id_, sees=sees, may_disconnect=True, publisher="Post Ltd")
    await connect(directory, member, id_)
    rules = await publish(directory, id_, "rules", "1", en=TERMS, sv=TERMS)
    for category, held in (("pd:Contact", "profile"), ("pd:DeviceBased", "devices")):
        use = {"category": category, "held": held, "purpose": "dpv:CommunicationManagement", "source": "observed"}
        use |= {"legal_basis": "eu-gdpr:A6-1-f-controller", "retention": {"sv": "Sju år, som bokföringslagen säger"}}
        path = f"/system/organizations/{id_}/data-uses/{held}"
        assert (await directory("PUT", path, use))[0] == 204
    return [f"/privacy/terms/{rules}", f"/privacy/services/{mail}/disconnect"]


@pytest.fixture
async def furnished(portal, http, directory, member, post):
    await put_device(directory, member, "laptop", compliance="not_compliant")
    await put_device(directory, member, "phone", organization_id="contoso", name="CON-PH-1", kind="phone")
    api = Caller(http, portal.url, await portal.token(member))
    app = await add(api, "Work phone")
    method = app["method_id"]
    setup = (await begin(api, "Tablet"))["method_id"]
    status, key = await api("POST", "/security-info/methods", {"type": "security-key", "name": "Blue key"})
    assert status == 201, key
    await add_recovery_codes(api)
    phone = (await add_phone(api, post, new_number()))["id"]
    sent = (await begun(api, email(new_address())))["method_id"]
    paths = [
        *("/", "/security-info", "/security-info/add", f"/security-info/methods/{setup}/setup"),
        *(f"/security-info/add/{type_}" for type_ in ("authenticator-app", "security-key", "phone", "email")),
        f"/security-info/methods/{key['method_id']}/setup",
        *(f"/security-info/methods/{method}/{what}" for what in ("rename", "remove")),
        *(f"/security-info/methods/{phone}/change", f"/security-info/methods/{sent}/setup"),
        *("/devices", "/devices/laptop/rename", "/devices/laptop/disable"),
        *("/organizations", "/organizations/fabrikam/leave", "/privacy", *await declaring(directory, member)),
        *("/sessions", "/sessions/sign-out-everywhere", "/activity", "/settings"),
    ]
    return Furnished(member, paths, app)


@pytest.fixture
async def unproved(portal, http, member, post):
    """Somebody who is asked for a proof by a security key first, and who has other ways."""
    api = Caller(http, portal.url, await portal.token(member))
    await add_key(api, SoftwareKey(rp_id="localhost", origin=portal.url), "The key on the ring in my pocket")
    await add(api, "Work phone")
    await add_recovery_codes(api)
    await add_phone(api, post, new_number())
    return Furnished(member, ["/prove?return_to=/devices"], None)


@pytest.fixture(params=["furnished", "unproved"])
def anyone(request):
    """Those whose pages are all there are."""
    return request.getfixturevalue(request.param)


async def find_kept_for_good(part):
    """Find a part under a name that its content gives, for browsers to keep."""
    named = _HASHED.fullmatch(URL(part.url).path)
    assert named, part.url
    assert hashlib.sha256(await part.body()).hexdigest().startswith(named["hash"]), part.url
    assert "immutable" in (await part.all_headers())["cache-control"], part.url


async def test_every_page_is_light_and_its_parts_are_kept_for_good(arrive, anyone, portal):
    paths = anyone.paths
    person = await arrive(anyone.account)
    await anyone.sign_in(person)
    html, loads, foreign = {}, {}, []
    for path in paths:
        responses = []
        page = await person.page.context.new_page()
        page.on("console", lambda message: person.console.append(message.text))
        page.on("response", lambda response, all_=responses: all_.append(response))
        traffic = await Traffic.of(page)
        answer = await page.goto(path)
        assert (answer.status, page.url) == (200, portal.url + path)
        html[path] = len(gzip.compress(await answer.body()))
        loads[path] = await traffic.total()
        foreign += [url for url in traffic.begun.values() if not url.startswith(f"{portal.url}/")]
        while responses:
            if (part := responses.pop()) != answer and not part.url.startswith("data:"):
                await find_kept_for_good(part)
        await page.close()
    assert {path: size for path, size in html.items() if size > HTML_LIMIT} == {}
    assert {path: size for path, size in loads.items() if size > LOAD_LIMIT} == {}
    assert foreign == []
    assert min(loads[path] - html[path] for path in paths) > 5_000, "the stylesheet and the script were not counted"


@pytest.mark.parametrize("width", [1280, 390])
async def test_nothing_moves_while_a_page_loads(arrive, anyone, width):
    paths = anyone.paths
    person = await arrive(anyone.account, viewport={"width": width, "height": 800})
    await anyone.sign_in(person)

    async def come_late(route):
        await person.page.evaluate(_PAINTED)
        await route.continue_()

    # What the script does is seen most where it comes after the first picture of the page.
    await person.page.route(re.compile(r"/static/(portal|keys)\.[^/]*\.js$"), come_late)
    shifts = {}
    for path in paths:
        await person.open(path)
        shifts[path] = await person.page.evaluate(_SHIFTS)
    assert {path: sum_ for path, sum_ in shifts.items() if sum_ > 0} == {}


@pytest.mark.parametrize(("width", "text"), [(320, 100), (640, 200), (1600, 200), (320, 200)])
@pytest.mark.parametrize("locale", ["en-GB", "sv-SE"])
async def test_narrow_pages_and_large_text_lose_nothing(arrive, anyone, width, text, locale):
    paths = anyone.paths
    person = await arrive(anyone.account, locale=locale, viewport={"width": width, "height": 640})
    await anyone.sign_in(person)
    # As in the browser's own settings, whose usual size is 16 px.
    settings = await person.page.context.new_cdp_session(person.page)
    await settings.send("Page.setFontSizes", {"fontSizes": {"standard": 16 * text // 100, "fixed": 13 * text // 100}})
    lost = {}
    for path in paths:
        await person.open(path)
        size = await person.page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        assert size == 16 * text / 100
        lost[path] = await person.page.evaluate(_LOST)
    menu = person.page.get_by_role("navigation")
    # None of these pages is as wide as 68 of its own letters' sizes, so on each of them the list waits behind a button.
    await expect(menu.get_by_role("link")).to_have_count(0)
    await menu.get_by_role("button").click()
    lost["the open menu"] = await person.page.evaluate(_LOST)
    await expect(menu.get_by_role("link").first).to_be_visible()
    assert {path: found for path, found in lost.items() if found} == {}


@pytest.mark.parametrize("locale", ["en-GB", "sv-SE"])
@pytest.mark.parametrize("width", [1440, 1088, 1087, 768, 641, 390])
async def test_the_way_to_other_pages_takes_a_column_or_one_row_and_is_whole(arrive, member, width, locale):
    person = await arrive(member, locale=locale, viewport={"width": width, "height": 900})
    await person.sign_in()
    nav = person.page.get_by_role("navigation")
    links, button = nav.get_by_role("link"), nav.get_by_role("button")
    if width < 1088:
        await expect(button).to_be_visible()
        assert (await nav.bounding_box())["height"] <= 44
        await button.click()
    else:
        await expect(button).to_have_count(0)
    await expect(links).to_have_count(8)
    boxes = [await link.bounding_box() for link in await links.all()]
    assert len({box["x"] for box in boxes}) == 1
    tops = [box["y"] for box in boxes]
    assert tops == sorted(tops)
    assert tops[-1] + boxes[-1]["height"] <= 900
    assert {box["height"] for box in boxes} == {44}


async def test_the_keyboard_alone_leads_through_the_page_and_always_shows_where_it_is(arrive, furnished):
    person = await arrive(furnished.account, reduced_motion="reduce")
    await furnished.sign_in(person)
    stops = []
    while not stops or stops[-1]["place"] != "main":
        await person.page.keyboard.press("Tab")
        stops.append(await person.page.evaluate(_FOCUSED))
        assert len(stops) < 30, stops
    assert [stop for stop in stops if not (stop["visible"] and stop["outlined"])] == []
    places = [stop["place"] for stop in stops]
    assert list(dict.fromkeys(places)) == ["skip", "header", "nav", "main"]
    assert places == sorted(places, key=["skip", "header", "nav", "main"].index)
    links = await person.page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    assert [stop["words"] for stop in stops if stop["place"] == "nav"] == links
    assert len(links) >= 8

    await person.open("/")
    await person.page.keyboard.press("Tab")
    await person.page.keyboard.press("Enter")
    await expect(person.page.get_by_role("main")).to_be_focused()
    await person.page.keyboard.press("Tab")
    assert (await person.page.evaluate(_FOCUSED))["place"] == "main"


@pytest.mark.parametrize("locale", ["en-GB", "sv-SE"])
async def test_no_page_has_a_barrier(arrive, anyone, locale):
    paths = anyone.paths
    person = await arrive(anyone.account, locale=locale)
    await anyone.sign_in(person)
    for path in paths:
        await person.open(path)
        await person.find_no_barrier()
