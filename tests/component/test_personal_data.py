"""Where names, addresses and numbers of people and contacts are, and where they are never found."""

import json

import pytest

from shared.contracts.organizations import AccountEnabledByOrganization
from tests.component.browsing import Browser
from tests.component.listening import event, listening
from tests.component.looking import everything_in
from tests.component.putting_in import put_account, put_device
from tests.waiting import until

PROFILE = {
    "name": "Ingegerd Personuppgift",
    "title": "Unmistakable Title",
    "email": "ingegerd@personal.example",
    "office": "Room Personuppgift",
}
CONTACT = {
    "role": "privacy",
    "name": "Ombudet Kontaktsson",
    "email": "ombudet@contact.example",
    "telephone": "+46 8 123 456 78",
    "page": "https://contact.example/ombudet",
}
PERSONAL = {
    **{f"profile's {name}": value for name, value in PROFILE.items()},
    **{f"contact's {name}": value for name, value in CONTACT.items() if name != "role"},
    "e-mail address that was refused": "refused@@personal.example",
    "telephone that was refused": "+46 8 123 456 78 ext. refused",
}
REFUSED = {name for name in PERSONAL if name.endswith("refused")}


class Told:
    """Everything that was written down, and what a person was shown."""

    def __init__(self):
        self.kept, self.elsewhere, self.news, self.logged, self.metrics, self.shown = b"", b"", "", "", "", ""


@pytest.fixture(scope="module")
async def told(log, portal, mongo, plan, http, *, directory, account):
    """Put a person and their organization in, well and badly, use and break them, and look around."""
    done = Told()
    path, contacts = f"/system/accounts/{account}", {"name": "Personal Ltd", "contacts": [CONTACT]}
    async with listening(plan.broker_url("subscriber"), "personal") as heard, Browser(portal) as browser:
        await browser.sign_in(account)
        assert (await directory("PUT", "/system/organizations/personal", contacts))[0] == 200
        await put_account(directory, account, home_organization="personal", profile=PROFILE)
        await put_device(directory, account, "d", organization_id="personal")
        bad = PROFILE | {"email": PERSONAL["e-mail address that was refused"]}
        for address, wish in (
            (path, {"home_organization": "personal", "profile": bad}),
            (path, {"home_organization": PROFILE["email"], "profile": PROFILE}),
            (f"{path}/devices/d", {PROFILE["email"]: PROFILE}),
            (
                "/system/organizations/personal",
                contacts | {"contacts": [CONTACT | {"telephone": PERSONAL["telephone that was refused"]}]},
            ),
        ):
            assert (await directory("PUT", address, wish))[0] == 422
        for what in ("/organizations", "/privacy", "/overview"):
            status, answer = await browser("GET", what)
            assert status == 200
            done.shown += json.dumps(answer, ensure_ascii=False)
        await break_and_ask(mongo, browser, account)
        await put_account(directory, account, home_organization="personal", profile=PROFILE, disabled=True)
        await put_account(directory, account, home_organization="personal", profile=PROFILE)

        def enabled():
            return AccountEnabledByOrganization.wire in [event(one)["type"] for one in heard.about(account)]

        await until(enabled)
        done.news = json.dumps(
            [[message.body.decode(), str(message.headers)] for message in heard.messages], ensure_ascii=False
        )
    done.kept = await everything_in(mongo, "organizations")
    done.elsewhere = await everything_in(mongo, "security_info", "devices", "privacy", "gateway")
    for port in portal.ports.values():
        async with http.get(f"http://127.0.0.1:{port}/metrics") as response:
            done.metrics += await response.text()
    done.logged = log.getvalue()
    return done


async def break_and_ask(mongo, browser, account):
    """Let a document be as no version of ours wrote it, so that reading it fails with all that is in it at hand."""
    accounts = mongo["organizations"]["accounts"]
    kept = await accounts.find_one({"_id": account})
    await accounts.update_one({"_id": account}, {"$set": {"directory": [PROFILE], "home": PROFILE}})
    assert (await browser("GET", "/organizations"))[0] == 500
    await accounts.update_one({"_id": account}, {"$set": {"directory": kept["directory"], "home": kept["home"]}})
    assert (await browser("GET", "/organizations"))[0] == 200


@pytest.mark.parametrize("what", PERSONAL)
async def test_no_news_no_log_and_no_number_holds_the(told, what):
    for place in (told.news, told.logged, told.metrics):
        assert PERSONAL[what] not in place
        assert json.dumps(PERSONAL[what])[1:-1] not in place


@pytest.mark.parametrize("what", PERSONAL)
async def test_no_other_service_keeps_the(told, what):
    assert PERSONAL[what].encode() not in told.elsewhere


async def test_what_was_looked_through_is_what_was_written(told, account):
    # Without this, looking in the wrong place would find nothing too.
    for name, value in PERSONAL.items():
        assert (value.encode() in told.kept) == (name not in REFUSED), name
        assert (value in told.shown) == (name not in REFUSED), name
    assert b"Personal Ltd" in told.elsewhere
    assert "Personal Ltd" in told.news
    assert account in told.news
    assert "profile.organizations.organization.changed.v1" in told.metrics
    logged = [json.loads(line) for line in told.logged.splitlines()]
    assert any("ValidationError" in line.get("exception", "") for line in logged)


async def test_no_log_and_no_number_names_an_account_by_what_it_is_called_elsewhere(told, account):
    assert f"{account}@contoso.example" not in told.logged + told.metrics
    assert "Person Number" not in told.logged + told.metrics
    assert f'"{account}"' not in told.metrics
