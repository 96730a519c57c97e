"""SIGTERM while a text of terms is rendered: nobody waits for it, and whoever publishes it comes again."""

import asyncio
import signal
import time

from shared.contracts import privacy
from shared.contracts.endpoint import Endpoint
from shared.identifying import Caller, SystemClient
from tests.faults.members import Member
from tests.faults.people import Wish

NEVER_ENDS = "![[](" * 12_000
PUBLISHER = SystemClient(client_id="directory", scopes=frozenset({privacy.WRITE}), organizations=frozenset({"*"}))


class Publisher(Member):
    """A system that publishes terms."""

    def caller(self, endpoint: Endpoint) -> Caller:
        return PUBLISHER if endpoint.scope else super().caller(endpoint)

    def publish(self, text: str) -> Wish:
        wish = {"texts": {"en": {"title": "Terms", "markdown": text}}}
        place = {"organization_id": "contoso", "terms_id": "tos", "version": "1"}
        return Wish(self, privacy.PUBLISH_TERMS, wish, **place)


async def test_a_text_that_is_being_rendered_holds_nothing_up(spawn, signer, prover, http):
    process, publisher = spawn("privacy"), Publisher(signer, prover, http)
    await process.start()
    asked = asyncio.create_task(publisher.publish(NEVER_ENDS)(process))
    await asyncio.sleep(1)  # by then it is being rendered, for three seconds at most; nothing tells so from outside
    assert not asked.done()
    begun = time.monotonic()
    process.signal(signal.SIGTERM)
    answer = await asked
    assert (answer.status, answer.problem().key) == (503, "unavailable")
    assert await process.ended() == 0
    assert time.monotonic() - begun < 5
    assert '"level": "error"' not in process.text
