"""What somebody did in the portal before the pictures are taken."""

import aiohttp

from onebox.accounts import DEMO_DIRECTORY
from onebox.directory import SYSTEM, put_in
from onebox.house import Say
from onebox.provider import Provider
from onebox.token import system_token, token
from tests.component.setting_up import add, begin
from tests.conftest import Caller
from tests.screenshots.scenes import FULL
from tests.waiting import until


async def furnish(url: str, provider: Provider, say: Say) -> dict[str, str]:
    """Put the demo directory in, and let someone have methods, a disabled device and news; gives the ids made."""
    bearer = await system_token(provider.issuer, SYSTEM, provider.system_secrets[SYSTEM.client_id])
    refused = await put_in(DEMO_DIRECTORY, url=url, token=bearer, say=say)
    assert not refused, refused
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        api = Caller(http, url, await token(provider.issuer, FULL))
        method = (await add(api, "Work phone"))["method_id"]
        await add(api, "Tablet in the drawer at work")
        setup = (await begin(api, "Spare phone"))["method_id"]
        status, answer = await api("POST", "/devices/a-tablet/disable", {"reason": "lost"})
        assert status == 200, answer

        async def told() -> bool:
            _, history = await api("GET", "/activity")
            return any("device" in entry["type"] and entry["by"] == "you" for entry in history["entries"])

        await until(told, seconds=30)
    return {"method": method, "setup": setup}
