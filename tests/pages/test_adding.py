"""Adding methods of every type: what is asked, what comes of it, and what is told where it cannot be."""

import pytest

from gateway.pages.adding import free_name
from shared.contracts import security_info as contract
from shared.contracts.problem import FieldProblem, Invalid, TooManyChanges

COMMAND = "0" * 32
ADD = "/security-info/add"
SETUP = "/security-info/methods/m9/setup"
TOO_LONG = Invalid(errors=[FieldProblem(pointer="/name", key="string_too_long", limit=60)])
TYPES = ("authenticator-app", "security-key", "phone", "recovery-codes", "email", "security-questions", "app-password")
ANSWERS = {
    "question_0": "first-pet",
    "answer_0": "Rex",
    "question_1": "street",
    "answer_1": "<b>Main</b>",
    "question_2": "first-job",
    "answer_2": "Mill",
}


def refused(*faults):
    return Invalid(errors=[FieldProblem(pointer=pointer, key=key, limit=limit) for pointer, key, limit in faults])


async def test_the_types_that_can_be_added_are_cards_in_their_order(visitor, portal, canned):
    portal.has(canned.methods("Phone"))
    page = await visitor.page(ADD)
    assert [link["href"] for link in page.all("a", class_="card kind")] == [f"{ADD}/{type_}" for type_ in TYPES]


async def test_what_cannot_be_added_is_told_with_why_and_by_whom(visitor, portal, canned):
    portal.has(canned.everything())
    page = await visitor.page(ADD)
    assert "App password Not allowed by Fabrikam and unknown ." in page.text
    assert page.all("a", href=f"{ADD}/recovery-codes?replaces=m4")
    assert "You have these. New ones would take their place." in page.text
    assert "You have one. A new one would take its place." in page.text
    portal.has(canned.info(canned.method("E-mail", "email")))
    assert "You have these." not in (await visitor.page(ADD)).text
    portal.has(canned.methods(*"abcde"))
    page = await visitor.page(ADD)
    assert "There can be 5, and you have that many." in page.text
    assert not page.all("a", href=f"{ADD}/authenticator-app")


async def test_what_would_not_serve_is_no_replacement(visitor, portal, canned):
    portal.has(canned.everything())
    page = await visitor.page(f"{ADD}?replaces=m0")
    assert "This takes the place of another method “ Work phone ” stays in use until the new one is ready" in page.text
    assert [link["href"] for link in page.all("a", class_="card kind")] == [
        f"{ADD}/authenticator-app?replaces=m0",
        f"{ADD}/security-key?replaces=m0",
    ]
    assert page.text.count("It cannot stand in for the other one.") == 3


@pytest.mark.parametrize(
    ("replaced", "types"),
    [
        ("m0", ["authenticator-app", "security-key", "phone", "email", "security-questions"]),
        ("m1", ["app-password"]),
        ("m2", ["recovery-codes", "authenticator-app", "security-key", "phone"]),
    ],
    ids=["an app", "an app password", "recovery codes"],
)
async def test_only_what_serves_the_same_is_a_replacement(visitor, portal, canned, replaced, types):
    app, password = canned.method(), canned.method("Mail", "app-password")
    portal.has(canned.info(app, password, canned.method(type_="recovery-codes")))
    page = await visitor.page(f"{ADD}?replaces={replaced}")
    assert {link["href"] for link in page.all("a", class_="card kind")} == {
        f"{ADD}/{type_}?replaces={replaced}" for type_ in types
    }


async def test_one_of_as_many_as_there_can_be_can_be_replaced(visitor, portal, canned):
    portal.has(canned.methods(*"abcde"))
    assert (await visitor.page(f"{ADD}/authenticator-app")).headers["Location"] == ADD
    page = await visitor.page(f"{ADD}/authenticator-app?replaces=m2")
    assert page.one("input", name="replaces")["value"] == "m2"
    assert (await visitor.page(f"{ADD}/security-key?replaces=nope")).status == 200, "it is gone, so there is room"
    page = await visitor.page(f"{ADD}/security-key?replaces=nope")
    assert page.all("input", name="replaces") == []


async def test_the_only_set_that_there_can_be_is_replaced(visitor, portal, canned):
    portal.has(canned.everything())
    page = await visitor.page(f"{ADD}/recovery-codes")
    assert (page.status, page.headers["Location"]) == (303, f"{ADD}/recovery-codes?replaces=m4")
    page = await visitor.page(page.headers["Location"])
    assert "The codes that you have now stop working at once." in page.text


async def test_what_is_not_allowed_leads_to_where_it_is_told_why(visitor, portal, canned):
    portal.has(canned.everything())
    assert (await visitor.page(f"{ADD}/app-password")).headers["Location"] == ADD


@pytest.mark.parametrize("type_", ["carrier-pigeon", "app-password"])
async def test_a_type_that_is_not_there_is_not_found(visitor, portal, canned, type_):
    portal.has(canned.info(can_add=canned.offers(without=("app-password",))))
    assert (await visitor.page(f"{ADD}/{type_}")).status == 404


async def test_nobody_adds_what_no_form_is_for(visitor, portal):
    assert (await visitor.send(f"{ADD}/carrier-pigeon", name="x")).status == 404
    assert "addMethod" not in [name for name, _ in portal.security_info.asked]


async def test_adding_leads_to_the_steps_of_the_setup(visitor, portal, canned):
    portal.security_info.answers["addMethod"] = contract.MethodStarted(canned.setup())
    page = await visitor.send(f"{ADD}/authenticator-app", name="Work phone", command=COMMAND)
    assert (page.status, page.headers["Location"]) == (303, SETUP)
    given = portal.security_info.last("addMethod")
    assert given["body"] == {"type": "authenticator-app", "name": "Work phone"}
    assert given["headers"]["Idempotency-Key"] == COMMAND


async def test_what_is_replaced_goes_along_to_the_end(visitor, portal, canned):
    portal.security_info.answers["addMethod"] = contract.MethodStarted(canned.setup())
    page = await visitor.send(f"{ADD}/authenticator-app", name="New", replaces="m0")
    assert page.headers["Location"] == f"{SETUP}?replaces=m0"
    assert portal.security_info.last("addMethod")["body"]["replaces"] == "m0"
    begun = canned.setup()
    portal.security_info.answers["getMethodSetup"] = contract.MethodStarted(begun.model_copy(update={"replaces": "m0"}))
    page = await visitor.page(f"{SETUP}?replaces=m0")
    assert "“ Work phone ” stays in use until the new one is ready" in page.text
    assert page.all("form", action=f"{SETUP}?replaces=m0")
    portal.security_info.answers["confirmMethod"] = canned.method()
    page = await visitor.send(f"{SETUP}?replaces=m0", code="123456")
    assert page.headers["Location"] == "/security-info?done=replaced"


async def test_a_refused_name_stays_in_its_field_with_what_is_wrong(visitor, portal):
    portal.security_info.answers["addMethod"] = TOO_LONG
    page = await visitor.send(f"{ADD}/authenticator-app", name="<b>long</b>", command=COMMAND)
    field = page.one("input", id="name")
    assert page.status == 422
    assert field["value"] == "<b>long</b>"
    assert field["aria-invalid"] == "true"
    assert "name-fault" in field["aria-describedby"]
    assert "autofocus" in field
    assert page.one("input", name="command")["value"] != COMMAND
    assert "Use at most 60 characters." in page.text
    assert page.text.startswith("Error:")


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (contract.MethodLimitReached(limit=5), "There can be at most 5 methods"),
        (contract.MethodTypeNotAllowed(organizations=["contoso"]), "This type of method cannot be used"),
        (contract.MethodNeeded(purpose="two_step", required=2, organizations=[]), "for two-step verification"),
    ],
)
async def test_what_keeps_it_from_being_added_is_told_above_the_form(visitor, portal, problem, said):
    portal.security_info.answers["addMethod"] = problem
    page = await visitor.send(f"{ADD}/security-key", name="Kept", command=COMMAND)
    assert page.status == problem.status
    assert said in page.text
    assert page.one("input", id="name")["value"] == "Kept"


async def test_any_other_refusal_is_a_page_of_its_own(visitor, portal):
    portal.security_info.answers["addMethod"] = TooManyChanges(retry_after=7)
    assert (await visitor.send(f"{ADD}/security-key", name="x")).status == 429


async def test_a_name_to_begin_with_is_free_and_in_ones_language(canned):
    assert free_name(canned.methods(), "authenticator-app", "sv") == "Autentiseringsapp"
    taken = canned.methods("Security key", "Security key 2")
    assert free_name(taken, "security-key", "en") == "Security key 3"


@pytest.mark.parametrize(("ticked", "sent"), [({"discoverable": "yes"}, True), ({}, False)])
async def test_a_key_can_be_a_passkey(visitor, portal, canned, ticked, sent):
    portal.security_info.answers["addMethod"] = contract.MethodStarted(canned.key_setup())
    page = await visitor.send(f"{ADD}/security-key", name="Blue", **ticked)
    assert page.headers["Location"] == SETUP
    assert portal.security_info.last("addMethod")["body"] == {
        "type": "security-key",
        "name": "Blue",
        "discoverable": sent,
    }


async def test_the_choice_of_a_passkey_is_made_and_stays_as_it_was_made(visitor, portal):
    assert "checked" in (await visitor.page(f"{ADD}/security-key")).one("input", id="discoverable")
    portal.security_info.answers["addMethod"] = TOO_LONG
    assert "checked" not in (await visitor.send(f"{ADD}/security-key", name="x")).one("input", id="discoverable")
    page = await visitor.send(f"{ADD}/security-key", name="x", discoverable="yes")
    assert "checked" in page.one("input", id="discoverable")


async def test_as_many_questions_are_asked_as_are_to_be_registered_the_organizations_under_its_name(visitor):
    page = await visitor.page(f"{ADD}/security-questions")
    assert [attrs["name"] for attrs in page.all("select")] == ["question_0", "question_1", "question_2"]
    assert [attrs["label"] for attrs in page.all("optgroup")] == ["Contoso"] * 3
    assert len(page.all("option", value="street")) == 3


async def test_questions_are_registered_with_their_answers(visitor, portal):
    portal.security_info.answers["addMethod"] = contract.MethodStarted(contract.MethodDone(method_id="m9"))
    page = await visitor.send(f"{ADD}/security-questions", command=COMMAND, **ANSWERS)
    assert (page.status, page.headers["Location"]) == (303, "/security-info?done=added")
    assert portal.security_info.last("addMethod")["body"] == {
        "type": "security-questions",
        "answers": [
            {"question_id": "first-pet", "answer": "Rex"},
            {"question_id": "street", "answer": "<b>Main</b>"},
            {"question_id": "first-job", "answer": "Mill"},
        ],
    }


async def test_each_fault_stands_at_its_field_and_what_was_typed_stays(visitor, portal):
    portal.security_info.answers["addMethod"] = refused(
        ("/answers/0/question_id", "string_too_short", 1),
        ("/answers/1/question_id", "question_repeated", None),
        ("/answers/2/answer", "string_too_short", 3),
    )
    page = await visitor.send(f"{ADD}/security-questions", **(ANSWERS | {"question_0": ""}))
    assert page.status == 422
    assert {attrs["href"] for attrs in page.all("a") if attrs["href"].startswith("#")} == {
        "#content",
        "#question_0",
        "#question_1",
        "#answer_2",
    }
    for said in ("Choose question 1.", "you have chosen this one already", "Use at least 3 characters."):
        assert page.text.count(said) == 2
    assert [attrs["value"] for attrs in page.all("option") if "selected" in attrs] == ["street", "first-job"]
    assert page.one("input", id="answer_1")["value"] == "<b>Main</b>"
    assert page.one("select", id="question_1")["aria-describedby"] == "question_1-fault"


async def test_what_is_wrong_with_all_answers_stands_at_the_first(visitor, portal):
    portal.security_info.answers["addMethod"] = refused(("/answers", "how_many_answers", 4))
    page = await visitor.send(f"{ADD}/security-questions", **ANSWERS)
    assert page.text.count("Answer 4 questions.") == 2


async def test_an_app_password_is_shown_at_once_and_kept_nowhere(visitor, portal):
    shown = contract.AppPasswordShown(method_id="m9", name="Mail <b>", password="ABCD-EFGH-JKMN")
    portal.security_info.answers["addMethod"] = contract.MethodStarted(shown)
    page = await visitor.send(f"{ADD}/app-password", name="Mail <b>", command=COMMAND)
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert "ABCD-EFGH-JKMN" in page.text
    assert 'action="/language"' not in page.html, "choosing a language would lose what is shown once"
    assert page.one("button", data_copies="secret")
    assert page.all("a", href="/security-info?done=added")


async def test_recovery_codes_are_shown_to_be_printed_and_copied(visitor, portal, canned):
    shown = contract.RecoveryCodesShown(method_id="m9", codes=canned.CODES)
    portal.security_info.answers["addMethod"] = contract.MethodStarted(shown)
    page = await visitor.send(f"{ADD}/recovery-codes", replaces="m4", command=COMMAND)
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    assert all(page.text.count(code) == 1 for code in canned.CODES)
    assert page.all("button", data_copies="secret")
    assert "What it replaces works no more." in page.text
    assert page.all("a", href="/security-info?done=kept")
    assert portal.security_info.last("addMethod")["body"] == {"type": "recovery-codes", "replaces": "m4"}


@pytest.mark.parametrize(
    ("type_", "way"),
    [
        ("app-password", "/security-info/methods/m9/remove"),
        ("recovery-codes", f"{ADD}/recovery-codes?replaces=m9"),
    ],
)
async def test_what_was_shown_once_is_not_shown_again_and_there_is_a_way_on(visitor, portal, type_, way):
    portal.security_info.answers["addMethod"] = contract.ShownOnce(method_id="m9")
    page = await visitor.send(f"{ADD}/{type_}", name="Mail", command=COMMAND)
    assert page.status == 409
    assert page.all("a", href=way)
    assert page.all("a", href="/security-info", class_="button")


async def test_what_was_typed_in_the_place_of_what_is_gone_meanwhile_stays(visitor, portal):
    portal.security_info.answers["addMethod"] = contract.MethodNotFound()
    page = await visitor.send(f"{ADD}/security-questions", replaces="gone", command=COMMAND, **ANSWERS)
    assert page.status == 404
    assert "The method was not found" in page.text
    for place in range(3):
        assert page.one("input", id=f"answer_{place}")["value"] == ANSWERS[f"answer_{place}"]
    assert [attrs["value"] for attrs in page.all("option") if "selected" in attrs] == [
        "first-pet",
        "street",
        "first-job",
    ]
    assert page.all("input", name="replaces") == []
    portal.security_info.answers["addMethod"] = contract.MethodStarted(contract.MethodDone(method_id="m9"))
    page = await visitor.send(f"{ADD}/security-questions", **ANSWERS)
    assert page.headers["Location"] == "/security-info?done=added"
    assert "replaces" not in portal.security_info.last("addMethod")["body"]
