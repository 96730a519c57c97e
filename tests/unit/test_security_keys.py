"""Credentials that hold are taken; of each that does not it is told why (WebAuthn Level 3, sections 7.1 and 7.2)."""

from dataclasses import replace
from typing import Any

import cbor2
import pytest

from security_info.methods.security_key import KeyRules, creation_options, request_options
from shared.contracts.security_info import CredentialRefused
from tests.authenticators import SoftwareKey, decoded, encoded
from tests.key_makers import KeyMaker
from tests.unit.registering import (
    CHALLENGE,
    MODEL,
    MODEL_NAME,
    NO_RULES,
    OTHER_CHALLENGE,
    PARTY,
    SETUP,
    attestation_of,
    certified,
    key,
    registered,
    why,
    why_not,
)


@pytest.mark.parametrize("attestation", ["none", "packed"])
@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_keys_of_every_algorithm_register_and_answer(algorithm: Any, attestation: Any):
    made = key(algorithm=algorithm, attestation=attestation)
    kept = registered(made)
    assert (kept.credential_id, kept.sign_count, kept.attestation) == (made.credential_id, 1, attestation)
    assert kept.answered(made.answer(OTHER_CHALLENGE), OTHER_CHALLENGE, PARTY, NO_RULES).sign_count == 2


def test_what_a_key_told_of_itself_is_kept():
    kept = registered(key(aaguid=MODEL), backup_eligible=True, backed_up=True, user_verified=False)
    assert (kept.aaguid, kept.attachment, kept.transports) == (MODEL_NAME, "cross-platform", ("usb", "nfc"))
    assert (kept.discoverable, kept.synced, kept.user_verified) == (True, True, False)


@pytest.mark.parametrize("length", [1, 1023])
def test_an_id_as_long_as_the_standard_lets_it_be_is_kept(length: int):
    made = key(credential_id=bytes(length))
    kept = registered(made)
    assert kept.credential_id == made.credential_id
    assert kept.answered(made.answer(OTHER_CHALLENGE), OTHER_CHALLENGE, PARTY, NO_RULES).sign_count == 2


def test_a_longer_id_is_malformed():
    assert why(key(credential_id=bytes(1024)).register(CHALLENGE)) == "malformed"


@pytest.mark.parametrize("origin", PARTY.origins)
def test_each_of_our_origins_is_right(origin: str):
    assert registered(key(origin=origin)).credential_id


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("challenge", {"challenge": OTHER_CHALLENGE}),
        ("origin", {"origin": "https://profile.example.evil.example"}),
        ("origin", {"origin": "http://profile.example"}),
        ("relying_party", {"rp_id": "evil.example"}),
        ("attestation", {"user_present": False}),
        ("attestation", {"kind": "webauthn.get"}),
        ("attestation", {"backed_up": True}),
    ],
)
def test_what_does_not_hold_is_refused_at_registration(reason: str, wrong: dict[str, Any]):
    assert why(key().register(**{"challenge": CHALLENGE, **wrong})) == reason


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("challenge", {"challenge": CHALLENGE}),
        ("origin", {"origin": "https://evil.example"}),
        ("relying_party", {"rp_id": "evil.example"}),
        ("signature", {"user_present": False}),
        ("signature", {"kind": "webauthn.create"}),
        ("signature", {"backed_up": True}),
    ],
)
def test_what_does_not_hold_is_refused_as_an_answer(reason: str, wrong: dict[str, Any]):
    made = key()
    kept = registered(made)
    assert why_not(kept, made.answer(**{"challenge": OTHER_CHALLENGE, **wrong})) == reason
    assert kept.answered(made.answer(OTHER_CHALLENGE), OTHER_CHALLENGE, PARTY, NO_RULES).sign_count == 3


def test_an_algorithm_that_was_not_offered_is_refused():
    assert why(key(algorithm="ES384").register(CHALLENGE)) == "algorithm"


def test_verification_of_the_person_is_demanded_where_it_is_asked_for():
    rules, made = KeyRules(user_verification=True), key()
    assert why(made.register(CHALLENGE, user_verified=False), rules) == "user_verification"
    kept = registered(made, rules)
    assert why_not(kept, made.answer(OTHER_CHALLENGE, user_verified=False), rules) == "user_verification"
    assert kept.answered(made.answer(OTHER_CHALLENGE), OTHER_CHALLENGE, PARTY, rules).user_verified


@pytest.mark.parametrize("rules", [KeyRules(attestation=True), KeyRules(allowed_models=frozenset({MODEL_NAME}))])
def test_attestation_is_demanded_where_it_is_asked_for(rules: KeyRules):
    assert why(key(aaguid=MODEL).register(CHALLENGE), rules) == "attestation"
    assert registered(certified(), rules).attestation == "packed"
    assert registered(certified(model=None), rules).aaguid == MODEL_NAME


@pytest.mark.parametrize(
    "made",
    [
        key(aaguid=MODEL, attestation="packed"),
        certified(KeyMaker("Somebody else")),
        certified(KeyMaker()),
        certified(model=bytes(16)),
    ],
    ids=["by itself", "by another maker", "by one of the same name", "for another model"],
)
@pytest.mark.parametrize("rules", [KeyRules(attestation=True), KeyRules(allowed_models=frozenset({MODEL_NAME}))])
def test_an_attestation_that_proves_nothing_is_refused(made: SoftwareKey, rules: KeyRules):
    assert why(made.register(CHALLENGE), rules) == "attestation"
    assert registered(made).aaguid == MODEL_NAME


def test_without_a_root_that_is_trusted_no_attestation_is_believed():
    party = replace(PARTY, attestation_roots=())
    with pytest.raises(CredentialRefused) as refused:
        SETUP.registered(certified().register(CHALLENGE), party, KeyRules(attestation=True), [])
    assert refused.value.reason == "attestation"


def test_a_forged_attestation_is_refused():
    made = key(attestation="packed")
    forged = made.register(CHALLENGE)
    whole = attestation_of(forged)
    whole["attStmt"]["sig"] = made.sign(b"something else")
    forged["response"]["attestationObject"] = encoded(cbor2.dumps(whole))
    assert why(forged) == "attestation"


@pytest.mark.parametrize("allowed", [frozenset({"11111111-1111-1111-1111-111111111111"}), frozenset[str]()])
def test_a_model_that_is_not_allowed_is_refused(allowed: frozenset[str]):
    assert why(certified().register(CHALLENGE), KeyRules(allowed_models=allowed)) == "model"


def test_a_key_is_registered_once():
    made = key()
    kept = registered(made)
    assert why(made.register(CHALLENGE), others=(kept,)) == "registered"
    assert SETUP.registered(key(credential_id=b"another").register(CHALLENGE), PARTY, NO_RULES, [kept]).credential_id


def test_another_keys_answer_is_refused():
    kept, stranger = registered(key()), key(credential_id=b"another")
    assert why_not(kept, stranger.answer(OTHER_CHALLENGE)) == "other_key"


def test_another_keys_signature_is_refused():
    assert why_not(registered(key()), key().answer(OTHER_CHALLENGE)) == "signature"


@pytest.mark.parametrize("part", ["authenticatorData", "clientDataJSON", "signature"])
def test_an_answer_that_was_changed_is_refused(part: str):
    made = key(algorithm="EdDSA")
    kept, given_ = registered(made), made.answer(OTHER_CHALLENGE)
    content = decoded(given_["response"][part])
    if part == "clientDataJSON":
        changed = content + b" "
    else:
        place = 36 if part == "authenticatorData" else 0  # the last byte of the sign count
        changed = content[:place] + bytes([content[place] ^ 64]) + content[place + 1 :]
    assert why_not(kept, {**given_, "response": {**given_["response"], part: encoded(changed)}}) == "signature"


@pytest.mark.parametrize(("kept_at", "counts"), [(7, 7), (7, 6), (7, 0), (1, 1)])
def test_a_sign_count_that_does_not_grow_is_refused(kept_at: int, counts: int):
    made = key(count=kept_at - 1)
    kept = registered(made)
    made.count = counts - 1
    if counts == 0:
        made.count = None
    assert why_not(kept, made.answer(OTHER_CHALLENGE)) == "sign_count"


def test_a_key_that_does_not_count_answers_again_and_again():
    made = key(count=None)
    kept = registered(made)
    for _ in range(3):
        kept = kept.answered(made.answer(OTHER_CHALLENGE), OTHER_CHALLENGE, PARTY, NO_RULES)
    assert kept.sign_count == 0


def test_a_forged_sign_count_says_nothing():
    made = key(count=7)
    kept, forger = registered(made), key(count=2)
    assert why_not(kept, forger.answer(OTHER_CHALLENGE)) == "signature"


@pytest.mark.parametrize(
    "public_key",
    [
        {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)},
        {1: 2, 3: -7, -1: 1, -2: "x", -3: 7},
        {1: 1, 3: -8, -1: 6, -2: b"short"},
        {1: 1, 3: -8, -1: 4, -2: bytes(32)},
        {1: 3, 3: -257, -1: b"\0", -2: b"\3"},
        {1: 99, 3: -7},
        [],
    ],
)
def test_a_public_key_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, public_key: Any):
    made = key()
    monkeypatch.setattr(made, "public_key", lambda: cbor2.dumps(public_key))
    assert why(made.register(CHALLENGE)) == "malformed"


def test_what_a_browser_is_asked_fits_the_rules():
    kept = registered(key())
    asked = creation_options(
        SETUP.with_changes(wants_discoverable=True),
        PARTY,
        KeyRules(attestation=True, user_verification=True),
        user_handle=b"h" * 32,
        user_name="alice",
        others=[kept],
    )
    assert asked["attestation"] == "direct"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert [one["alg"] for one in asked["pubKeyCredParams"]] == [-8, -7, -257]
    assert [decoded(one["id"]) for one in asked["excludeCredentials"]] == [kept.credential_id]
    assert decoded(asked["challenge"]) == CHALLENGE
    options = request_options(kept, OTHER_CHALLENGE, PARTY, NO_RULES)
    assert options["userVerification"] == "preferred"
    assert decoded(options["challenge"]) == OTHER_CHALLENGE
    assert decoded(options["allowCredentials"][0]["id"]) == kept.credential_id
    assert options["allowCredentials"][0]["transports"] == ["usb", "nfc"]


@pytest.mark.parametrize(("wanted", "resident"), [(True, "required"), (False, "discouraged"), (None, "preferred")])
def test_a_passkey_is_asked_for_as_it_is_wanted(wanted: Any, resident: str):
    setup = SETUP.with_changes(wants_discoverable=wanted)
    asked = creation_options(setup, PARTY, NO_RULES, user_handle=b"h", user_name="alice", others=[])
    assert asked["authenticatorSelection"]["residentKey"] == resident
    assert asked["attestation"] == "none"


def test_transports_that_nobody_knows_are_kept_and_not_asked_for():
    credential = key().register(CHALLENGE)
    credential["response"]["transports"] = ["warp", 7, "x" * 21, "usb", *["nfc"] * 20]
    kept = SETUP.registered(credential, PARTY, NO_RULES, [])
    assert kept.transports == ("warp", "usb", *["nfc"] * 6)
    asked = request_options(kept, OTHER_CHALLENGE, PARTY, NO_RULES)["allowCredentials"][0]["transports"]
    assert set(asked) == {"usb", "nfc"}


@pytest.mark.parametrize("public_key", [b"", b"\xff", cbor2.dumps({1: 2, 3: -7, -1: 1, -2: "x", -3: 7})])
def test_a_kept_key_that_cannot_be_read_refuses_and_breaks_nothing(public_key: bytes):
    made = key()
    kept = registered(made).with_changes(public_key=public_key)
    assert why_not(kept, made.answer(OTHER_CHALLENGE)) == "signature"
