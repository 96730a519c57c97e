"""How people are asked for a recent proof, and how they get back to what they were doing."""

import json
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestClient, TestServer

from gateway import pages
from gateway.pages.prove import proving
from gateway.sessions import KeptProof
from shared.contracts import devices as device_contract
from shared.contracts import security_info as contract
from shared.contracts.problem import CommandReused, FieldProblem, Invalid
from shared.facts import now
from tests.pages.conftest import FakeKeeper, FakeService, Portal, Visitor

TOKEN = "a.proof.token"
SCOPE_OF = {pages.PAGES[place]: scope for place, scope in pages.NEEDS_PROOF.items()}
DISABLE = "/devices/d0/disable"
OPTIONS = {"challenge": "bm9uY2U", "rpId": "localhost", "allowCredentials": [{"id": "a\"'<b>&", "type": "public-key"}]}
CREDENTIAL = json.dumps({"id": "a", "response": {}})
TOO_OLD = contract.SignInTooOld(max_age=600)


class Scripted(FakeService):
    """Answer with what was put there; of a list, with one after the other."""

    async def call(self, endpoint, principal, **given):
        answers = self.answers.get(endpoint.name)
        if not isinstance(answers, list):
            return await super().call(endpoint, principal, **given)
        self.answers[endpoint.name] = answers[0]
        try:
            return await super().call(endpoint, principal, **given)
        finally:
            self.answers[endpoint.name] = answers[1:] or answers

    def count(self, name):
        return sum(asked == name for asked, _ in self.asked)


class Keeping(FakeKeeper):
    async def keep_proof(self, session_id, proof, _command):
        self.sessions[session_id] = self.sessions[session_id].model_copy(update={"proof": proof})


class Proving(Portal):
    """The portal with its demand for proofs."""

    def __init__(self):
        super().__init__()
        self.security_info = Scripted()
        self.keeper = Keeping()
        self.signs_in(self.session)

    def _visited(self, page):
        scope = SCOPE_OF.get(page)
        inner = super()._visited(partial(proving, page=page, scope=scope) if scope else page)

        async def visit(request):
            self.session = self.keeper.sessions["s"]
            return await inner(request)

        return visit

    def can_prove_with(self, *methods, otherwise=None):
        ids = tuple(one.id for one in methods if one.type != "app-password")
        self.security_info.answers["getSecurityInfo"] = contract.SecurityInfo(
            methods=methods,
            default_method=None,
            can_add=(),
            not_offered=(),
            requirements=(),
            needs=(),
            proof=contract.ProofOptions(methods=ids, otherwise=otherwise or (None if ids else "sign_in")),
        )

    def proves(self, lifetime=timedelta(minutes=10)):
        proof = KeptProof(token=TOKEN, scopes=contract.SCOPES, expires_at=now() + lifetime)
        self.signs_in(self.session.model_copy(update={"proof": proof}))

    @property
    def proof(self):
        return self.keeper.sessions["s"].proof


def method(id_="m0", type_="authenticator-app", name="Work phone", locked_for=None):
    until = now() + locked_for if locked_for else None
    return contract.Method(
        id=id_,
        type=type_,
        name=name,
        purposes=("two_step",),
        barred_by={},
        added_at=datetime(2025, 3, 4, 9, 30, tzinfo=UTC),
        last_used_at=None,
        is_default=False,
        can_be_default=True,
        can_be_renamed=True,
        needed_for=(),
        locks=(contract.Lock(purpose="proof", until=until),) if until else (),
    )


def key(id_="k0", name="Blue key", **more):
    return method(id_, "security-key", name, **more)


def recovery(**more):
    return method("r0", "recovery-codes", "Recovery codes", **more)


def given(lifetime=timedelta(minutes=10)):
    return contract.ProofGiven(proof=TOKEN, scopes=contract.SCOPES, expires_at=now() + lifetime)


def challenge(id_="c0", **changed):
    facts = {"id": id_, "kind": "code", "method_id": "m0", "expires_at": now() + timedelta(minutes=5)}
    return contract.ProofChallenge(**facts | changed)


def by_sign_in():
    return challenge(kind="none", method_id=None, given=given())


@pytest.fixture
def portal(canned):
    made = Proving()
    made.can_prove_with(method())
    made.owns(canned.device())
    made.belongs_to(canned.organization(), canned.organization("fabrikam", "Fabrikam"))
    made.security_info.answers |= {"startProof": challenge(), "answerProof": given()}
    made.devices.answers["disableDevice"] = canned.disabled()
    return made


@pytest.fixture
async def visitor(portal):
    async with TestClient(TestServer(portal.app())) as client:
        yield Visitor(client)


def fields_of(page):
    """Give what the form of the proof, the last of the page, would send."""
    start = page.elements.index(("form", page.one("form", class_="proof")))
    inputs = [attrs for tag, attrs in page.elements[start:] if tag == "input"]
    return {one["name"]: one.get("value") or "" for one in inputs}


def ways(page):
    return [one["value"] for one in page.all("button", name="proof_choose")]


@pytest.mark.parametrize("place", [place for place in pages.NEEDS_PROOF if place[0] == "GET"], ids=lambda one: one[1])
async def test_a_page_that_needs_a_proof_leads_through_it(visitor, place):
    path = re.sub(r"\{\w+\}", "x", place[1])
    answer = await visitor.get(f"{path}?a=1")
    assert answer.status == 303
    assert answer.headers["Location"] == f"/prove?return_to={quote(f'{path}?a=1', safe='')}"


async def test_a_right_code_leads_back_and_the_proof_is_kept_with_the_session_only(visitor, portal):
    page = await visitor.page(f"/prove?return_to={quote(DISABLE)}")
    assert page.status == 200
    assert "Work phone" in page.text
    assert page.one("a", href="/devices", class_="button button-quiet")
    answer = await visitor.send("/prove", **{**fields_of(page), "proof_code": " 123 456 "})
    assert answer.status == 303
    assert answer.headers["Location"] == DISABLE
    assert portal.proof.token == TOKEN
    assert TOKEN not in f"{dict(answer.headers)}{answer.html}"
    assert portal.security_info.last("startProof")["body"] == {"method_id": "m0"}
    assert portal.security_info.last("answerProof")["body"] == {"code": "123 456"}
    assert portal.security_info.last("answerProof")["path"] == {"challenge_id": "c0"}
    assert (await visitor.page(DISABLE)).status == 200


async def test_with_a_proof_nobody_is_asked(visitor, portal):
    portal.proves()
    assert (await visitor.page(f"/prove?return_to={quote(DISABLE)}")).headers["Location"] == DISABLE
    assert (await visitor.page(DISABLE)).status == 200
    assert portal.security_info.count("startProof") == 0


async def test_a_proof_that_is_about_to_end_is_asked_for_before_a_form_is_shown_yet_takes_the_form(visitor, portal):
    portal.proves(timedelta(seconds=60))
    assert (await visitor.page(DISABLE)).headers["Location"].startswith("/prove?")
    assert (await visitor.send(DISABLE, reason="lost")).headers["Location"] == "/devices?done=disabled"
    assert portal.devices.last("disableDevice")["headers"]["Proof"] == TOKEN


async def test_an_interrupted_form_is_carried_along_and_then_carried_out_as_it_was(visitor, portal):
    sent = {"command": "c1", "reason": "lost", "note": "\"><script>alert('å')</script>&amp;"}
    page = await visitor.send(DISABLE, **sent)
    assert page.status == 200
    assert portal.devices.asked == []
    assert "<script>" not in page.html
    assert page.one("form", class_="proof")["action"] == DISABLE
    carried = fields_of(page)
    assert sent.items() <= carried.items()
    assert "return_to" not in carried
    wrong = contract.CodeIncorrect(attempts_left=4)
    portal.security_info.answers["answerProof"] = [wrong, given()]
    again = await visitor.send(DISABLE, **{**carried, "proof_code": "000000"})
    assert again.status == 422
    assert "4 attempts left" in again.text
    assert sent.items() <= fields_of(again).items()
    assert fields_of(again)["proof_code"] == ""
    assert fields_of(again)["proof_command"] != carried["proof_command"]
    done = await visitor.send(DISABLE, **{**fields_of(again), "proof_code": "123456"})
    assert done.headers["Location"] == "/devices?done=disabled"
    asked = portal.devices.last("disableDevice")
    assert asked["body"] == {"reason": "lost"}
    assert asked["headers"]["Idempotency-Key"] == "c1"
    assert asked["headers"]["Proof"] == TOKEN


async def test_the_address_of_an_interrupted_form_keeps_its_query(visitor):
    page = await visitor.send("/security-info/methods/m9/setup?replaces=m0", code="123456")
    assert page.one("form", class_="proof")["action"] == "/security-info/methods/m9/setup?replaces=m0"


async def test_a_field_of_the_form_that_is_named_like_a_proof_is_not_carried(visitor):
    page = await visitor.send(DISABLE, reason="lost", proof_credential="x", proof_other="y")
    assert "proof_other" not in fields_of(page)


async def test_a_recent_sign_in_proves_without_a_question_and_without_a_detour(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = by_sign_in()
    assert (await visitor.page(DISABLE)).status == 200
    assert portal.proof.token == TOKEN
    assert portal.security_info.last("startProof")["body"] == {}


async def test_a_recent_sign_in_proves_for_a_form_too(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = by_sign_in()
    assert (await visitor.send(DISABLE, reason="lost")).headers["Location"] == "/devices?done=disabled"
    assert (await visitor.page("/prove?return_to=/devices")).headers["Location"] == "/devices"


async def test_a_sign_in_that_is_too_old_is_made_anew_and_leads_back(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = TOO_OLD
    assert (await visitor.page(DISABLE)).headers["Location"] == f"/prove?return_to={quote(DISABLE, safe='')}"
    page = await visitor.page(f"/prove?return_to={quote(DISABLE)}")
    assert page.status == 200
    (again,) = [one for one in page.all("a") if (one["href"] or "").startswith("/sign-in?")]
    assert again["href"] == f"/sign-in?again=1&return_to={quote(DISABLE, safe='')}"
    assert page.all("a", target="_blank") == []


async def test_a_sign_in_that_is_too_old_for_a_form_is_made_anew_in_another_tab(visitor, portal):
    portal.can_prove_with()
    portal.security_info.answers["startProof"] = TOO_OLD
    page = await visitor.send(DISABLE, reason="lost")
    assert page.status == 200
    assert page.one("a", target="_blank")["href"] == "/sign-in?again=1&return_to=%2Fprove%2Fdone"
    assert "Go back to the tab" in (await visitor.page("/prove/done")).text
    portal.security_info.answers["startProof"] = by_sign_in()
    assert (await visitor.send(DISABLE, **fields_of(page))).headers["Location"] == "/devices?done=disabled"


async def test_another_way_is_chosen_and_what_was_typed_for_the_first_is_not_tried(visitor, portal):
    portal.can_prove_with(method(), method("m1", name="Tablet"), recovery(), otherwise="temporary_access_code")
    page = await visitor.page("/prove?return_to=/devices")
    assert ways(page) == ["m1", "r0", "access-code"]
    for way, label in (("r0", "Recovery code"), ("access-code", "Temporary access code"), ("m1", "Tablet")):
        other = await visitor.send("/prove", **{**fields_of(page), "proof_code": "123456", "proof_choose": way})
        assert other.status == 200
        assert label in other.text
        assert fields_of(other)["proof_with"] == way
        assert fields_of(other)["return_to"] == "/devices"
        assert fields_of(other)["proof_code"] == ""
        assert way not in ways(other)
    assert portal.security_info.count("answerProof") == 0


@pytest.mark.parametrize(("way", "body"), [("r0", {"method_id": "r0"}), ("access-code", {})])
async def test_a_code_of_another_way_is_an_answer_to_that_way(visitor, portal, way, body):
    portal.can_prove_with(method(), recovery(), otherwise="temporary_access_code")
    done = await visitor.send("/prove", return_to="/devices", proof_with=way, proof_code="ABCD-EFGH-JKLM")
    assert done.headers["Location"] == "/devices"
    assert portal.security_info.last("startProof")["body"] == body


async def test_a_wrong_code_does_not_keep_from_another_way(visitor, portal):
    portal.can_prove_with(method(), recovery())
    portal.security_info.answers["answerProof"] = [contract.CodeIncorrect(attempts_left=1), given()]
    wrong = await visitor.send(DISABLE, reason="lost", proof_with="m0", proof_code="000000")
    other = await visitor.send(DISABLE, **{**fields_of(wrong), "proof_choose": "r0"})
    done = await visitor.send(DISABLE, **{**fields_of(other), "proof_code": "ABCD"})
    assert done.headers["Location"] == "/devices?done=disabled"


async def test_what_is_no_code_is_told_at_the_field(visitor, portal):
    fault = FieldProblem(pointer="/code", key="six_digits")
    portal.security_info.answers["answerProof"] = Invalid(errors=[fault])
    page = await visitor.send("/prove", return_to="/devices", proof_with="m0", proof_code="12 34")
    assert page.status == 422
    assert page.one("input", name="proof_code")["aria-invalid"] == "true"
    assert page.one("a", href="#proof_code")
    assert page.text.startswith("Error:")


async def test_a_method_that_is_locked_says_until_when_and_leaves_the_others(visitor, portal):
    portal.can_prove_with(method(locked_for=timedelta(minutes=15)), recovery())
    assert fields_of(await visitor.page("/prove"))["proof_with"] == "r0"
    page = await visitor.send("/prove", return_to="/devices", proof_choose="m0")
    assert "Locked for now" in page.text
    assert "in 15 minutes" in page.text
    assert page.all("input", name="proof_code") == []
    assert ways(page) == ["r0"]
    assert "You have no other way" not in page.text


async def test_the_answer_that_locks_a_method_says_so(visitor, portal):
    until = now() + timedelta(minutes=15)
    info = portal.security_info.answers
    before = info["getSecurityInfo"]
    portal.can_prove_with(method(locked_for=timedelta(minutes=15)))
    info["getSecurityInfo"] = [before, info["getSecurityInfo"]]
    info["answerProof"] = contract.MethodIsLocked(until=until, retry_after=900)
    page = await visitor.send("/prove", return_to="/devices", proof_with="m0", proof_code="000000")
    assert page.headers["Retry-After"] == "900"
    assert "in 15 minutes" in page.text
    assert page.all("input", name="proof_code") == []


async def test_where_everything_is_locked_the_organization_is_the_way_on(visitor, portal):
    minutes = timedelta(minutes=30)
    portal.can_prove_with(method(locked_for=minutes))
    page = await visitor.page("/prove?return_to=/devices")
    assert "You have no other way" in page.text
    assert page.one("a", href="/devices", class_="button button-quiet")
    portal.can_prove_with(method(locked_for=minutes), otherwise="temporary_access_code")
    page = await visitor.page("/prove?return_to=/devices")
    assert fields_of(page)["proof_with"] == "access-code"
    assert ways(page) == ["m0"]


async def test_an_access_code_that_is_used_up_is_told_at_its_field(visitor, portal):
    portal.can_prove_with(otherwise="temporary_access_code")
    portal.security_info.answers["startProof"] = contract.AccessCodeNeeded(organizations=["contoso"])
    page = await visitor.send("/prove", return_to="/devices", proof_with="access-code", proof_code="WRONG")
    assert page.status == 403
    assert "This code is wrong, used up or too old." in page.text
    assert page.one("input", id="proof_code")["aria-invalid"] == "true"


async def test_a_code_for_a_method_that_is_gone_is_not_tried_on_another(visitor, portal):
    portal.can_prove_with(recovery())
    page = await visitor.send("/prove", return_to="/devices", proof_with="m0", proof_code="123456")
    assert page.status == 200
    assert "The method was not found" in page.text
    assert fields_of(page)["proof_with"] == "r0"
    assert portal.security_info.count("answerProof") == 0


async def test_a_temporary_access_code_that_is_gone_is_not_tried_on_a_method(visitor, portal):
    page = await visitor.send("/prove", return_to="/devices", proof_with="access-code", proof_code="123456")
    assert page.status == 409
    assert fields_of(page)["proof_with"] == "m0"
    assert portal.security_info.count("startProof") == 0


async def test_a_form_that_is_sent_twice_is_one_answer(visitor, portal):
    sent = {"return_to": "/devices", "proof_with": "m0", "proof_code": "123456", "proof_command": "p1"}
    await visitor.send("/prove", **sent)
    assert portal.security_info.last("startProof")["headers"]["Idempotency-Key"] == "p1-start"
    assert portal.security_info.last("answerProof")["headers"]["Idempotency-Key"] == "p1-answer"
    # The second click and the second tab find the proof of the first; the code is used up by then.
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    assert portal.security_info.count("answerProof") == 1


@pytest.mark.parametrize("over", [CommandReused(), contract.ChallengeEnded()], ids=lambda one: one.key)
async def test_who_went_back_to_a_used_form_is_understood_anew(visitor, portal, over):
    portal.security_info.answers["answerProof"] = [over, given()]
    sent = {"return_to": "/devices", "proof_with": "m0", "proof_code": "123456", "proof_command": "p1"}
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    assert "Idempotency-Key" not in portal.security_info.last("answerProof")["headers"]


async def test_a_proof_that_is_remembered_but_over_is_not_taken(visitor, portal):
    portal.security_info.answers["answerProof"] = [given(timedelta(minutes=-1)), given()]
    sent = {"return_to": "/devices", "proof_with": "m0", "proof_code": "123456", "proof_command": "p1"}
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    assert portal.proof.expires_at > now()


async def test_a_command_that_no_form_of_ours_would_bring_is_not_passed_on(visitor, portal):
    await visitor.send("/prove", return_to="/", proof_with="m0", proof_code="1", proof_command="a\r\nProof: x")
    assert "Idempotency-Key" not in portal.security_info.last("answerProof")["headers"]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\t/evil.example", "/\\evil.example"])
async def test_only_a_path_of_ours_is_the_way_back(visitor, portal, target):
    page = await visitor.page(f"/prove?return_to={quote(target, safe='')}")
    assert fields_of(page)["return_to"] == "/"
    done = await visitor.send("/prove", return_to=target, proof_with="m0", proof_code="123456")
    assert done.headers["Location"] == "/"
    assert (await visitor.send("/prove", return_to=target)).headers["Location"] == "/"
    portal.proves()
    assert (await visitor.page(f"/prove?return_to={quote(target, safe='')}")).headers["Location"] == "/"


async def test_a_security_key_is_asked_with_its_options_and_the_script_for_it_is_there_only_then(visitor, portal):
    portal.can_prove_with(key(), recovery())
    portal.security_info.answers["startProof"] = challenge(kind="credential", method_id="k0", options=OPTIONS)
    page = await visitor.page("/prove?return_to=/devices")
    form = page.one("form", class_="proof")
    assert json.loads(form["data-options"]) == OPTIONS
    assert (form["data-credential"], form["data-into"]) == ("get", "proof_credential")
    assert [one for one in page.all("script") if "/static/keys." in (one["src"] or "")]
    assert page.all("p", role="alert")[0].keys() >= {"data-says", "hidden"}
    sent = {**fields_of(page), "proof_credential": CREDENTIAL}
    assert (await visitor.send("/prove", **sent)).headers["Location"] == "/devices"
    asked = portal.security_info.last("answerProof")
    assert asked["body"] == {"credential": json.loads(CREDENTIAL)}
    assert asked["path"] == {"challenge_id": "c0"}
    assert portal.security_info.count("startProof") == 1
    portal.keeper.sessions["s"] = portal.session.model_copy(update={"proof": None})
    other = await visitor.send("/prove", **{**fields_of(page), "proof_choose": "r0"})
    assert not [one for one in other.all("script") if "/static/keys." in (one["src"] or "")]


@pytest.mark.parametrize("said", ["", "not JSON", "[1]", "{}", "1" * 10, "[" * 5000])
async def test_a_browser_that_cannot_ask_the_key_is_told_so(visitor, portal, said):
    portal.can_prove_with(key())
    portal.security_info.answers["startProof"] = challenge(kind="credential", method_id="k0", options=OPTIONS)
    page = await visitor.page("/prove?return_to=/devices")
    assert "The key did not answer." not in page.text
    again = await visitor.send("/prove", **{**fields_of(page), "proof_credential": said})
    assert again.status == 200
    assert "The key did not answer." in again.text
    assert "hidden" not in again.one("p", role="alert")
    assert portal.security_info.count("answerProof") == 0


async def test_a_refused_credential_is_told_and_the_key_is_asked_anew(visitor, portal):
    portal.can_prove_with(key())
    asks = [challenge(f"c{n}", kind="credential", method_id="k0", options=OPTIONS) for n in range(3)]
    portal.security_info.answers |= {
        "startProof": asks,
        "answerProof": contract.CredentialRefused(reason="other_key"),
    }
    page = await visitor.page("/prove?return_to=/devices")
    again = await visitor.send("/prove", **{**fields_of(page), "proof_credential": CREDENTIAL})
    assert again.status == 422
    assert again.all("input", name="proof_code") == []
    assert fields_of(again)["proof_challenge"] == "c1"
    assert fields_of(again)["proof_credential"] == ""


async def test_a_key_that_cannot_be_asked_leaves_the_other_ways(visitor, portal):
    portal.can_prove_with(key(), recovery())
    portal.security_info.answers["startProof"] = contract.MethodNotFound()
    page = await visitor.page("/prove?return_to=/devices")
    assert "The method was not found" in page.text
    assert ways(page) == ["r0"]
    assert "data-credential" not in page.one("form", class_="proof")


@pytest.mark.parametrize(
    ("path", "fields", "kept"),
    [("/security-info/methods/m0/default", {}, False), (DISABLE, {"reason": "lost"}, True)],
)
async def test_nothing_leads_away_from_a_form_that_is_kept(visitor, path, fields, kept):
    page = await visitor.send(path, command="c1", **fields)
    assert 'action="/language"' not in page.html
    assert ("What you filled in is kept" in page.text) == kept


async def test_what_the_service_refuses_after_the_proof_is_told_as_ever(visitor, portal):
    portal.devices.answers["disableDevice"] = device_contract.DeviceNotFound()
    page = await visitor.send(DISABLE, reason="lost", proof_with="m0", proof_code="123456")
    assert page.status == 404
