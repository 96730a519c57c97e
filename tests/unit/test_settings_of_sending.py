"""What a service is told of letters and codes: nothing half, nothing in the clear, and each fault by its name."""

import json
from typing import Any

import pytest

from organizations.settings import Settings as OrganizationsSettings
from security_info.settings import Settings
from shared.identifying import new_key
from shared.noticing import Manner
from shared.sending import MailCarrier, WebhookCarrier
from shared.sending.opening import carriers
from shared.settings import configured

KEY = new_key()
KEYS = json.dumps({"keys": [KEY.as_dict(private=False)]})
SECRET = "s" * 32
NEEDED = {
    "mongo_url": "mongodb://db.contoso.example",
    "amqp_url": "amqps://broker.contoso.example",
    "local_master_key": "00" * 96,
    "gateway_keys": KEYS,
    "proof_keys": KEYS,
    "proof_key": json.dumps(KEY.as_dict(private=True)),
    "relying_party_id": "profile.contoso.example",
    "origins": ["https://profile.contoso.example"],
    "target_key": "ab" * 32,
    "portal_url": "https://profile.contoso.example",
}
MAIL = {"smtp_url": "smtps://user:pass%40word@mail.contoso.example", "mail_from": "no-reply@contoso.example"}
WEBHOOK = {"webhook_url": "https://sms.contoso.example/hook", "webhook_secret": SECRET}
WHOLE = {**NEEDED, **MAIL, **WEBHOOK, "phone_countries": ["SE", "NO"]}


def settings(**told: Any) -> Settings:
    return Settings(**{**WHOLE, **told})


def without(*names: str) -> Settings:
    return Settings(**{name: value for name, value in WHOLE.items() if name not in names})


def faults(capsys: pytest.CaptureFixture[str], kind: Any = Settings, **told: Any) -> list[str]:
    """Start with something wrong; give the lines that say what, once it is seen that the process ends."""
    with pytest.raises(SystemExit) as ended:
        configured(kind, **{**WHOLE, **told})
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()


WRONG = {
    "target key that is short": ("target_key", "ab" * 31, "64 hexadecimal digits"),
    "target key that is no number": ("target_key", "xy" * 32, "hexadecimal"),
    "country that there is not": ("phone_countries", ["SE", "XX"], "no such country: XX"),
    "country in small letters": ("phone_countries", ["se"], "pattern"),
    "mail server by another scheme": ("smtp_url", "https://mail.contoso.example", "smtps://"),
    "mail server without a host": ("smtp_url", "smtps://", "host"),
    "mail server in the clear": ("smtp_url", "smtp://mail.contoso.example", "unencrypted"),
    "webhook in the clear": ("webhook_url", "http://sms.contoso.example/hook", "https"),
    "webhook by another scheme": ("webhook_url", "ftp://sms.contoso.example", "https"),
    "webhook without a host": ("webhook_url", "/hook", "https"),
    "short secret of the webhook": ("webhook_secret", "s" * 31, "32"),
    "portal in the clear": ("portal_url", "http://profile.contoso.example", "https"),
    "sender that is no address": ("mail_from", "no-reply", "email"),
    "time zone that there is not": ("time_zone", "Europe/Atlantis", "Europe/Stockholm"),
    "time zone outside the house": ("time_zone", "../../etc/passwd", "Europe/Stockholm"),
    "language that there is not": ("default_language", "de", "'en' or 'sv'"),
    "colour that is none": ("brand_accent", "blue", "pattern"),
    "long name": ("brand_name", "n" * 61, "60"),
    "no codes at all": ("codes_an_hour", 0, "greater than 0"),
    "pause that is over before it begins": ("code_pause_seconds", -1, "greater than or equal to 0"),
    "ceiling of nothing": ("texts_and_calls_an_hour", 0, "greater than 0"),
    "ceiling of no mails": ("code_mails_an_hour", 0, "greater than 0"),
    "notice that waits for too long": ("notice_delay_seconds", 301, "300"),
}


@pytest.mark.parametrize(("name", "value", "said"), WRONG.values(), ids=WRONG)
def test_it_does_not_start_with_a(capsys: pytest.CaptureFixture[str], name: str, value: Any, said: str):
    (line,) = [line for line in faults(capsys, **{name: value}) if line.startswith(name.upper())]
    assert said in line
    if isinstance(value, str) and len(value) > 20:
        assert value not in line, "what is wrong may be secret"


@pytest.mark.parametrize("missing", ["target_key", "portal_url", "proof_key", "mongo_url"])
def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, missing: str):
    monkeypatch.delenv(missing.upper(), raising=False)
    with pytest.raises(SystemExit):
        configured(Settings, **{name: value for name, value in WHOLE.items() if name != missing})
    assert capsys.readouterr().err.splitlines() == [f"{missing.upper()}: Field required"]


def test_several_faults_are_named_together(capsys: pytest.CaptureFixture[str]):
    lines = faults(capsys, target_key="ab", portal_url="nowhere", time_zone="nowhere")
    assert sorted(line.partition(":")[0] for line in lines) == ["PORTAL_URL", "TARGET_KEY", "TIME_ZONE"]


@pytest.mark.parametrize(
    ("missing", "pair"),
    [
        ("smtp_url", "SMTP_URL and MAIL_FROM"),
        ("mail_from", "SMTP_URL and MAIL_FROM"),
        ("webhook_url", "WEBHOOK_URL and WEBHOOK_SECRET"),
        ("webhook_secret", "WEBHOOK_URL and WEBHOOK_SECRET"),
    ],
)
def test_what_goes_together_is_told_together_or_not_at_all(capsys: pytest.CaptureFixture[str], missing: str, pair: str):
    assert faults(capsys, **{missing: None}) == [f"Value error, {pair} go together"]


@pytest.mark.parametrize("kind", [Settings, OrganizationsSettings])
def test_organizations_is_told_the_same_of_letters(kind: Any):
    told = kind(**WHOLE, notice_delay_seconds=7, default_language="sv")
    assert told.manner() == Manner("sv", told.manner().gather)
    assert told.manner().gather.total_seconds() == 7


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.contoso.example", ("mail.contoso.example", 465, "tls", None, None)),
        ("smtps://u:p@mail.contoso.example:2465", ("mail.contoso.example", 2465, "tls", "u", "p")),
        ("smtp+starttls://u:p@mail.contoso.example", ("mail.contoso.example", 587, "starttls", "u", "p")),
        ("smtps://u%40x:p%3Aw%2F@mail.contoso.example", ("mail.contoso.example", 465, "tls", "u@x", "p:w/")),
        ("smtp://localhost", ("localhost", 25, "none", None, None)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "none", None, None)),
    ],
)
def test_a_mail_server_is_told_by_its_address(url: str, server: tuple[Any, ...]):
    found = settings(smtp_url=url).mail_server()
    assert found is not None
    assert tuple(found[name] for name in ("host", "port", "security", "user", "password")) == server


@pytest.mark.parametrize("url", ["http://localhost:8025/webhook", "http://127.0.0.1/x", "https://sms.contoso.example"])
def test_a_webhook_is_reached_by_https_or_on_this_machine(url: str):
    assert settings(webhook_url=url).webhook_url == url


def test_without_a_word_there_are_no_phones_and_no_addresses():
    assert settings().unavailable() == frozenset()
    assert without(*MAIL, *WEBHOOK, "phone_countries").unavailable() == {"phone", "email"}
    assert without(*WEBHOOK).unavailable() == {"phone"}
    assert without("phone_countries").unavailable() == {"phone"}
    assert without(*MAIL).unavailable() == {"email"}


def test_the_usual_quotas():
    allowance, ceilings = settings().allowance(), settings().ceilings()
    assert (allowance.sends, allowance.pause.total_seconds()) == (5, 30)
    assert ceilings == {"text": 1000, "call": 1000, "mail": 10_000}
    told = settings(codes_an_hour=2, code_pause_seconds=0.5, texts_and_calls_an_hour=7, code_mails_an_hour=8)
    assert (told.allowance().sends, told.allowance().pause.total_seconds()) == (2, 0.5)
    assert told.ceilings() == {"text": 7, "call": 7, "mail": 8}


async def test_each_channel_that_is_told_of_has_a_carrier():
    for told, expected in (
        (settings(), {"mail": MailCarrier, "text": WebhookCarrier, "call": WebhookCarrier}),
        (without(*WEBHOOK), {"mail": MailCarrier}),
        (without(*MAIL), {"text": WebhookCarrier, "call": WebhookCarrier}),
        (without(*MAIL, *WEBHOOK), {}),
    ):
        async with carriers(told) as opened:
            assert {channel: type(carrier) for channel, carrier in opened.items()} == expected


def test_no_setting_that_is_secret_shows():
    shown = repr(settings())
    for secret in (SECRET, "ab" * 32, "pass%40word", "pass@word", "00" * 96):
        assert secret not in shown
