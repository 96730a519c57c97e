"""What tells devices of one name apart, where they stand on the page, and when room is short."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.devices import Apart, Quota, disabled, in_use_by_organization, quota, told_apart
from shared.contracts.devices import Device, Devices

DAY = datetime(2026, 2, 2, 8, tzinfo=UTC)


def device(id_: str, name: str = "PC", **changed: Any) -> Device:
    unknown = dict.fromkeys(("maker", "model", "os", "os_version", "join_type", "last_active_at", "disabled_reason"))
    facts = {"organization_id": "contoso", "kind": "laptop", "compliance": "unknown", "state": "active"}
    moments = {"connected_at": DAY, "disabled_at": None}
    return Device(**unknown | facts | moments | changed | {"id": id_, "name": name})


def test_a_device_whose_name_is_its_own_needs_nothing_more():
    assert told_apart([device("a", "One"), device("b", "Two")]) == {}


@pytest.mark.parametrize("other", ["pc", " PC", "\N{FULLWIDTH LATIN CAPITAL LETTER P}C"])
def test_names_that_a_person_takes_for_the_same_are_told_apart(other):
    assert told_apart([device("a"), device("b", other)]).keys() == {"a", "b"}


def test_only_what_differs_is_told():
    alike = told_apart([device("serial-0815", registered_at=DAY), device("serial-0816", registered_at=DAY)])
    assert alike == {"serial-0815": Apart("0815"), "serial-0816": Apart("0816")}
    models = told_apart([device("serial-0815", model="T14"), device("serial-0816")])
    assert models == {"serial-0815": Apart("0815", by_model=True), "serial-0816": Apart("0816", by_model=True)}
    days = told_apart([device("serial-0815", registered_at=DAY), device("serial-0816")])
    assert days == {"serial-0815": Apart("0815", registered_at=DAY), "serial-0816": Apart("0816")}
    hours = [device("serial-0815", registered_at=DAY), device("serial-0816", registered_at=DAY + timedelta(hours=1))]
    assert {apart.registered_at for apart in told_apart(hours).values()} == {None}


@pytest.mark.parametrize(
    ("ids", "ends"),
    [
        (("a", "b"), {"a", "b"}),
        (("x-0001", "y-0001"), {"x-0001", "y-0001"}),
        (("12x-0001", "34y-0001"), {"x-0001", "y-0001"}),
        (("0001", "x-0001"), {"0001", "-0001"}),
    ],
)
def test_as_much_of_an_id_is_told_as_the_others_do_not_end_in(ids, ends):
    assert {apart.id_end for apart in told_apart([device(id_) for id_ in ids]).values()} == ends


def test_devices_in_use_stand_with_their_organizations_and_strangers_come_last():
    names = {"contoso": "Contoso", "fabrikam": "Fabrikam", "empty": "Empty"}
    there = [device("g", organization_id="gone"), device("f", organization_id="fabrikam"), device("c")]
    grouped = in_use_by_organization([*there, device("d", state="disabled")], names)
    assert [(name, [one.id for one in group]) for name, group in grouped] == [
        ("Contoso", ["c"]),
        ("Fabrikam", ["f"]),
        (None, ["g"]),
    ]


def test_what_was_disabled_last_stands_first():
    off = {"state": "disabled"}
    there = [device("on"), device("?", **off), device("1", disabled_at=DAY, **off)]
    assert [one.id for one in disabled([*there, device("2", disabled_at=DAY + timedelta(1), **off)])] == ["2", "1", "?"]


@pytest.mark.parametrize(
    ("used", "limit", "told"),
    [(0, 1, None), (1, 1, Quota(1, 1)), (8, 10, None), (9, 10, Quota(9, 10)), (21, 20, Quota(21, 20))],
)
def test_how_many_there_may_be_is_told_when_hardly_another_fits(used, limit, told):
    there = tuple(device(str(number)) for number in range(used))
    assert quota(Devices(devices=there, limit=limit)) == told


def test_where_there_are_as_many_as_there_may_be_it_is_full():
    assert [Quota(used, 2).full for used in (1, 2, 3)] == [False, True, True]
