"""Reading security info costs one document and opens no secret, however much there is."""

import pytest

from shared.sealing import Sealer
from tests.authenticators import SoftwareKey
from tests.component.putting_in import put_account
from tests.component.setting_up import add, add_key, add_recovery_codes, answered, challenged, next_code
from tests.waiting import until

POLICY = {
    "password_reset": {"methods": ["authenticator-app", "security-questions"]},
    "app_passwords": True,
}


@pytest.fixture
def opened(monkeypatch):
    """The places of the secrets that services open, in this process."""
    places = []
    opening = Sealer.open

    async def counting(self, account, field, sealed):
        places.append(field)
        return await opening(self, account, field, sealed)

    monkeypatch.setattr(Sealer, "open", counting)
    return places


@pytest.fixture
async def asked(mongo):
    """What security-info's processes ask the database server meanwhile, as the server itself notes it."""
    database = mongo["security_info"]
    await database.command("profile", 2)

    async def told(since, account):
        found = await database["system.profile"].find({"ts": {"$gt": since}}).sort("ts").to_list(None)
        # The sweep of the outboxes and the end of old commands come by the clock, for all accounts.
        return [one for one in found if account in str(one["command"].get("filter", one["command"]))]

    yield told
    await database.command("profile", 0)
    await database["system.profile"].drop()


async def test_one_document_is_read_and_nothing_is_opened(asked, opened, api, directory, *, portal, mongo, someone):
    wish = {"name": "Reading", "security_policy": POLICY}
    assert (await directory("PUT", "/system/organizations/reading", wish))[0] == 200
    await put_account(directory, someone, home_organization="reading")

    async def heard():
        _, seen = await api("GET", "/security-info")
        return {one["type"] for one in seen["can_add"]} >= {"app-password", "security-questions"}

    await until(heard)
    setup = await add(api)
    codes_id, codes = await add_recovery_codes(api)
    await add_key(api, SoftwareKey(rp_id="localhost", origin=portal.url))
    _, asked_for = await api("GET", "/security-info/questions")
    answers = [{"question_id": one["id"], "answer": f"Answer {n}"} for n, one in enumerate(asked_for["questions"][:3])]
    for wish in ({"type": "security-questions", "answers": answers}, {"type": "app-password", "name": "Mail"}):
        assert (await api("POST", "/security-info/methods", wish))[0] == 201
    assert (await answered(api, await challenged(api, setup["method_id"]), code=next_code(setup)))[0] == 200
    assert (await answered(api, await challenged(api, codes_id), code=codes[0]))[0] == 200
    assert set(opened) >= {f"methods.{setup['method_id']}.key", f"methods.{codes_id}.codes"}, "what counts counts"

    async def quiet():
        kept = await mongo["security_info"]["accounts"].find_one({"_id": someone})
        return not kept.get("outbox")

    await until(quiet)
    for path in ("/security-info", "/security-info/questions"):
        opened.clear()
        begun = (await mongo.admin.command("hello"))["localTime"]
        status, seen = await api("GET", path)
        assert status == 200
        assert opened == [], path
        reads = await asked(begun, someone)
        assert [(one["op"], one["ns"], one.get("docsExamined", 1)) for one in reads] == [
            ("query", "security_info.accounts", 1)
        ], path
    assert len(seen["questions"]) > 0
