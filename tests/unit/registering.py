"""A party that keys register with, one setup of a key, and what is said to a credential."""

from typing import Any

import cbor2
import pytest

from security_info.methods.security_key import KeyRules, RelyingParty, SecurityKey
from shared.contracts.security_info import CredentialRefused
from shared.testing import facts_at
from tests.authenticators import SoftwareKey, decoded
from tests.key_makers import MAKER, KeyMaker

ORIGINS = ("https://profile.example", "https://my.profile.example")
PARTY = RelyingParty("profile.example", "My Profile", ORIGINS, attestation_roots=(MAKER.root,))
CHALLENGE, OTHER_CHALLENGE = b"c" * 32, b"d" * 32
NO_RULES = KeyRules()
MODEL = bytes(range(16))
MODEL_NAME = "00010203-0405-0607-0809-0a0b0c0d0e0f"
SETUP = SecurityKey(name="Key", started_at=facts_at().now, challenge=CHALLENGE)


def key(**changes: Any) -> SoftwareKey:
    return SoftwareKey(**{"rp_id": PARTY.id, "origin": PARTY.origins[0], **changes})


def certified(maker: KeyMaker = MAKER, model: bytes | None = MODEL, **changes: Any) -> SoftwareKey:
    return key(aaguid=MODEL, attestation="packed", certified=maker.certify(model), **changes)


def registered(made: SoftwareKey, rules: KeyRules = NO_RULES, **wrong: Any) -> SecurityKey:
    return SETUP.registered(made.register(CHALLENGE, **wrong), PARTY, rules, [])


def why(credential: Any, rules: KeyRules = NO_RULES, others: tuple[SecurityKey, ...] = ()) -> str:
    with pytest.raises(CredentialRefused) as refused:
        SETUP.registered(credential, PARTY, rules, others)
    return refused.value.reason


def why_not(kept: SecurityKey, credential: Any, rules: KeyRules = NO_RULES) -> str:
    with pytest.raises(CredentialRefused) as refused:
        kept.answered(credential, OTHER_CHALLENGE, PARTY, rules)
    return refused.value.reason


def attestation_of(credential: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = cbor2.loads(decoded(credential["response"]["attestationObject"]))
    return whole
