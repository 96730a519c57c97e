"""Apps come in by their passwords while the account may be used and every organization of it lets them."""

import uuid

import pytest

from tests.component.putting_in import put_account
from tests.waiting import until


@pytest.fixture
async def lets(directory):
    """Put an organization of this test alone in that lets app passwords in, or no more; give its id."""

    async def putting(name=None, *, app_passwords):
        name = name or f"apps-{uuid.uuid4().hex[:8]}"
        wish = {"name": name.title(), "security_policy": {"app_passwords": app_passwords}}
        status, record = await directory("PUT", f"/system/organizations/{name}", wish)
        assert status == 200, record
        return name

    return putting


@pytest.fixture
async def mail(lets, api, directory, someone):
    """A person's home organization, and an app password of theirs that it lets in."""
    home = await lets(app_passwords=True)
    await put_account(directory, someone, home_organization=home)

    async def added():
        status, shown = await api("POST", "/security-info/methods", {"type": "app-password", "name": "Mail"})
        return shown if status == 201 else None

    return home, await until(added)


@pytest.fixture
def check(directory, someone):
    """Ask whether an app may come in with a password."""

    async def checking(password):
        status, answer = await directory(
            "POST", f"/system/accounts/{someone}/app-passwords/check", {"password": password}
        )
        assert status == 200, answer
        return answer["accepted"], answer["method_id"]

    return checking


def turns(check, password, expected):
    async def turned():
        return await check(password) == expected

    return until(turned)


async def test_an_app_password_lets_an_app_in_and_anything_else_does_not(mail, check):
    _, shown = mail
    assert await check(shown["password"]) == (True, shown["method_id"])
    assert await check("another-password") == (False, None)


async def test_where_an_organization_bars_them_none_lets_anybody_in(mail, lets, check, api, directory, *, someone):
    home, shown = mail
    inside, outside = (True, shown["method_id"]), (False, None)
    await lets(home, app_passwords=False)
    await turns(check, shown["password"], outside)
    _, seen = await api("GET", "/security-info")
    assert [one["barred_by"] for one in seen["methods"]] == [{"apps": [home]}]
    await lets(home, app_passwords=True)
    await turns(check, shown["password"], inside)
    other = await lets(app_passwords=False)
    assert (await directory("PUT", f"/system/accounts/{someone}/organizations/{other}"))[0] == 204
    await turns(check, shown["password"], outside)
    assert (await api("POST", f"/organizations/{other}/leave"))[0] == 204
    await turns(check, shown["password"], inside)


async def test_a_disabled_accounts_app_passwords_let_nobody_in_until_it_is_enabled(mail, check, directory, someone):
    home, shown = mail
    for disabled, expected in ((True, (False, None)), (False, (True, shown["method_id"]))):
        await put_account(directory, someone, home_organization=home, disabled=disabled)
        await turns(check, shown["password"], expected)
