"""What the pages of devices show, and what the service is asked for."""

import pytest

from shared.contracts import devices as contract
from shared.contracts.problem import FieldProblem, Invalid, Unavailable

COMMAND = "0" * 32


async def test_a_device_is_told_with_all_that_is_known(visitor):
    page = await visitor.page("/devices")
    assert "Laptop Meets the requirements Laptop Lenovo ThinkPad X1 Windows 11 24H2" in page.text
    assert "Contoso Last active 3 hours ago" in page.text


async def test_what_is_not_known_is_left_out(visitor, portal, canned):
    nothing = dict.fromkeys(("maker", "model", "os", "os_version", "last_active_at"))
    portal.owns(canned.device("Desk", kind="desktop", compliance="unknown", **nothing))
    page = await visitor.page("/devices")
    assert "Desk Desktop computer Contoso Connected 4 March 2025 , not active yet" in page.text
    assert "None" not in page.text
    assert "requirements" not in page.text


async def test_a_maker_that_the_model_names_is_not_told_twice(visitor, portal, canned):
    portal.owns(canned.device(maker="Apple", model="Apple iPhone 15"))
    assert "Laptop Apple iPhone 15" in (await visitor.page("/devices")).text


async def test_devices_of_several_organizations_stand_under_their_names_and_disabled_ones_last(visitor, portal, canned):
    portal.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam"))
    portal.owns(
        canned.device("Theirs", organization_id="fabrikam", id="d1"),
        canned.disabled("Broken", id="d2"),
        canned.device("Nobody's", organization_id="gone", id="d3"),
        canned.device("Ours", id="d4"),
    )
    page = await visitor.page("/devices")
    stand = [
        *("Contoso 2 devices", "Ours", "Broken"),
        *("Fabrikam 1 device", "Theirs"),
        *("Other organizations 1 device", "Nobody's"),
    ]
    assert sorted(stand, key=page.text.index) == stand
    assert (len(page.all("h2")), len(page.all("h3"))) == (3, 4)
    assert page.text.count("Contoso") == 1


async def test_devices_of_one_organization_need_no_heading(visitor, portal, canned):
    portal.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam"))
    portal.owns(canned.disabled("Broken", id="d1"), canned.device("Ours", id="d2"))
    page = await visitor.page("/devices")
    assert page.text.index("Ours") < page.text.index("Broken")
    assert (len(page.all("h2")), len(page.all("h3"))) == (2, 0)
    assert page.text.count("Contoso") == 2


async def test_without_organizations_only_their_names_are_missing(visitor, portal):
    portal.organizations.answers["getOrganizations"] = Unavailable()
    page = await visitor.page("/devices")
    assert page.status == 200
    assert "Contoso" not in page.text
    assert "Last active" in page.text


@pytest.mark.parametrize(
    ("reason", "said"), [("lost", "You said that you lost it."), ("newer", "Disabled 2 November 2025")]
)
async def test_a_disabled_device_tells_why_and_who_helps(visitor, portal, canned, reason, said):
    portal.owns(canned.disabled("Old phone", reason, disabled_at="2025-11-02T08:00:00Z"))
    page = await visitor.page("/devices")
    assert said in page.text
    assert "ask your administrator to enable it" in page.text
    assert page.all("a", href="/devices/d0/rename")
    assert not page.all("a", href="/devices/d0/disable")


async def test_without_devices_it_is_told_where_they_come_from(visitor, portal):
    portal.owns()
    assert "No devices yet" in (await visitor.page("/devices")).text


async def test_renaming_asks_with_the_name_and_sends_the_new_one(visitor, portal, canned):
    assert (await visitor.page("/devices/d0/rename")).one("input", id="name")["value"] == "Laptop"
    portal.devices.answers["renameDevice"] = canned.device("New")
    page = await visitor.send("/devices/d0/rename", name="New", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, "/devices?done=renamed")
    asked = portal.devices.last("renameDevice")
    assert (asked["body"], asked["path"]) == ({"name": "New"}, {"device_id": "d0"})
    assert asked["headers"]["Idempotency-Key"] == COMMAND


async def test_a_refused_name_stays_in_its_field(visitor, portal):
    too_long = Invalid(errors=[FieldProblem(pointer="/name", key="string_too_long", limit=60)])
    portal.devices.answers["renameDevice"] = too_long
    page = await visitor.send("/devices/d0/rename", name="long")
    assert (page.status, page.one("input", id="name")["value"]) == (422, "long")
    assert "Use at most 60 characters." in page.text


async def test_disabling_asks_what_happened_and_tells_what_follows(visitor):
    page = await visitor.page("/devices/d0/disable")
    reasons = [radio["value"] for radio in page.all("input", type="radio")]
    assert reasons == ["lost", "stolen", "not_mine", "not_recognised"]
    assert not page.all("input", type="radio", checked=None)
    assert "Contoso no longer lets the device be used for your account." in page.text
    assert "only an administrator can enable the device again" in page.text


@pytest.mark.parametrize(
    ("reason", "done"),
    [
        ("lost", "disabled"),
        ("not_mine", "disabled"),
        ("stolen", "disabled-unsafe"),
        ("not_recognised", "disabled-unsafe"),
    ],
)
async def test_who_may_have_been_in_the_account_is_told_what_else_to_do(visitor, portal, canned, reason, done):
    portal.devices.answers["disableDevice"] = canned.disabled()
    page = await visitor.send("/devices/d0/disable", reason=reason, command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, f"/devices?done={done}")
    assert portal.devices.last("disableDevice")["body"] == {"reason": reason}
    after = await visitor.page(f"/devices?done={done}")
    assert bool(after.all("a", href="/sessions/sign-out-everywhere")) == (done == "disabled-unsafe")


async def test_without_a_reason_it_is_asked_again(visitor, portal):
    portal.devices.answers["disableDevice"] = Invalid(errors=[FieldProblem(pointer="/reason", key="literal_error")])
    page = await visitor.send("/devices/d0/disable", command=COMMAND)
    assert page.status == 422
    assert page.one("fieldset")["aria-invalid"] == "true"
    assert page.text.count("Choose one of the alternatives.") == 2
    assert page.text.startswith("Error:")


async def test_a_device_that_is_disabled_already_leads_to_the_list(visitor):
    assert (await visitor.page("/devices/d1/disable")).headers["Location"] == "/devices"


@pytest.mark.parametrize("page", ["rename", "disable"])
async def test_a_device_that_is_not_there_is_not_found(visitor, page):
    found = await visitor.page(f"/devices/nope/{page}")
    assert found.status == 404
    assert found.one("a", class_="button")["href"] == "/devices"


async def test_a_device_that_went_meanwhile_is_not_found(visitor, portal):
    portal.devices.answers["disableDevice"] = contract.DeviceNotFound()
    page = await visitor.send("/devices/d0/disable", reason="lost")
    assert page.status == 404
    assert "The device was not found" in page.text
