"""What somebody did in the portal before the pictures are taken."""

import contextlib
from dataclasses import dataclass
from typing import Any

import aiohttp

from onebox.accounts import DEMO_DIRECTORY
from onebox.directory import SYSTEM, put_in
from onebox.house import Say
from onebox.token import system_token, token
from tests.authenticators import SoftwareKey
from tests.component.setting_up import (
    add,
    add_key,
    add_recovery_codes,
    answered,
    begin,
    challenged,
    next_code,
    wrong,
)
from tests.conftest import Caller
from tests.screenshots.cast import CAST
from tests.screenshots.portal import Portal
from tests.screenshots.reaching import (
    BOBS_MOBILE,
    LANDLINE,
    LONG_NAME,
    MOBILE,
    OFFICE,
    OTHER_MOBILE,
    OTHER_PRIVATE,
    PRIVATE,
    THIRD_MOBILE,
    Reached,
    letters_of,
)
from tests.screenshots.scenes import BY_PHONE, FULL, LONG, PROVING
from tests.waiting import until

MODEL = bytes.fromhex("cb69481e8ff7403993ec0a2729a154a8")
SPENT = 8
"""Recovery codes that were used up, so that few are left."""
ENOUGH_TO_LOCK = 5


@dataclass
class Furnished:
    """The ids that paths name, and how somebody can prove who they are."""

    ids: dict[str, str]
    apps: dict[str, dict[str, Any]]
    """The setup of the authenticator app, by account."""

    def code(self, account: str) -> str | None:
        """Give a code with which the account can prove who is there, where it has an app for it."""
        return next_code(self.apps[account]) if account in self.apps else None


async def furnish(portal: Portal, say: Say) -> Furnished:
    """Put the demo directory in, and let people have methods, a disabled device and news; gives the ids made."""
    url, provider = portal.url, portal.provider
    bearer = await system_token(provider.issuer, SYSTEM, provider.system_secrets[SYSTEM.client_id])
    for put in (DEMO_DIRECTORY, CAST):
        refused = await put_in(put, url=url, token=bearer, say=say)
        assert not refused, refused
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        api = Caller(http, url, await token(provider.issuer, FULL))
        await _until_at_home(api)
        app = await add(api, "Work phone")
        drawer = await add(api, "Tablet in the drawer at work")
        key = await add_key(api, SoftwareKey("localhost", url, aaguid=MODEL), "Blue key on the key ring")
        _, codes = await add_recovery_codes(api)
        await _spend(api, codes[:SPENT])
        await _answer_questions(api)
        await _made(api, {"type": "app-password", "name": "Mail on the old tablet"})
        await _lock(api, drawer)
        ids = {
            "method": app["method_id"],
            "key": key,
            "setup": (await begin(api, "Spare phone"))["method_id"],
            "key_setup": (await _made(api, {"type": "security-key", "name": "Spare key"}))["method_id"],
        }
        bob = Caller(http, url, await token(provider.issuer, PROVING))
        await add(bob, "Phone")
        await add_recovery_codes(bob)
        await Reached.of(portal, PROVING, bob, http).add(BOBS_MOBILE)
        ids |= await _be_reached(Reached.of(portal, FULL, api, http), Caller(http, url, bearer))
        for device, reason in (("a-tablet", "lost"), ("nw-scanner", "not_mine")):
            status, answer = await api("POST", f"/devices/{device}/disable", {"reason": reason})
            assert status == 200, answer
        await _agree(api, Caller(http, url, bearer))
        for wish in ("nw-scanner/ask-back", "FAB-7731/recovery-keys/fab-7731-data/rotate"):
            status, answer = await api("POST", f"/devices/{wish}")
            assert status == 200, answer

        async def told() -> bool:
            _, history = await api("GET", "/activity")
            return any("device" in entry["type"] and entry["by"] == "you" for entry in history["entries"])

        await until(told, seconds=30)
        farida = Caller(http, url, await token(provider.issuer, BY_PHONE))
        await Reached.of(portal, BY_PHONE, farida, http).add(OTHER_MOBILE)
        chandra = Reached.of(portal, LONG, Caller(http, url, await token(provider.issuer, LONG)), http)
        ids["email"] = await chandra.add(PRIVATE)
        ids |= await letters_of(chandra.post)
        await chandra.change(ids["email"], address=OTHER_PRIVATE)
        ids["sent"] = await chandra.begin(THIRD_MOBILE)
    return Furnished(ids, {FULL: app})


async def _be_reached(own: Reached, organization: Caller) -> dict[str, str]:
    """Let somebody have phones, one of which is being changed and one of which is the organization's; gives ids."""
    phone = await own.add(MOBILE)
    other = await own.add(LANDLINE, way="call")
    await own.change(other, name=LONG_NAME)
    status, answer = await organization("PUT", f"/system/accounts/{own.account}/methods/desk", {"number": OFFICE})
    assert status == 200, answer
    await own.change(phone, number={"country": "SE", "typed": THIRD_MOBILE})
    return {"phone": phone}


async def _agree(api: Caller, organization: Caller) -> None:
    """Let somebody accept terms, of which some then change."""
    for id_ in ("contoso~wireless", "fabrikam~guests"):
        status, text = await api("GET", f"/privacy/terms/{id_}")
        assert status == 200, text
        shown = {"version": text["shown_version"], "language": text["shown_language"], "digest": text["digest"]}
        status, answer = await api("POST", f"/privacy/terms/{id_}/accept", shown)
        assert status == 200, answer
    changed = {"texts": {"en": {"title": "Guests at Fabrikam", "markdown": "## Photographs\n\nTake none."}}}
    status, answer = await organization("PUT", "/system/organizations/fabrikam/terms/guests/versions/4.0", changed)
    assert status == 204, answer


async def _until_at_home(api: Caller) -> None:
    """Wait until security-info has heard to which organizations the account belongs, and what these ask for."""

    async def heard() -> bool:
        _, info = await api("GET", "/security-info")
        return any(told["required"] for told in info["requirements"])

    with contextlib.suppress(TimeoutError):
        await until(heard, seconds=40)


async def _made(api: Caller, wish: dict[str, Any]) -> Any:
    status, answer = await api("POST", "/security-info/methods", wish)
    assert status == 201, answer
    return answer


async def _spend(api: Caller, codes: list[str]) -> None:
    _, info = await api("GET", "/security-info")
    method = next(one["id"] for one in info["methods"] if one["type"] == "recovery-codes")
    for code in codes:
        status, answer = await answered(api, await challenged(api, method), code=code)
        assert status == 200, answer


async def _lock(api: Caller, app: dict[str, Any]) -> None:
    for _ in range(ENOUGH_TO_LOCK):
        status, answer = await answered(api, await challenged(api, app["method_id"]), code=wrong(app))
        assert status in {422, 429}, answer


async def _answer_questions(api: Caller) -> None:
    _, offered = await api("GET", "/security-info/questions")
    chosen = offered["questions"][: offered["to_register"]]
    answers = [{"question_id": one["id"], "answer": f"Answer {place}"} for place, one in enumerate(chosen)]
    await _made(api, {"type": "security-questions", "answers": answers})
