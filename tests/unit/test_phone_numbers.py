"""Numbers and addresses are read as people write them, and shown so that nobody learns them."""

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from security_info.methods import email, phone
from security_info.methods.phone import NumberNotUsable

ALLOWED = frozenset({"SE", "NO", "DE", "GB", "US"})
READ = [
    ("070-174 06 05", "SE", "+46701740605"),
    ("0701740605", "SE", "+46701740605"),
    ("(070) 174 06 05", "SE", "+46701740605"),
    ("+46 70 174 06 05", "SE", "+46701740605"),
    ("+46 (0)70 174 06 05", "SE", "+46701740605"),
    ("0046 70 174 06 05", "SE", "+46701740605"),
    ("08-123 456 78", "SE", "+46812345678"),
    ("+47 406 12 345", "SE", "+4740612345"),
    ("406 12 345", "NO", "+4740612345"),
    ("020 7946 0958", "GB", "+442079460958"),
    ("(201) 555-0123", "US", "+12015550123"),
    ("+46701740605", None, "+46701740605"),
    ("+12015550123", None, "+12015550123"),
]


@pytest.mark.parametrize(("typed", "country", "number"), READ)
def test_a_number_is_read_as_it_is_written_in_its_country(typed: str, country: str | None, number: str):
    assert phone.read(typed, country, allowed=ALLOWED) == number


NO_NUMBER = {
    "nothing": ("   ", "SE"),
    "words": ("call me", "SE"),
    "too short": ("070-1", "SE"),
    "too long": ("070-174 06 05 77 88", "SE"),
    "of no area": ("099-999 99 99", "SE"),
    "for emergencies": ("112", "SE"),
    "one that each caller pays dearly for": ("0900-123 45 67", "SE"),
    "one whose costs are shared": ("0180 5 123456", "DE"),
    "one that follows its owner at a price": ("+44 70 1234 5678", "GB"),
    "another such one": ("+49 700 12345678", "DE"),
    "one that costs the caller nothing": ("020-12 34 56", "SE"),
    "with an extension": ("08-123 456 78 ext. 12", "SE"),
    "with an extension behind a sign": ("+46812345678;ext=12", "SE"),
    "without a country": ("070-174 06 05", None),
    "of a country that there is not": ("070-174 06 05", "XX"),
    "of no country": ("+999 123 456 78", "SE"),
}


@pytest.mark.parametrize(("typed", "country"), NO_NUMBER.values(), ids=NO_NUMBER)
def test_it_is_no_number_that_a_code_could_go_to(typed: str, country: str | None):
    with pytest.raises(NumberNotUsable) as refused:
        phone.read(typed, country, allowed=ALLOWED | {"XX"})
    assert refused.value.why == "telephone_number"


@pytest.mark.parametrize(
    ("typed", "country"),
    [("040 1234567", "FI"), ("+358 40 1234567", "SE"), ("+358401234567", None), ("+1 613 555 0123", "US")],
)
def test_a_country_that_is_not_allowed_is_refused_however_it_is_named(typed: str, country: str | None):
    with pytest.raises(NumberNotUsable) as refused:
        phone.read(typed, country, allowed=ALLOWED)
    assert refused.value.why == "country_not_allowed"
    assert phone.read(typed, country, allowed=ALLOWED | {"FI", "CA"})


def test_where_no_country_is_allowed_no_number_is():
    with pytest.raises(NumberNotUsable):
        phone.read("070-174 06 05", "SE", allowed=frozenset())


def test_what_is_refused_does_not_show_the_number():
    for typed, country in (("070-174 06 0", "SE"), ("070-174 06 05", None), ("+358 40 174 0605", "SE")):
        with pytest.raises(NumberNotUsable) as refused:
            phone.read(typed, country, allowed=ALLOWED)
        assert "174" not in f"{refused.value!r} {refused.value.args}"


@pytest.mark.parametrize(
    ("number", "arrives"),
    [("+46701740605", True), ("+46812345678", False), ("+442079460958", False), ("+12015550123", True)],
)
def test_a_text_arrives_where_a_phone_may_be_a_mobile_one(number: str, *, arrives: bool):
    assert phone.takes_texts(number) is arrives


def test_a_number_shows_its_country_and_two_digits():
    assert [phone.hint(number) for number in ("+46701740605", "+12015550123", "+4740612345")] == [
        "+46 •••••••05",
        "+1 ••••••••23",
        "+47 ••••••45",
    ]


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_no_more_than_two_digits_of_a_number_are_shown_in_any_country(region: str):
    example = phonenumbers.example_number(region)
    number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    code, shown = phone.hint(number).split(" ")
    assert code == f"+{example.country_code}"
    assert [sign for sign in shown if sign.isdigit()] == list(number[-2:])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("somebody@home.example", "s•••@home.example"),
        ("a@home.example", "a•••@home.example"),
        ('"odd@local"@home.example', '"•••@home.example'),
        ("åsa@hemma.example", "å•••@hemma.example"),
    ],
)
def test_an_address_shows_its_first_sign_and_its_domain(address: str, shown: str):
    assert email.hint(address) == shown


@given(local=st.text("abcdefghijkl.+0123456789", min_size=2, max_size=30))
def test_an_address_does_not_tell_how_long_it_is(local: str):
    assume(local[1:] not in "•••@home.example")
    assert email.hint(f"{local}@home.example") == f"{local[0]}•••@home.example"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("alice@contoso.example", "alice@contoso.example", True),
        ("Alice@Contoso.Example", "alice@contoso.example", True),
        ("STRASSE@contoso.example", "straße@contoso.example", True),
        ("alice@contoso.example", "alice@fabrikam.example", False),
        ("alice@contoso.example", "alicia@contoso.example", False),
        ("alice@contoso.example", None, False),
    ],
)
def test_two_addresses_are_the_same_whatever_case_they_are_written_in(one: str, other: str | None, *, alike: bool):
    assert email.same(one, other) is alike
