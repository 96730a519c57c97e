"""Codes that we draw: read aloud, typed in any way, used once, and kept as digests."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security_info.methods import AppPassword, RecoveryCodes, app_password, codes, recovery_codes
from shared.testing import facts_at
from tests.unit.furnished import CODES, NOW, made

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def recovery() -> RecoveryCodes:
    return made("recovery-codes")


@given(chance=st.binary(min_size=12, max_size=12))
def test_a_code_has_only_signs_that_are_told_apart(chance: bytes):
    code = codes.drawn(chance, 12)
    assert len(code) == 12
    assert set(code) <= set(ALPHABET)
    assert not set(code) & set("ILOU")


def test_every_sign_is_as_likely_as_any_other():
    assert sorted(codes.drawn(bytes(range(256)), 256)) == sorted(ALPHABET * 8)


def test_a_code_is_not_made_of_too_little_chance():
    with pytest.raises(ValueError, match="chance"):
        codes.drawn(b"short", 12)


@given(chance=st.binary(min_size=12, max_size=12), data=st.data())
def test_a_code_is_the_same_however_it_is_typed(chance: bytes, data: st.DataObject):
    code = codes.drawn(chance, 12)
    typed = codes.grouped(code)
    for sign, misread in (("0", "O"), ("1", "I"), ("1", "L"), ("-", " ")):
        typed = typed.replace(sign, data.draw(st.sampled_from([sign, misread])))
    typed = data.draw(st.sampled_from([typed, typed.lower(), f" {typed} "]))
    assert codes.same(typed, codes.digest(code))


@given(one=st.text(ALPHABET, min_size=12, max_size=12), other=st.text(ALPHABET, min_size=12, max_size=12))
def test_other_codes_are_others(one: str, other: str):
    assert codes.same(one, codes.digest(other)) == (one == other)


@given(typed=st.text())
def test_whatever_is_typed_is_compared(typed: str):
    assert not codes.same(typed, codes.digest("0123456789AB"))


def test_only_a_digest_is_kept():
    assert codes.digest("abcd-efgh") == hashlib.sha256(b"ABCDEFGH").digest()


def test_groups_are_for_reading():
    assert codes.grouped("ABCDEFGHJK") == "ABCD-EFGH-JK"


def test_ten_recovery_codes_are_drawn_and_each_is_another():
    drawn = recovery_codes.new_codes(facts_at())
    assert len(set(drawn)) == 10
    assert all(len(code) == 14 for code in drawn)
    assert not set(drawn) & set(recovery_codes.new_codes(facts_at(chance=2)))


def test_each_recovery_code_is_good_once():
    left = recovery()
    for number, code in enumerate(CODES, 1):
        used = left.without(code)
        assert used is not None
        assert used.remaining == 10 - number
        assert used.without(code) is None
        left = used
    assert all(left.without(code) is None for code in CODES)


def test_a_code_that_is_none_of_them_uses_none_up():
    assert recovery().without("ZZZZ-ZZZZ-ZZZZ") is None
    assert recovery().without("") is None


def test_an_app_password_has_a_hundred_bits_and_is_another_each_time():
    one, other = (app_password.new_password(facts_at(chance=chance)) for chance in (1, 2))
    assert one != other
    assert len(one.replace("-", "")) == 20
    assert one == one.lower()


def test_the_last_use_of_an_app_password_is_noted_once_an_hour():
    password: AppPassword = made("app-password").noted(NOW.now)
    assert password.last_used_at == NOW.now
    assert password.noted(NOW.now + timedelta(minutes=59)) is password
    later = NOW.now + timedelta(hours=1)
    assert password.noted(later).last_used_at == later
