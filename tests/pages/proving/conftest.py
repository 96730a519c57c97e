"""The portal that asks for proofs, and who visits it."""

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.pages.conftest import Visitor
from tests.pages.proving.asking import Proving, challenge, given, method


@pytest.fixture
def portal(canned):
    made = Proving()
    made.can_prove_with(method())
    made.owns(canned.device())
    made.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam"))
    made.security_info.answers |= {"startProof": challenge(), "answerProof": given()}
    made.devices.answers["disableDevice"] = canned.disabled()
    return made


@pytest.fixture
async def visitor(portal):
    async with TestClient(TestServer(portal.app())) as client:
        yield Visitor(client)
