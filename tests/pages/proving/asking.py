"""A portal that asks for proofs, with canned services, and what is read of its page."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial

from gateway import pages
from gateway.pages.prove import proving
from gateway.sessions import KeptProof
from shared.contracts import security_info as contract
from shared.facts import now
from tests.pages.conftest import FakeKeeper, FakeService, Portal

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


def fields_of(page):
    """Give what the form of the proof, the last of the page, would send."""
    start = page.elements.index(("form", page.one("form", class_="proof")))
    inputs = [attrs for tag, attrs in page.elements[start:] if tag == "input"]
    return {one["name"]: one.get("value") or "" for one in inputs}


def ways(page):
    return [one["value"] for one in page.all("button", name="proof_choose")]
