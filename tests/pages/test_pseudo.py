"""The pseudo-languages: what is not translated stands out in `en-XA`, and `ar-XB` turns the whole page around."""

import re
from html.parser import HTMLParser

import pytest
from aiohttp.test_utils import TestClient, TestServer
from babel.messages.pofile import read_po

from gateway.keys import PSEUDO_LOCALE
from gateway.settings import Settings
from gateway.words import PROBLEMS
from shared.contracts import security_info as contract
from shared.contracts.envelope import Client
from shared.contracts.privacy import Activity, ActivityEntry
from shared.contracts.problem import FieldProblem, Invalid
from shared.facts import now
from shared.telling import EVENTS, event_sentence
from shared.telling.events import OTHERWISE
from shared.telling.languages import LANGUAGES, PSEUDO_LANGUAGES
from shared.telling.pseudo import lengthened, mirrored
from shared.telling.translations import entered, load
from tests.pages import declared
from tests.pages.canned import QUESTIONS
from tests.pages.conftest import Visitor
from tests.pages.sign_ins import every_way
from tests.pages.test_templates import PATHS, arrived

MORE_PATHS = (
    *(f"/problems/{key}" for key in PROBLEMS),
    *(f"/security-info?done={done}" for done in ("renamed", "removed", "default")),
    *(f"/devices?done={done}" for done in ("renamed", "disabled")),
    *("/api/docs", "/security-info/methods/none/rename", "/devices/none/disable"),
)
REFUSED = {
    "/security-info/methods/m0/rename": ("security_info", "changeMethod", "/name", "string_too_long"),
    "/security-info/add/authenticator-app": ("security_info", "addMethod", "/name", "string_too_long"),
    "/security-info/add/security-questions": (
        "security_info",
        "addMethod",
        "/answers/0/question_id",
        "question_unknown",
    ),
    "/security-info/methods/m9/setup": ("security_info", "confirmMethod", "/code", "six_digits"),
    "/devices/d0/rename": ("devices", "renameDevice", "/name", "string_too_long"),
    "/devices/d0/disable": ("devices", "disableDevice", "/reason", "literal_error"),
}
TOLD_BY_OTHERS = {
    *("Firefox", "Firefox, Linux", "Safari", "Safari, iOS", "Edge, Windows", "Malmö, Sweden", "Malmö"),
    *(question.text for question in QUESTIONS.questions),
    *("Windows 11 24H2", "Windows", "contoso.example", "API"),
}
"""What systems tell of devices and browsers, and what services ask, stands on the pages as it is."""
DATA_ELEMENTS = {"bdi", "code", "script", "style", "svg", "time"}
SPOKEN = (
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "data-copied",
    "data-failed",
    "placeholder",
    "title",
)
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
DAY = re.compile(r"\w+day, \d+ \w+ \d{4}")
LETTER = re.compile(r"[^\W\d_]")


class Untranslated(HTMLParser):
    """Gather what a page says outside of ⟦ and ⟧, but for what people typed and systems told."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, bool]] = []
        self._depth = 0
        self.feed(html)
        assert self._depth == 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        skipped = (
            bool(self._open and self._open[-1][1])
            or tag in DATA_ELEMENTS
            or given.get("translate") == "no"
            or ("lang" in given and tag != "html")
            or "avatar" in (given.get("class") or "").split()
            or (given.get("href") or "").startswith(("mailto:", "tel:"))
        )
        if not skipped:
            for name in SPOKEN:
                self._hear(given.get(name) or "", 0)
        if tag not in VOID:
            self._open.append((tag, skipped))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self._open.pop()[0] == tag

    def handle_data(self, data):
        if self._open and not self._open[-1][1]:
            if self._open[-1][0] == "title":
                data = data.rpartition(" \N{EN DASH} ")[0]
            self._depth = self._hear(data, self._depth)

    def _hear(self, text: str, depth: int) -> int:
        outside = ""
        for sign in text:
            depth += (sign == "⟦") - (sign == "⟧")
            outside += "\n" if depth or sign == "⟧" else sign
        for words in outside.split("\n"):
            said = " ".join(words.split())
            if LETTER.search(said) and said not in TOLD_BY_OTHERS and not DAY.fullmatch(said):
                self.found.add(said)
        return depth


@pytest.fixture
def language():
    return "en-XA"


@pytest.fixture
async def visitor(portal, language):
    app = portal.app()
    app[PSEUDO_LOCALE] = True
    async with TestClient(TestServer(app), cookies={"language": language}) as client:
        yield Visitor(client)


@pytest.fixture(params=["nothing", "something", "everything", "every type", "no answers"])
def state(request, portal, canned):
    match request.param:
        case "nothing":
            portal.signs_in(canned.a_session(None, None))
            portal.has(canned.methods(), Activity(entries=(), next=None))
            portal.owns()
            portal.belongs_to()
        case "everything":
            portal.change_password = "https://provider.example/password"
            portal.signs_in(canned.a_session(client=Client(browser="Firefox", os="Linux", country="SE", city="Malmö")))
            kinds = ("laptop", "desktop", "phone", "tablet", "watch", "other", "newer")
            reasons = ("lost", "stolen", "not_mine", "not_recognised", "newer", None)
            portal.has(canned.methods("Phone", canned.RIGHT_TO_LEFT, "x" * 60), canned.history(25))
            portal.owns(
                *(canned.device(kind, kind=kind) for kind in kinds),
                *(canned.disabled("x", reason) for reason in reasons),
                canned.device(compliance="not_compliant", last_active_at=None),
            )
            contacts = tuple(canned.contact(role, email="a@b.example") for role in ("help", "technical", "newer"))
            portal.belongs_to(
                canned.organization(),
                canned.organization("fabrikam", canned.RIGHT_TO_LEFT, contacts=contacts, privacy_statement=None),
                title="Analyst",
                office="Malmö 3",
            )
            portal.declares(**declared.EVERYTHING)
        case "every type":
            portal.has(canned.everything(), every_way())
            portal.security_info.answers["getMethodSetup"] = canned.key_setup()
        case "no answers":
            for service in (portal.security_info, portal.devices, portal.organizations, portal.privacy):
                service.answers.clear()


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("path", dict.fromkeys((*PATHS, *MORE_PATHS)))
async def test_every_text_of_a_page_is_translated(visitor, path):
    page = await arrived(visitor, path)
    assert page.one("html")["lang"] == "en-XA"
    assert "⟦" in page.text
    assert Untranslated(page.html).found == set()


@pytest.mark.parametrize("path", REFUSED)
async def test_every_text_of_a_refused_form_is_translated(visitor, portal, path):
    service, endpoint, pointer, key = REFUSED[path]
    fault = FieldProblem(pointer=pointer, key=key, limit=60)
    getattr(portal, service).answers[endpoint] = Invalid(errors=[fault])
    page = await visitor.send(path, command="c")
    assert page.status == 422
    assert Untranslated(page.html).found == set()


@pytest.mark.parametrize("type_", ["app-password", "recovery-codes"])
async def test_every_text_of_what_is_shown_once_is_translated(visitor, portal, canned, type_):
    made = {
        "app-password": contract.AppPasswordShown(method_id="m9", name="Mail", password="ABCD"),
        "recovery-codes": contract.RecoveryCodesShown(method_id="m9", codes=canned.CODES),
    }
    for answer in (contract.MethodStarted(made[type_]), contract.ShownOnce(method_id="m9")):
        portal.security_info.answers["addMethod"] = answer
        page = await visitor.send(f"/security-info/add/{type_}", name="Mail", replaces="m0")
        assert page.status in {200, 409}
        assert Untranslated(page.html).found == set()


def test_what_is_not_translated_is_found():
    head = '<html lang="en-XA"><title>⟦a⟧ \N{EN DASH} P</title>'
    body = '<h1 title="One">⟦a <bdi>b</bdi>⟧ two</h1><p>Three</p><time>c</time><code>d</code>'
    assert Untranslated(head + body).found == {"One", "two", "Three"}


def test_every_event_has_a_translated_sentence():
    for kind, words in {**EVENTS, "newer": OTHERWISE}.items():
        for by in ("you", "system"):
            for reason in (None, *words.by_reason):
                facts = {"name": "n", "previous_name": "p", "organization_name": "o", "method_type": "newer"}
                entry = ActivityEntry(
                    id="e", type=kind, part="p", at=now(), by=by, client=Client(), facts=facts | {"reason": reason}
                )
                told = event_sentence(entry, "en-XA", product="p")
                assert Untranslated(f"<p>{told}</p>").found == set()


def every_text():
    """Give the texts of every catalogue, those of the gateway and those that it shares."""
    for catalogue in entered():
        with catalogue.template.open("rb") as file:
            yield from (text.id for text in read_po(file) if text.id)


@pytest.mark.parametrize("language", PSEUDO_LANGUAGES)
def test_every_text_is_pretended_with_its_placeholders_and_tags(language):
    kept = re.compile(r"%\(\w+\)s|<[^<>]*>|&\w+;")
    for text in every_text():
        one, many = text if isinstance(text, tuple | list) else (text, text)
        plural = isinstance(text, tuple | list)
        for number, original in ((1, one), (2, many)):
            said = load(language).ngettext(one, many, number) if plural else load(language).gettext(text)
            assert said != original
            assert kept.findall(said) == kept.findall(original)


def test_a_text_that_was_not_gathered_stays_as_it_is():
    assert load("en-XA").gettext("Never gathered") == "Never gathered"


def test_the_longer_text_is_accented_and_in_brackets():
    assert lengthened("Sign out") == "⟦Šîîĝñ ööûûţ⟧"
    assert lengthened("%(count)s of {all} &amp; <b>%%</b>") == "⟦%(count)s ööƒ {all} &amp; <b>%%</b>⟧"
    texts = [text for text in every_text() if isinstance(text, str) and "%" not in text]
    assert 1.3 < sum(map(len, map(lengthened, texts))) / sum(map(len, texts)) < 1.5


def test_the_mirrored_text_has_each_word_turned_around():
    turned = "\u200f\u202e{}\u202c\u200f".format
    assert mirrored("Sign out") == f"{turned('Sign')} {turned('out')}"
    assert mirrored("You left “%(name)s”") == f"{turned('You')} {turned('left')} {turned('“')}%(name)s{turned('”')}"


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("language", ["ar-XB"])
@pytest.mark.parametrize("path", PATHS)
async def test_the_mirrored_page_runs_from_right_to_left(visitor, path):
    page = await arrived(visitor, path)
    assert (page.one("html")["lang"], page.one("html")["dir"]) == ("ar-XB", "rtl")
    assert page.headers["Content-Language"] == "ar-XB"
    assert "⟦" not in page.text


@pytest.mark.parametrize("language", ["ar-XB"])
async def test_what_is_dialled_or_typed_elsewhere_keeps_its_order(visitor):
    numbers = (await visitor.page("/organizations")).all("a", href="tel:+4640123456")
    assert {number["dir"] for number in numbers} == {"ltr"}
    setup = await visitor.page("/security-info/methods/m9/setup")
    assert setup.one("code", id="key")["dir"] == setup.one("input", id="code")["dir"] == "ltr"
    assert (await visitor.page("/api/docs")).one("article")["dir"] == "ltr"


@pytest.mark.parametrize("language", ["ar-XB"])
async def test_the_signs_that_point_a_way_can_be_turned_around(visitor):
    for path, ways in (("/", ("leave", "forward")), ("/privacy", ("external",)), ("/devices/d0/rename", ("back",))):
        html = (await visitor.page(path)).html
        for way in ways:
            drawn = re.findall(rf'<svg class="([^"]*)"[^>]*><use href="[^"]*#{way}"', html)
            assert set(drawn) == {"icon icon-way"}


async def test_the_pseudo_languages_are_offered_and_kept(visitor):
    page = await visitor.page("/")
    assert [button["value"] for button in page.all("button", name="language")] == [*LANGUAGES, *PSEUDO_LANGUAGES]
    assert page.one("button", aria_current="true")["value"] == "en-XA"
    response = await visitor.post("/language", {"language": "ar-XB", "return_to": "/devices"})
    assert response.cookies["language"].value == "ar-XB"


async def test_the_pseudo_languages_are_unknown_where_nobody_asked_for_them(portal):
    assert Settings.model_fields["pseudo_locale"].default is False
    async with TestClient(TestServer(portal.app()), cookies={"language": "en-XA"}) as client:
        page = await (visitor := Visitor(client)).page("/")
        assert (page.one("html")["lang"], page.one("html")["dir"]) == ("en", "ltr")
        assert [button["value"] for button in page.all("button", name="language")] == ["en", "sv"]
        assert "language" not in (await visitor.post("/language", {"language": "ar-XB"})).cookies


async def test_dates_and_numbers_are_english(visitor):
    assert "4 March 2025" in (await visitor.page("/security-info")).text
