"""What letters with codes say, and who writes which letter."""

import re

import pytest

from organizations.account import Account
from organizations.letters import Letters as WorkLetters
from security_info.letters import Letters
from shared.sending import Call, Mail, NotNow, Overtaken, Text
from shared.telling.plain import fits_one_text
from tests.unit.furnished import member_of
from tests.unit.telling_letters import CODE, TO, coded, letter, look, mail, named, notice, read, waiting_for_a_code

LANGUAGES = ("en", "sv")


@pytest.fixture
def letters():
    return Letters(look(), {"contoso": "Contoso AB"}.get)


@pytest.fixture
def work_letters():
    async def name_of(organization_id):
        return {"contoso": "Contoso AB"}.get(organization_id)

    return WorkLetters(look(), name_of)


@pytest.fixture
def info():
    """Somebody with a notice, and with a setup that waits for the code of the letter."""
    return waiting_for_a_code(member_of("contoso").changed(notices={"n": notice(named("Min telefon"))}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_stands_in_the_email_once_and_not_where_others_see_it(language):
    said = coded(language)
    made = mail(said, language)
    assert CODE not in made.subject + said.sheet.preheader
    assert made.text.count(CODE) == 1
    assert f"\n    {CODE}\n" in made.text
    assert len(re.findall(rf">{CODE}</p>", made.html)) == made.html.count(CODE) == 1


def test_a_code_tells_for_whom_it_is_until_when_and_that_nobody_asks_for_it():
    for part in (mail(coded()).text, read(mail(coded()).html)[0]):
        line = " ".join(part.split())
        assert "for your account with Contoso." in line
        assert "until 7 October 2025 at 14:08 CEST." in line
        assert "We never ask you for this code, and nobody at Contoso does" in line
        assert "If it happens again, tell Contoso." in line
    swedish = " ".join(mail(coded("sv"), "sv").text.split())
    assert "till 7 oktober 2025 kl. 14:08 CEST." in swedish
    assert "Vi frågar dig aldrig efter koden, och det gör ingen på Contoso heller" in swedish
    assert "nobody at your organization does" in " ".join(mail(coded(organization=None)).text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_with_a_code_leads_nowhere(language):
    made = mail(coded(language), language)
    assert "a" not in {tag for tag, _ in read(made.html)[1]}
    assert "http" not in made.text


def test_both_parts_say_the_same():
    for language in LANGUAGES:
        said = coded(language)
        made = mail(said, language)
        text, seen = " ".join(made.text.split()), read(made.html)[0]
        for words in (
            said.sheet.heading,
            said.sheet.footer,
            *(getattr(one, "text", CODE) for one in said.sheet.blocks),
        ):
            assert words in text
            assert words in seen


def test_a_code_in_swedish_has_no_english_words():
    made = mail(coded("sv"), "sv")
    said = coded("sv")
    for part in (made.subject, made.text, read(made.html)[0], said.text, said.spoken):
        assert not re.search(r"\b(the|you|your|was|and|is|it|of|to|by|with|not|for your)\b", part, re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_code_in_a_text_message_comes_first_and_a_browser_finds_it_last(language):
    text = coded(language, product="Contosos självservice för alla").text
    assert text.startswith(f"{CODE} ")
    assert text.splitlines()[-1] == f"@profile.contoso.example #{CODE}"
    assert fits_one_text(text)
    assert "14:08 CEST" in text


@pytest.mark.parametrize("url", ["http://localhost:8080", "https://konto.örebro.example/x"])
def test_the_line_for_browsers_names_the_host_alone(url):
    host = {"http://localhost:8080": "localhost"}.get(url, "konto.xn--rebro-iua.example")
    assert coded(portal_url=url).text.endswith(f"\n@{host} #{CODE}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_voice_says_the_digits_one_by_one_and_twice(language):
    spoken = coded(language, organization="Con<toso> & Co").spoken
    assert spoken.count("7, 1, 8, 4, 0, 2.") == 2
    assert CODE not in spoken
    assert "Con toso & Co" in spoken
    assert "Kontohjälpen" in spoken
    assert len(spoken.splitlines()) == 1


@pytest.mark.parametrize("kind", ["code", "notice"])
@pytest.mark.parametrize(("channel", "type_"), [("mail", Mail), ("text", Text), ("call", Call)])
async def test_a_letter_goes_out_by_its_channel_in_its_language(letters, info, kind, channel, type_):
    for language in LANGUAGES:
        written = letter(kind, channel, language)
        message = await letters.compose(written, info)
        assert type(message) is type_
        assert (message.to, message.id) == (written.to, written.id)
        swedish = re.search("kod till|kod är|telefonen", f"{getattr(message, 'subject', '')}{message.text}")
        assert bool(swedish) is (language == "sv")
        assert channel == "mail" or message.language == language
        shown = [message.text, getattr(message, "html", ""), getattr(message, "subject", "")]
        assert not any(TO in part or "+4670" in part or written.id in part for part in shown)


async def test_a_letter_in_a_language_that_is_not_known_here_is_in_english(letters, info):
    for language in ("de", "xx-unknown", ""):
        message = await letters.compose(letter("code", "text", language), info)
        assert message.language == "en"
        assert "is your code" in message.text


async def test_the_home_organization_is_named_where_it_is_known(letters, work_letters, info):
    assert "Contoso AB" in (await letters.compose(letter(), info)).text
    stranger = info.changed(memberships={})
    assert "with your organization" in (await letters.compose(letter(), stranger)).text
    account = Account(home="contoso", notices=info.notices)
    assert "Contoso AB" in (await work_letters.compose(letter(), account)).text
    for home in (None, "fabrikam"):
        alone = account.model_copy(update={"home": home})
        assert "with your organization" in (await work_letters.compose(letter(), alone)).text


@pytest.mark.parametrize("notices", [{}, {"other": notice(named("N"))}, {"n": notice(more=3)}])
async def test_a_letter_without_what_it_tells_waits(letters, work_letters, notices):
    with pytest.raises(NotNow):
        await letters.compose(letter(), member_of("contoso").changed(notices=notices))
    with pytest.raises(NotNow):
        await work_letters.compose(letter(), Account(home="contoso", notices=notices))


async def test_a_letter_that_only_a_newer_process_can_write_waits_for_it(letters, work_letters, info):
    with pytest.raises(NotNow, match="kind newer"):
        await letters.compose(letter("newer"), info)
    with pytest.raises(NotNow, match="kind code"):
        await work_letters.compose(letter("code"), Account())


async def test_a_persons_other_facts_are_not_in_a_letter(work_letters, info):
    account = Account(
        home="contoso", notices=info.notices, claims={"name": "Åsa Lindqvist", "email": TO}, language="sv"
    )
    message = await work_letters.compose(letter(), account)
    assert not re.search("Lindqvist|asa", message.text + message.html)


async def test_a_code_that_nobody_waits_for_any_more_is_not_sent(letters, info):
    with pytest.raises(Overtaken):
        await letters.compose(letter("code", id="0198c0de-0000-7000-8000-000000000002"), info)
    with pytest.raises(Overtaken):
        await letters.compose(letter("code"), member_of("contoso"))
