"""Codes as RFC 6238 has them, and each of them once."""

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from security_info.methods import authenticator_app
from shared.testing import facts_at

KEY = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B (SHA-1), cut to the last six of eight digits.
VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_the_codes_of_rfc_6238_are_right(seconds: int, code: str):
    at = datetime.fromtimestamp(seconds, UTC)
    assert authenticator_app.step_of(code, KEY, at=at, used=None) == seconds // 30


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(drift: int):
    at = datetime.fromtimestamp(1234567890 + 30 * drift, UTC)
    assert authenticator_app.step_of(VECTORS[1234567890], KEY, at=at, used=None) == 1234567890 // 30


@pytest.mark.parametrize("drift", [-2, 2])
def test_a_clock_may_not_be_two_steps_off(drift: int):
    at = datetime.fromtimestamp(1234567890 + 30 * drift, UTC)
    assert authenticator_app.step_of(VECTORS[1234567890], KEY, at=at, used=None) is None


def test_a_step_is_used_once():
    at = datetime.fromtimestamp(59, UTC)
    step = authenticator_app.step_of(VECTORS[59], KEY, at=at, used=None)
    assert authenticator_app.step_of(VECTORS[59], KEY, at=at, used=step) is None


@pytest.mark.parametrize(("used", "good"), [(-1, True), (0, False), (1, False)])
def test_no_step_up_to_the_used_one_counts(used: int, *, good: bool):
    at, step = datetime.fromtimestamp(1234567890, UTC), 1234567890 // 30
    assert authenticator_app.step_of(VECTORS[1234567890], KEY, at=at, used=step + used) == (step if good else None)


def test_the_uri_says_what_the_code_is_made_of():
    uri = urlsplit(authenticator_app.uri(KEY, issuer="My Profile", account_name="alice@contoso.example"))
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/My Profile:alice@contoso.example")
    assert dict(parse_qsl(uri.query)) == {"secret": KEY, "issuer": "My Profile"}


def test_a_key_has_160_bits_and_is_another_each_time():
    one, other = (authenticator_app.new_key(facts_at(chance=chance)) for chance in (1, 2))
    assert len(base64.b32decode(one)) == 20
    assert one != other
    assert authenticator_app.grouped(one).replace(" ", "") == one
