"""Recovery keys: listed without the keys; one is shown in the answer to a form alone, after a proof."""

import logging

import pytest

from gateway import pages
from gateway.rendering.groups import in_groups
from shared.contracts import devices as contract
from shared.contracts import security_info
from tests.pages.proving.asking import SCOPE_OF

HERE = "/devices/d0/recovery-keys"
KEY = f"{HERE}/1A2B3C4D-0000"
SECRET = "111111-222222-333333-444444"
COMMAND = "0" * 32


@pytest.fixture
def kept(portal, canned):
    """A portal with a device of two keys, of a person who can prove who is there."""
    old = canned.recovery_key("5E6F", kind="newer", volume=None, revealed_at="2026-01-02T08:00:00Z")
    portal.devices.answers |= {
        "getRecoveryKeys": canned.recovery_keys(
            canned.recovery_key(), old.model_copy(update={"rotation_asked_at": old.put_in_at})
        ),
        "revealRecoveryKey": contract.RevealedKey(
            id="1A2B3C4D-0000", kind="bitlocker", volume="C:", device_name="Laptop", key=SECRET
        ),
        "rotateRecoveryKey": canned.recovery_keys(),
    }
    return portal


def reveals(portal):
    return sum(name == "revealRecoveryKey" for name, _ in portal.devices.asked)


async def test_a_device_s_keys_are_listed_without_them(visitor, kept):
    page = await visitor.page(HERE)
    assert "BitLocker recovery key C: Id 1A2B3C4D-0000 Put in 4 March 2025 Never shown" in page.text
    assert "Recovery key Id 5E6F Put in 4 March 2025 Last shown 2 Jan 2026 New key asked for" in page.text
    assert SECRET not in page.html
    assert [form["action"] for form in page.all("form", method="post") if "recovery" in form["action"]] == [
        f"{KEY}/show",
        f"{KEY}/rotate",
        f"{HERE}/5E6F/show",
    ]
    commands = [field["value"] for field in page.all("input", name="command")]
    assert len(set(commands)) == len(commands) == 3
    assert not reveals(kept)


@pytest.mark.parametrize("way", ["show", "rotate"])
async def test_by_its_address_a_key_is_never_shown(visitor, kept, way):
    kept.proves()
    page = await visitor.page(f"{KEY}/{way}")
    assert (page.status, page.headers["Location"]) == (303, HERE)
    assert not reveals(kept)


async def test_a_key_is_shown_to_who_proved_who_they_are(visitor, kept, caplog):
    caplog.set_level(logging.DEBUG)
    kept.proves()
    page = await visitor.send(f"{KEY}/show", command=COMMAND)
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert SECRET in page.text.replace(" ", "")
    assert "It was recorded that you saw it, and you are told so by e-mail." in page.text
    assert page.one("button", data_copies="secret") is not None
    assert page.one("form", action=f"{KEY}/rotate")
    assert not page.all("form", class_="languages"), "to choose a language would lose the key"
    asked = kept.devices.last("revealRecoveryKey")
    assert asked["path"] == {"device_id": "d0", "key_id": "1A2B3C4D-0000"}
    assert (asked["headers"]["Idempotency-Key"], asked["headers"]["Proof"]) == (COMMAND, kept.proof.token)
    assert SECRET not in caplog.text
    assert not [one for _, attrs in page.elements for one in attrs.values() if one and SECRET[:6] in one]


async def test_without_a_proof_it_is_asked_for_first_and_nothing_is_shown(visitor, kept, canned):
    kept.can_prove_with(canned.method(id="m1"))
    page = await visitor.send(f"{KEY}/show", command=COMMAND)
    assert page.one("input", name="proof_code")
    assert page.one("input", name="command")["value"] == COMMAND
    assert SECRET not in page.html
    assert not reveals(kept)


def test_showing_a_key_needs_a_proof_of_its_own():
    assert SCOPE_OF[pages.PAGES["POST", "/devices/{device_id}/recovery-keys/{key_id}/show"]] == "recovery-key.reveal"
    assert "recovery-key.reveal" in security_info.SCOPES


async def test_a_new_key_is_asked_for_once(visitor, kept):
    page = await visitor.send(f"{KEY}/rotate", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, f"{HERE}?done=asked")
    asked = kept.devices.last("rotateRecoveryKey")
    assert (asked["path"], asked["headers"]["Idempotency-Key"]) == (
        {"device_id": "d0", "key_id": "1A2B3C4D-0000"},
        COMMAND,
    )
    assert "A new key was asked for." in (await visitor.page(page.headers["Location"])).text


@pytest.mark.parametrize(
    ("problem", "title"),
    [(contract.RecoveryKeyNotFound(), "The recovery key was not found"), (contract.DeviceNotFound(), "The device was")],
)
async def test_a_key_that_went_meanwhile_is_not_found(visitor, kept, problem, title):
    kept.proves()
    kept.devices.answers["revealRecoveryKey"] = problem
    page = await visitor.send(f"{KEY}/show", command=COMMAND)
    assert page.status == 404
    assert title in page.text
    assert page.one("a", class_="button")["href"] == "/devices"


async def test_a_device_without_keys_is_told_so_and_one_that_is_not_there_is_not_found(visitor, kept, canned):
    kept.devices.answers["getRecoveryKeys"] = canned.recovery_keys()
    assert "No recovery keys" in (await visitor.page(HERE)).text
    kept.devices.answers["getRecoveryKeys"] = contract.DeviceNotFound()
    assert (await visitor.page(HERE)).status == 404


@pytest.mark.parametrize(
    ("key", "groups"),
    [
        ("111111-222222", ["111111-", "222222"]),
        ("ABCD-EFGH-", ["ABCD-", "EFGH-"]),
        ("correct horse battery", ["correct ", "horse ", "battery"]),
        ("A0B1C2D3E", ["A0B1", "C2D3", "E"]),
        ("--a", ["-", "-", "a"]),
    ],
)
def test_a_key_stands_in_groups_that_are_the_same_key_together(key, groups):
    assert in_groups(key) == groups
    assert "".join(groups) == key
