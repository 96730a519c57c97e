"""Whatever a browser sends instead of a credential, it is refused and nothing breaks."""

from contextlib import suppress
from typing import Any

import cbor2
from hypothesis import given, settings
from hypothesis import strategies as st

from security_info.methods.security_key import KeyRules
from shared.contracts.security_info import CredentialRefused
from tests.authenticators import decoded, encoded
from tests.unit.registering import (
    CHALLENGE,
    NO_RULES,
    OTHER_CHALLENGE,
    PARTY,
    SETUP,
    attestation_of,
    key,
    registered,
    why,
    why_not,
)

MADE = key(algorithm="EdDSA", attestation="packed")
REGISTERED = registered(MADE)
REGISTRATION, ANSWER = MADE.register(CHALLENGE), MADE.answer(OTHER_CHALLENGE)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary().map(encoded),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
cbor = st.recursive(
    st.none() | st.booleans() | st.integers() | st.binary(max_size=60) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-4, 4) | st.text(max_size=4), inner),
    max_leaves=6,
)
wide = settings(max_examples=400, deadline=None)


def changed(data: st.DataObject, credential: dict[str, Any]) -> dict[str, Any]:
    """Change one member of a credential, of its response, or some bytes of one."""
    where = data.draw(st.sampled_from(["credential", "response", "bytes"]))
    if where == "credential":
        return {**credential, data.draw(st.sampled_from(sorted(credential))): data.draw(anything)}
    response = dict(credential["response"])
    name = data.draw(st.sampled_from(sorted(response)))
    if where == "response" or name == "transports":
        return {**credential, "response": {**response, name: data.draw(anything)}}
    content = decoded(response[name])
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 8)))
    return {
        **credential,
        "response": {**response, name: encoded(content[:start] + data.draw(st.binary(max_size=8)) + content[end:])},
    }


def attesting(**other: Any) -> dict[str, Any]:
    """Give the registration with other members of its attestation."""
    whole = encoded(cbor2.dumps({**attestation_of(REGISTRATION), **other}))
    return {**REGISTRATION, "response": {**REGISTRATION["response"], "attestationObject": whole}}


def harmless(ask: Any) -> None:
    """Ask what may be refused for any reason; nothing else may become of it."""
    with suppress(CredentialRefused):
        ask()


@wide
@given(credential=st.dictionaries(st.text(max_size=20), anything) | st.just({}))
def test_anything_at_all_is_malformed(credential: dict[str, Any]):
    assert why(credential) == "malformed"
    assert why_not(REGISTERED, credential) == "malformed"


@wide
@given(data=st.data())
def test_a_registration_that_was_changed_is_at_most_refused(data: st.DataObject):
    credential = changed(data, REGISTRATION)
    harmless(lambda: SETUP.registered(credential, PARTY, KeyRules(attestation=True), []))


@wide
@given(data=st.data())
def test_an_answer_that_was_changed_is_at_most_refused(data: st.DataObject):
    credential = changed(data, ANSWER)
    harmless(lambda: REGISTERED.answered(credential, OTHER_CHALLENGE, PARTY, NO_RULES))


@wide
@given(
    format_=st.sampled_from(["none", "packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple", "new"])
    | cbor,
    statement=st.dictionaries(
        st.sampled_from(["alg", "sig", "x5c", "ver", "response", "certInfo", "pubArea"]),
        cbor | st.sampled_from([-7, "2.0", [b"no certificate"]]),
    )
    | cbor,
)
def test_any_attestation_is_at_most_refused(format_: Any, statement: Any):
    credential = attesting(fmt=format_, attStmt=statement)
    harmless(lambda: SETUP.registered(credential, PARTY, NO_RULES, []))


@wide
@given(content=cbor)
def test_any_public_key_is_at_most_refused(content: Any):
    own = attestation_of(REGISTRATION)["authData"]
    before_the_key = own[: 37 + 16 + 2 + len(MADE.credential_id)]
    credential = attesting(authData=before_the_key + cbor2.dumps(content))
    harmless(lambda: SETUP.registered(credential, PARTY, NO_RULES, []))
