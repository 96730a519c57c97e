"""Of what an organization told, which may be long, a request reads what it needs: here data uses cannot be read."""

import pytest

from tests.component.putting_in import connect, put_service
from tests.component.test_privacy_services import employee, firm

__all__ = ["employee", "firm"]
"""Fixtures that these tests share with those of services."""


@pytest.fixture
async def unreadable(directory, mongo, employee, firm):
    """An account that is connected to a service of an organization of whose data uses no request reads any."""
    await put_service(directory, firm, "mail", may_disconnect=True)
    await connect(directory, employee, firm, "mail")
    registers = mongo["privacy"]["registers"]
    await registers.update_one({"_id": firm}, {"$set": {"data_uses": "what nobody can read"}})
    yield employee
    await registers.update_one({"_id": firm}, {"$set": {"data_uses": {}}})


async def test_the_page_that_shows_data_uses_reads_them(unreadable, service):
    assert (await service("privacy", unreadable)("GET", "/privacy/parts"))[0] == 500, "or these tests test nothing"


async def test_the_overview_does_not(unreadable, service):
    status, glance = await service("privacy", unreadable)("GET", "/privacy/glance")
    assert (status, glance["services"]) == (200, 1)


async def test_preferences_do_not(unreadable, service):
    assert (await service("privacy", unreadable)("GET", "/preferences"))[0] == 200


async def test_disconnecting_does_not(unreadable, service, firm):
    path = f"/privacy/services/{firm}~mail/disconnect"
    assert (await service("privacy", unreadable)("POST", path, headers={"Idempotency-Key": "once"}))[0] == 204


async def test_connecting_does_not(unreadable, directory, firm):
    await connect(directory, unreadable, firm, "mail", last_used_at="2026-01-01T00:00:00Z")


async def test_terms_do_not(unreadable, service, firm):
    assert (await service("privacy", unreadable)("GET", f"/privacy/terms/{firm}~tos"))[0] == 404
