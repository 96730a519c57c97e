"""A security key proves by signing what was asked just now."""

from typing import Any

import pytest

from security_info.model import SecurityInfo
from shared.contracts import security_info as contract
from shared.contracts.problem import Invalid
from tests.unit.asking_for_proof import KEY, after_minutes, answered, challenged
from tests.unit.furnished import confirmed, member_of, policies, policy, started
from tests.unit.registering import key


def with_key() -> tuple[SecurityInfo, str, Any]:
    info, method_id = started(SecurityInfo(), KEY)
    info = confirmed(info, method_id).state
    device = key(credential_id=method_id.encode(), count=1)
    method = info.keys()[method_id].with_changes(public_key=device.public_key())
    return info.with_method(method_id, method), method_id, device


def test_a_key_proves_once_per_challenge():
    info, method_id, device = with_key()
    state, challenge = challenged(info, method_id)
    nonce = state.challenges[challenge].nonce
    assert len(nonce) == 32
    decision = answered(state, challenge, credential=device.answer(nonce))
    assert decision.answer["proof"]["amr"] == ["hwk", "user"]
    with pytest.raises(contract.ChallengeEnded):
        answered(decision.state, challenge, credential=device.answer(nonce))
    state, challenge = challenged(decision.state, method_id, after_minutes(1))
    refusal = answered(state, challenge, credential=device.answer(nonce)).refusal
    assert (refusal.key, refusal.reason) == ("credential_refused", "challenge")


def test_a_synced_key_without_verification_is_told_apart():
    info, method_id, device = with_key()
    state, challenge = challenged(info, method_id)
    credential = device.answer(
        state.challenges[challenge].nonce, backup_eligible=True, backed_up=True, user_verified=False
    )
    assert answered(state, challenge, credential=credential).answer["proof"]["amr"] == ["swk"]


def test_a_credential_that_does_not_hold_ends_the_challenge_and_changes_no_key():
    info, method_id, device = with_key()
    state, challenge = challenged(info, method_id)
    credential = device.answer(state.challenges[challenge].nonce, origin="https://evil.example")
    decision = answered(state, challenge, credential=credential)
    assert decision.refusal.reason == "origin"
    assert decision.state == info
    with pytest.raises(contract.ChallengeEnded):
        answered(decision.state, challenge, credential=device.answer(state.challenges[challenge].nonce))


def test_a_key_is_held_to_what_organizations_ask_for_now():
    info, method_id, device = with_key()
    state, challenge = challenged(member_of("contoso", info=info), method_id)
    strict = policies(contoso=policy(keys={"user_verification": True}))
    credential = device.answer(state.challenges[challenge].nonce, user_verified=False)
    assert answered(state, challenge, credential=credential, policies=strict).refusal.reason == "user_verification"


def test_a_credential_is_asked_for_and_no_code_taken():
    info, method_id, _ = with_key()
    state, challenge = challenged(info, method_id)
    with pytest.raises(Invalid) as refused:
        answered(state, challenge, "123456")
    assert [(one.pointer, one.key) for one in refused.value.errors] == [("/code", "out_of_place")]
