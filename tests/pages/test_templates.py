"""Every page in every state: landmarks, headings, labels, and nothing that the content security policy forbids."""

from datetime import timedelta

import pytest

from gateway.rendering import environment, prepare
from gateway.rendering.people import initials
from shared.contracts import gateway as gateway_contract
from shared.contracts.devices import Place
from shared.contracts.envelope import Client
from shared.contracts.privacy import Activity
from shared.facts import now
from shared.telling.languages import LANGUAGES
from tests.pages import declared, sign_ins

FORMS = ("authenticator-app", "security-key", "phone", "email", "security-questions", "recovery-codes", "app-password")
PATHS = [
    "/",
    "/security-info",
    "/security-info?done=added",
    "/security-info/add",
    *(f"/security-info/add/{type_}" for type_ in FORMS),
    "/security-info/methods/m0/rename",
    "/security-info/methods/m0/remove",
    "/security-info/methods/m8/change",
    "/security-info/methods/m10/change",
    "/security-info/methods/m9/setup",
    "/devices",
    "/devices?done=disabled-unsafe",
    "/activity?part=sign_ins&by=unknown&from=2026-03-01&to=2026-03-02",
    "/activity?from=yesterday&to=%3Cscript%3E",
    "/devices?done=disabled-gone",
    "/devices?done=asked-back",
    "/devices/d0/rename",
    "/devices/d0/disable",
    "/devices/d0/recovery-keys?done=asked",
    "/organizations",
    "/organizations?done=left",
    "/organizations/fabrikam/leave",
    "/privacy",
    "/privacy?done=accepted",
    "/privacy?done=disconnected",
    "/privacy/terms/contoso~portal",
    "/privacy/services/contoso~expenses/disconnect",
    "/sessions",
    "/sessions?done=ended",
    "/sessions/sign-out-everywhere",
    "/settings",
    "/settings?done=saved",
    "/activity",
    "/activity?q=x&before=1.e",
    "/signed-out",
    "/problems/setup_ended",
    "/problems/no_such",
]
STATES = {
    "none": ((), 0),
    "one": (("Phone",), 12),
    "everything": ((), 12),
    "five": (("Phone", "long", "rtl", "<script>alert(1)</script>", "x" * 60), 25),
}


@pytest.fixture(params=STATES)
def state(request, portal, canned):
    names, length = STATES[request.param]
    names = [{"long": canned.LONG, "rtl": canned.RIGHT_TO_LEFT}.get(name, name) for name in names]
    portal.has(canned.methods(*names), canned.history(length))
    if request.param == "everything":
        portal.has(canned.everything(), sign_ins.every_way())
    if request.param == "five":
        portal.privacy.answers["getActivity"] = canned.history(length).model_copy(update={"entries": sign_ins.HOSTILE})
        portal.change_password = "https://provider.example/password"
        portal.signs_in(canned.a_session("x" * 80, "<script>@contoso.example", client=Client(os="<b>", city="x" * 60)))
        kinds = ("laptop", "desktop", "phone", "tablet", "other")
        portal.owns(
            *(canned.device(name, kind=kind) for name, kind in zip(names, kinds, strict=True)),
            canned.disabled("Watch", "newer reason", kind="watch", os=None, maker=None, model=None),
            canned.disabled("Watch", asked_back_at=now(), recovery_keys=2, managed_name="<script>alert(1)</script>"),
            canned.device(
                "<script>alert(1)</script>",
                compliance="not_compliant",
                compliance_reasons=("<script>alert(1)</script>", canned.RIGHT_TO_LEFT),
                last_place=Place(country="XX", city="<script>alert(1)</script>"),
                registered_at=now(),
            ),
            canned.device("x" * 60, compliance="not_compliant", organization_id="unknown", last_active_at=None),
        )
        portal.belongs_to(
            canned.organization(name="<script>alert(1)</script>"),
            canned.organization(
                "fabrikam", canned.RIGHT_TO_LEFT, contacts=(canned.contact("newer", email="a@b.example"),)
            ),
            canned.organization("x", "x" * 60, contacts=(), privacy_statement=None, invited_by="x" * 120, owner=True),
            canned.organization("stay", "Stay", can_leave=False, cannot_leave="forbidden", ask="help"),
            title="<script>alert(1)</script>",
            office="x" * 120,
        )
        portal.declares(**declared.EVERYTHING)
        portal.privacy.answers["getTerms"] = declared.text(
            shown_title="<script>alert(1)</script>", shown_language="ar", languages=("ar", "xx", "sv-FI"), version="1"
        )
    if request.param == "none":
        portal.signs_in(canned.a_session(None, None))
        portal.owns()
        portal.belongs_to(name=None, email=None)


async def arrived(visitor, path, **headers):
    """Give the page, or the one that it leads to: a type of which there is one set leads to replacing it."""
    page = await visitor.page(path, **headers)
    return await visitor.page(page.headers["Location"], **headers) if page.status == 303 else page


@pytest.mark.parametrize("pseudo", [False, True])
def test_every_template_compiles(pseudo: bool):  # noqa: FBT001  # a parameter of the test
    prepare(pseudo=pseudo)
    assert {environment(language).globals["language"] for language in LANGUAGES} == LANGUAGES.keys()


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
async def test_a_page_is_well_made(visitor, path, language):
    page = await arrived(visitor, path, Cookie=f"language={language}")
    assert page.one("html")["lang"] == language == page.headers["Content-Language"]
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("header")) == len(page.all("title")) == 1
    assert page.one("a", class_="skip")["href"] == "#" + page.one("main")["id"]
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.elements:
        for reference in ("aria-labelledby", "aria-describedby", "for"):
            assert set((attrs.get(reference) or "").split()) <= set(ids)


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("path", PATHS)
async def test_a_page_keeps_to_the_content_security_policy(visitor, portal, path):
    page = await arrived(visitor, path)
    assert not page.all("style")
    assert "<script>alert" not in page.html
    assert all(attrs["src"].startswith("/static/") for attrs in page.all("script"))
    for _, attrs in page.elements:
        assert "style" not in attrs
        assert not [name for name in attrs if name.startswith("on")]
        for name in ("href", "src", "action"):
            address = attrs.get(name) or "/"
            away = address.startswith("https://") and address != portal.change_password
            assert not away or attrs["rel"] == "noopener noreferrer"
            assert away or address.startswith(
                ("/", "#", "otpauth://", "mailto:", "tel:", portal.change_password or "/")
            )


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("path", PATHS)
async def test_every_field_has_a_label_and_every_form_a_command(visitor, path):
    page = await arrived(visitor, path)
    labelled = {attrs.get("for") for attrs in page.all("label")}
    fields = [attrs for attrs in page.all("input") if attrs.get("type") not in {"hidden", "radio"}]
    assert all(attrs["id"] in labelled for attrs in fields)
    own = [form for form in page.all("form", method="post") if form["action"] not in {"/language", "/sign-out"}]
    assert len(page.all("input", name="command")) == len(own)


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", "/"),
        ("/activity", "/activity"),
        ("/security-info", "/security-info"),
        ("/security-info/add", None),
        ("/devices", "/devices"),
        ("/devices/d0/rename", None),
        ("/organizations", "/organizations"),
        ("/privacy", "/privacy"),
        ("/privacy/terms/contoso~portal", None),
        ("/sessions", "/sessions"),
        ("/sessions/sign-out-everywhere", None),
    ],
)
async def test_the_navigation_tells_where_one_is(visitor, path, current):
    page = await visitor.page(path)
    assert [link["href"] for link in page.all("a", aria_current="page")] == ([current] if current else [])
    assert len(page.all("a", aria_current="true")) == (0 if current else 1)
    assert page.one("button", aria_current="true")["value"] == "en"
    assert page.one("input", name="return_to")["value"] == path


async def test_someone_without_methods_is_led_to_add_one(visitor, portal, canned):
    portal.has(canned.methods(), Activity(entries=(), next=None))
    overview, listed = await visitor.page("/"), await visitor.page("/security-info")
    assert "No methods yet" in overview.text
    assert overview.one("a", class_="button")["href"] == "/security-info/add"
    assert listed.one("a", class_="button")["href"] == "/security-info/add"


async def test_the_overview_counts_the_methods_and_names_the_default(visitor, portal, canned):
    portal.has(canned.methods("Phone", "Tablet", default=1))
    page = await visitor.page("/")
    assert "2 methods Phone Tablet Default method" in page.text
    portal.has(canned.methods("Phone"))
    assert "1 method Phone" in (await visitor.page("/")).text


async def test_only_others_can_be_made_the_default(visitor, portal, canned):
    portal.has(canned.methods("Phone", "Tablet", default=1))
    page = await visitor.page("/security-info")
    actions = [form["action"] for form in page.all("form") if form["action"].endswith("/default")]
    assert actions == ["/security-info/methods/m0/default"]


async def test_the_setup_shows_the_code_as_a_picture_and_as_text(visitor, canned):
    page = await visitor.page("/security-info/methods/m9/setup")
    setup = canned.setup()
    assert page.one("div", role="img")["aria-label"]
    assert setup.key in page.text
    assert setup.issuer in page.text
    assert page.all("a", href=setup.uri)


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=3), "3 minutes ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(seconds=-30), "just now"),
    ],
)
async def test_the_newest_entries_tell_how_long_ago_they_were(visitor, portal, canned, age, said):
    event = gateway_contract.SessionStarted(session_id="s")
    portal.has(canned.methods(), Activity(entries=(canned.entry(event, age=age),), next=None))
    page = await visitor.page("/")
    assert said in page.text
    assert page.one("time")["datetime"].endswith("Z")


async def test_who_and_where_is_told_when_it_is_known(visitor, portal, canned):
    portal.has(canned.methods(), canned.history())
    page = await visitor.page("/activity", Cookie="language=sv")
    assert "Firefox, Linux Malmö, Sverige" in page.text
    assert "Av din organisation: en administratör eller något av dess system" in page.text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alice Lindqvist", "AL"),
        ("alice", "A"),
        ("anna.berg@contoso.example", "AB"),
        ("Chandra de la Väisänen", "CV"),
        ("123 456", ""),
        ("", ""),
        ("李 小龍", "李小"),
    ],
)
def test_a_person_has_letters_for_a_picture(name, letters):
    assert initials(name) == letters


def test_a_method_type_is_never_left_without_words():
    words = environment("en").globals["method_words"]("carrier-pigeon")
    assert words.label.said("sv") == "Annan metod"
