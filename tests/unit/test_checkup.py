"""The rule of the security check-up: what is found, in which order, and what is left unsaid."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.checkup import CheckUp, Finding, check_up
from shared.contracts.devices import Device, Devices
from shared.contracts.gateway import Overview, PrivacySummary, Section
from shared.contracts.organizations import Profile
from shared.contracts.security_info import Lock, Method, Need, Offer, ProofOptions, Requirement, SecurityInfo

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
AWAY = Section(available=False)
ALL_RIGHT = CheckUp("all_right")
APP = "authenticator-app"
BOTH = (APP, "recovery-codes")


def methods(*names: str, **told: Any) -> Section:
    return having(*map(method, names), **told)


def method(name: str, type_: str = "authenticator-app", **changed: Any) -> Method:
    facts = {"purposes": ("two_step", "password_reset"), "locks": (), "remaining": None} | changed
    return Method(
        id=name,
        type=type_,
        name=name,
        barred_by={},
        added_at=NOW,
        last_used_at=None,
        is_default=False,
        can_be_default=True,
        can_be_renamed=True,
        needed_for=(),
        **facts,
    )


def codes(remaining: int) -> Method:
    return method("Recovery codes", "recovery-codes", purposes=("two_step",), remaining=remaining)


def having(*made: Method, limit: int = 5, offered: tuple[str, ...] = (APP,), needs: tuple[Need, ...] = ()) -> Section:
    offers = tuple(
        Offer(
            type=type_,
            limit=limit,
            registered=sum(one.type == type_ for one in made),
            purposes=("two_step",) if type_ == "recovery-codes" else ("two_step", "password_reset"),
        )
        for type_ in offered
    )
    told = tuple(
        Requirement(
            organization_id=name.lower(),
            organization_name=name,
            purpose="two_step",
            methods=(APP,),
            required=0,
            questions=None,
        )
        for name in ("Contoso", "Fabrikam")
    )
    info = SecurityInfo(
        methods=made,
        default_method=None,
        can_add=offers,
        not_offered=(),
        requirements=told,
        needs=needs,
        proof=ProofOptions(methods=(), otherwise="sign_in"),
    )
    return Section(available=True, content=info)


def need(purpose: str, required: int, registered: int, *organizations: str) -> Need:
    return Need(purpose=purpose, required=required, registered=registered, organizations=organizations)


def device(name: str = "Laptop", *, idle: timedelta | None = timedelta(), **changed: str) -> Device:
    unknown = dict.fromkeys(("maker", "model", "os", "os_version", "join_type", "disabled_at", "disabled_reason"))
    facts = {"kind": "laptop", "compliance": "compliant", "state": "active"} | changed
    return Device(
        id=name,
        name=name,
        organization_id="contoso",
        connected_at=NOW - timedelta(days=900),
        last_active_at=None if idle is None else NOW - idle,
        **unknown | facts,
    )


def owning(*owned: Device) -> Section:
    return Section(available=True, content=Devices(devices=owned, limit=200))


def declared(waiting: int, tried: datetime | None = None) -> Section:
    told = PrivacySummary(notices=(), terms_to_accept=waiting, services=3, second_step_failed_at=tried)
    return Section(available=True, content=told)


def checked(info: Section | None = None, devices: Section | None = None, privacy: Section = AWAY) -> CheckUp:
    overview = Overview(
        profile=Profile(account="a"),
        security_info=info or methods("Phone", "Tablet"),
        devices=devices or owning(device()),
        organizations=AWAY,
        privacy=privacy,
        activity=AWAY,
    )
    return check_up(overview, NOW)


def faulty(name: str = "Faulty", **changed: str) -> Device:
    return device(name, compliance="not_compliant", **changed)


def test_with_two_methods_and_devices_in_use_the_account_looks_all_right():
    assert checked() == ALL_RIGHT


def test_nobody_needs_a_device():
    assert checked(devices=owning()) == ALL_RIGHT


def test_without_a_method_one_is_to_be_added():
    assert checked(methods()) == CheckUp("to_look_at", (Finding("no_method"),))


def test_a_method_that_only_resets_the_password_is_no_second_step():
    resetting = [method(name, purposes=("password_reset",)) for name in ("Phone", "Tablet")]
    assert checked(having(*resetting)).steps == (Finding("no_method"),)


def test_recovery_codes_alone_are_no_second_step():
    assert checked(having(codes(10), offered=BOTH)).steps == (Finding("no_method"),)
    assert [step.key for step in checked(having(method("Phone"), codes(10), offered=BOTH)).steps] == ["single_method"]


def test_with_a_single_method_a_second_one_is_to_be_added():
    assert checked(methods("Phone")).steps == (Finding("single_method", ("Phone",), 1),)


def test_a_second_method_is_not_asked_for_where_there_may_be_one_only():
    assert checked(methods("Phone", limit=1)) == ALL_RIGHT


@pytest.mark.parametrize(
    ("short", "found"),
    [
        (need("two_step", 2, 1, "contoso"), Finding("two_step_required", ("Contoso",), 1, 2)),
        (
            need("password_reset", 1, 0, "contoso", "fabrikam", "unheard-of"),
            Finding("password_reset_required", ("Contoso", "Fabrikam"), 3, 1),
        ),
    ],
    ids=["two-step verification", "password reset"],
)
def test_what_organizations_require_and_is_missing_is_found_with_their_names(short, found):
    assert checked(methods("Phone", "Tablet", needs=(short,))).steps == (found,)


def test_what_is_required_and_there_is_not_found():
    assert checked(methods("Phone", "Tablet", needs=(need("two_step", 2, 2, "contoso"),))) == ALL_RIGHT


@pytest.mark.parametrize("names", [(), ("Phone",)], ids=["none", "one"])
def test_what_is_required_is_not_recommended_as_well(names):
    lacking = need("two_step", 2, len(names), "contoso")
    assert [step.key for step in checked(methods(*names, needs=(lacking,))).steps] == ["two_step_required"]


def test_locked_methods_are_named():
    locked = method("Phone", locks=(Lock(purpose="proof", until=NOW + timedelta(minutes=15)),))
    assert checked(having(locked, method("Tablet"))).steps == (Finding("methods_locked", ("Phone",), 1),)


@pytest.mark.parametrize(
    ("remaining", "found"),
    [
        (4, ()),
        (3, (Finding("recovery_codes_few", number=3),)),
        (1, (Finding("recovery_codes_few", number=1),)),
        (0, (Finding("recovery_codes_used_up"),)),
    ],
)
def test_recovery_codes_that_run_out_are_found(remaining, found):
    assert checked(having(method("Phone"), method("Tablet"), codes(remaining), offered=BOTH)).steps == found


def test_recovery_codes_are_recommended_where_there_can_be_some():
    pair = method("Phone"), method("Tablet")
    assert checked(having(*pair, offered=BOTH)).steps == (Finding("no_recovery_codes"),)
    assert checked(having(*pair)) == ALL_RIGHT


def test_of_devices_that_do_not_meet_the_requirements_two_are_named_and_all_counted():
    found = checked(devices=owning(faulty("A"), device(), faulty("B"), faulty("C")))
    assert found.steps == (Finding("devices_not_compliant", ("A", "B"), 3),)


@pytest.mark.parametrize("compliance", ["unknown", "newer than this gateway"])
def test_a_device_of_which_nothing_is_known_is_not_accused(compliance: str):
    assert checked(devices=owning(device(compliance=compliance, idle=None))) == ALL_RIGHT


@pytest.mark.parametrize(
    ("idle", "found"),
    [
        (timedelta(days=90), (Finding("devices_idle", ("Laptop",), 1),)),
        (timedelta(days=90) - timedelta(milliseconds=1), ()),
        (timedelta(days=-1), ()),
        (None, ()),
    ],
    ids=["90 days", "not quite", "a clock that is ahead", "who knows"],
)
def test_a_device_that_was_not_active_for_90_days_is_asked_about(idle, found):
    assert checked(devices=owning(device(idle=idle))).steps == found


def test_a_device_is_found_once_and_for_what_matters_more():
    found = checked(devices=owning(faulty("Old", idle=timedelta(days=400))))
    assert found.steps == (Finding("devices_not_compliant", ("Old",), 1),)


def test_about_a_disabled_device_there_is_nothing_to_do():
    gone = faulty("Gone", state="disabled", idle=timedelta(days=400))
    assert checked(devices=owning(gone)) == ALL_RIGHT


@pytest.mark.parametrize(
    ("info", "keys"),
    [
        (methods(), ["no_method", "devices_not_compliant", "devices_idle"]),
        (methods("Phone"), ["devices_not_compliant", "single_method", "devices_idle"]),
    ],
)
def test_the_most_important_comes_first(info: Section, keys: list[str]):
    found = checked(info, owning(device("Idle", idle=timedelta(days=91)), faulty()))
    assert [step.key for step in found.steps] == keys


@pytest.mark.parametrize(
    ("parts", "verdict", "unchecked"),
    [
        ({"info": AWAY}, "partly_unchecked", ["security_info_unchecked"]),
        ({"devices": AWAY}, "partly_unchecked", ["devices_unchecked"]),
        ({"info": AWAY, "devices": AWAY}, "unchecked", ["security_info_unchecked", "devices_unchecked"]),
    ],
)
def test_what_is_away_is_never_all_right(parts: dict[str, Section], verdict: str, unchecked: list[str]):
    found = checked(**parts)
    assert (found.verdict, [part.key for part in found.unchecked]) == (verdict, unchecked)
    assert found.steps == ()


def test_what_is_found_counts_although_something_is_away():
    found = checked(AWAY, owning(faulty()))
    assert (found.verdict, len(found.steps), len(found.unchecked)) == ("to_look_at", 1, 1)


def test_terms_that_wait_are_found_and_counted():
    assert checked(privacy=declared(0)) == ALL_RIGHT
    assert checked(privacy=declared(2)).steps == (Finding("terms_waiting", number=2),)


@pytest.mark.parametrize(
    ("ago", "found"),
    [
        (timedelta(0), (Finding("password_known"),)),
        (timedelta(days=14) - timedelta(seconds=1), (Finding("password_known"),)),
        (timedelta(days=14), ()),
    ],
    ids=["now", "not quite 14 days", "14 days"],
)
def test_who_may_know_the_password_is_found_for_14_days(ago, found):
    assert checked(privacy=declared(0, NOW - ago)).steps == found


def test_that_somebody_may_know_the_password_comes_before_all_else():
    assert checked(methods(), privacy=declared(1, NOW)).steps[0] == Finding("password_known")


def test_without_privacy_nothing_is_said_of_terms():
    assert checked(privacy=AWAY) == ALL_RIGHT
