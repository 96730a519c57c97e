"""What the pages of devices show, and what the service is asked for."""

from datetime import UTC, datetime

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


async def test_devices_of_several_organizations_stand_under_their_names_and_disabled_ones_in_a_part_of_their_own(
    visitor, portal, canned
):
    portal.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam"))
    portal.owns(
        canned.device("Theirs", organization_id="fabrikam", id="d1"),
        canned.disabled("Broken", id="d2"),
        canned.device("Nobody's", organization_id="gone", id="d3"),
        canned.device("Ours", id="d4"),
    )
    page = await visitor.page("/devices")
    stand = [
        *("Contoso 1 device", "Ours"),
        *("Fabrikam 1 device", "Theirs"),
        *("Other organizations 1 device", "Nobody's"),
        *("Disabled devices 1", "Broken"),
    ]
    assert sorted(stand, key=page.text.index) == stand
    assert (len(page.all("h2")), len(page.all("h3"))) == (4, 4)


async def test_devices_of_one_organization_need_no_heading(visitor, portal, canned):
    portal.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam"))
    portal.owns(canned.device("Work"), canned.device("Home"))
    page = await visitor.page("/devices")
    assert (len(page.all("h2")), len(page.all("h3"))) == (2, 0)
    assert "Contoso Last active" in page.text


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
        ("lost", "disabled-gone"),
        ("not_mine", "disabled"),
        ("stolen", "disabled-gone"),
        ("not_recognised", "disabled-unsafe"),
    ],
)
async def test_who_may_have_been_in_the_account_is_told_what_else_to_do(visitor, portal, canned, reason, done):
    portal.devices.answers["disableDevice"] = canned.disabled()
    page = await visitor.send("/devices/d0/disable", reason=reason, command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, f"/devices?done={done}")
    assert portal.devices.last("disableDevice")["body"] == {"reason": reason}
    after = await visitor.page(f"/devices?done={done}")
    assert bool(after.all("a", href="/sessions/sign-out-everywhere")) == (done != "disabled")
    assert ("may be able to erase it" in after.text) == (done == "disabled-gone")


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


async def test_what_else_is_known_stands_in_the_details(visitor, portal, canned):
    seen = contract.Place(country="SE", city="Malmö")
    told = {"managed_name": "CON-0042", "registered_at": datetime(2024, 5, 6, tzinfo=UTC), "last_place": seen}
    portal.owns(canned.device("My laptop", id="serial-1", **told))
    page = await visitor.page("/devices")
    assert "3 hours ago Malmö, Sweden" in page.text
    details = page.text[page.text.index("Details") :]
    assert "Name in device management CON-0042 Organization Contoso" in details
    assert "How it belongs there Joined: a device of the organization" in details
    assert "Registered 6 May 2024 Connected to your account 4 March 2025 Last active" in details
    assert "Last seen in Malmö, Sweden Id serial-1" in details
    assert "Malmö, Sverige" in (await visitor.page("/devices", Cookie="language=sv")).text


async def test_what_is_not_known_is_not_in_the_details_either(visitor, portal, canned):
    nothing = contract.Place(country=None, city=None)
    portal.owns(canned.device(compliance="newer", join_type="newer", last_active_at=None, last_place=nothing))
    page = await visitor.page("/devices")
    assert "Requirements of the organization Not known Connected to your account" in page.text
    assert not [words for words in ("None", "Registered", "Last seen", "How it belongs") if words in page.text]


@pytest.mark.parametrize(("names", "whose"), [(True, "Contoso"), (False, "your organization")])
async def test_what_needs_to_be_fixed_is_told_in_the_words_of_management(visitor, portal, canned, names, whose):
    reasons = ("Encrypt the disk.", "<b>Update</b>")
    portal.owns(canned.device(compliance="not_compliant", compliance_reasons=reasons))
    if not names:
        portal.organizations.answers["getOrganizations"] = Unavailable()
    page = await visitor.page("/devices")
    assert f"in the words of {whose} : Encrypt the disk. <b>Update</b>" in page.text.replace(f"{whose}:", f"{whose} :")
    assert not page.all("a", href="/organizations", class_=None)


async def test_where_management_gives_no_reasons_it_is_told_whom_to_ask(visitor, portal, canned):
    portal.owns(canned.device(compliance="not_compliant"), canned.disabled(compliance="not_compliant"))
    page = await visitor.page("/devices")
    assert page.text.count("does not say here what needs to be fixed. See whom to ask") == 1


async def test_devices_of_the_same_name_are_told_apart(visitor, portal, canned):
    day = datetime(2026, 2, 2, tzinfo=UTC)
    portal.owns(
        canned.device("CON-1", id="serial-0815", registered_at=day),
        canned.device("con-1", id="serial-0816", registered_at=day.replace(month=3), model="ThinkPad T14"),
        canned.device("Other", id="serial-0817"),
    )
    page = await visitor.page("/devices")
    assert page.text.count("Id ends in") == 2
    assert "Registered 2 February 2026 Id ends in 0815" in page.text
    assert "Registered 2 March 2026 Id ends in 0816" in page.text
    for question in ("rename", "disable"):
        asked = await visitor.page(f"/devices/serial-0816/{question}")
        assert "Laptop Lenovo ThinkPad T14 Registered 2 March 2026 Id ends in 0816" in asked.text
        assert "Id ends in" not in (await visitor.page(f"/devices/serial-0817/{question}")).text


async def test_many_devices_can_be_searched_and_few_need_not(visitor, portal, canned):
    portal.owns(*(canned.device(f"N{number}") for number in range(10)))
    assert not (await visitor.page("/devices")).all("form", role="search")
    portal.owns(
        canned.device("Straße", id="serial-0815"),
        canned.device("Kitchen", maker="Apple", model="iPad Air", os="iPadOS", os_version=None),
        canned.disabled("Old", managed_name="CON-77"),
        *(canned.device(f"N{number}") for number in range(8)),
    )
    page = await visitor.page("/devices")
    assert page.one("form", role="search")["action"] == "/devices"
    for words, name in (("STRASSE", "Straße"), ("apple air", "Kitchen"), ("con-77", "Old"), ("0815", "Straße")):
        page = await visitor.page(f"/devices?q={words}")
        assert (len(page.all("h2")), page.one("input", id="q")["value"]) == (1, words)
        assert f"Devices with “ {words} ” Show all" in page.text
        assert name in page.text
    page = await visitor.page("/devices?q=apple+fridge")
    assert "Nothing found" in page.text
    assert "No devices yet" not in page.text


@pytest.mark.parametrize(
    ("used", "said"),
    [
        ((1, 2), None),
        ((17, 20), None),
        ((18, 20), "18 of 20 devices There is hardly room for another one."),
        ((20, 20), "20 of 20 devices No other device can be connected to your account."),
    ],
)
async def test_a_quota_is_told_when_it_is_nearly_used_up(visitor, portal, canned, used, said):
    there, limit = used
    portal.owns(*(canned.device(f"N{number}") for number in range(there)), limit=limit)
    page = await visitor.page("/devices")
    assert ("Disabling a device makes no room" in page.text) == bool(said)
    assert (said or "") in page.text


async def test_a_disabled_device_can_be_asked_back_once(visitor, portal, canned):
    portal.owns(canned.disabled("Watch"), canned.disabled("Phone"))
    page = await visitor.page("/devices")
    assert page.one("form", action="/devices/d0/ask-back")
    commands = [field["value"] for field in page.all("input", name="command")]
    assert len(set(commands)) == len(commands) == 2
    portal.devices.answers["askForDeviceBack"] = canned.disabled("Watch")
    answer = await visitor.send("/devices/d0/ask-back", command=COMMAND)
    assert (answer.status, answer.headers["Location"]) == (303, "/devices?done=asked-back")
    asked = portal.devices.last("askForDeviceBack")
    assert (asked["path"], asked["headers"]["Idempotency-Key"]) == ({"device_id": "d0"}, COMMAND)
    portal.owns(canned.disabled("Watch", asked_back_at=datetime(2026, 1, 2, tzinfo=UTC)))
    page = await visitor.page("/devices?done=asked-back")
    assert "was asked to enable the device again" in page.text
    assert "You asked to have it back on 2 January 2026 ." in page.text
    assert not page.all("form", action="/devices/d0/ask-back")


async def test_a_device_that_was_enabled_meanwhile_needs_no_asking(visitor, portal):
    portal.devices.answers["askForDeviceBack"] = contract.DeviceNotDisabled()
    page = await visitor.send("/devices/d1/ask-back", command=COMMAND)
    assert page.status == 409
    assert "The device is not disabled" in page.text
    assert page.one("a", class_="button")["href"] == "/devices"


async def test_a_device_with_recovery_keys_leads_to_them_also_when_it_is_disabled(visitor, portal, canned):
    portal.owns(canned.device(recovery_keys=2), canned.disabled(recovery_keys=1), canned.device())
    page = await visitor.page("/devices")
    links = [link["href"] for link in page.all("a") if link["href"].endswith("/recovery-keys")]
    assert links == ["/devices/d0/recovery-keys", "/devices/d1/recovery-keys"]
    assert "Recovery keys (2)" in page.text
    assert "Its recovery keys stay here" in (await visitor.page("/devices/d0/disable")).text
    assert "Its recovery keys" not in (await visitor.page("/devices/d2/disable")).text
