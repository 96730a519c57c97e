"""The door: one short method per endpoint."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from security_info import managing, proving, questions, reaching, views
from security_info.adding import Adding
from security_info.changing import Changing
from security_info.dispatching import Dispatch
from security_info.enrolling import confirm_code, confirm_credential
from security_info.methods.security_key import RelyingParty, request_options
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from security_info.policy import Policy
from security_info.reaching import again_at
from security_info.telling import with_notices
from shared.asking import Call
from shared.contracts import security_info as contract
from shared.contracts.problem import NotAllowed
from shared.deciding import Rule
from shared.facts import now
from shared.noticing import Manner
from shared.proving import Proof, ProofSigner
from shared.storing import Opens, Outcome, Store


class Handlers:
    """Answer for the account that calls, and to the systems that help people in and out of trouble."""

    def __init__(
        self,
        store: Store[SecurityInfo],
        policies: PolicyBook,
        *,
        issuer: str,
        party: RelyingParty,
        signer: ProofSigner,
        dispatch: Dispatch,
        manner: Manner,
    ) -> None:
        self._store = store
        self._policies = policies
        self._party = party
        self._signer = signer
        self._dispatch = dispatch
        self._manner = manner
        self._changing = Changing(store, policies, dispatch)
        self._adding = Adding(store, policies, issuer=issuer, party=party, dispatch=dispatch)

    async def get_security_info(self, call: Call) -> contract.SecurityInfo:
        """List the methods."""
        await self._policies.refresh()
        return self._shown(await self._store.read(call.account))

    async def get_questions(self, call: Call) -> contract.Questions:
        """List the security questions to choose from."""
        await self._policies.refresh()
        return questions.offered(self._policy_of(await self._store.read(call.account)), call.principal.language)

    async def add_method(self, call: Call, wish: contract.AddMethod) -> contract.MethodStarted:
        """Add a method, or start its setup."""
        await self._policies.refresh()
        return contract.MethodStarted(await self._adding.add(call, wish, partial(self._change, call)))

    async def get_setup(self, call: Call) -> contract.MethodStarted:
        """Show a setup that is under way again."""
        await self._policies.refresh()
        return contract.MethodStarted(await self._adding.setup(call, call.path["method_id"]))

    async def confirm_method(self, call: Call, wish: contract.ConfirmMethod) -> contract.Method:
        """Finish a setup."""
        await self._policies.refresh()
        method_id = call.path["method_id"]
        common: dict[str, Any] = {"method_id": method_id, "policies": self._policies.of}
        rule: Rule[SecurityInfo]
        if wish.credential is not None:
            rule = partial(confirm_credential, credential=wish.credential, party=self._party, **common)
        else:
            rule = partial(confirm_code, code=wish.code.get_secret_value() if wish.code else None, **common)
        outcome = await self._change(call, rule, opens=(f"methods.{method_id}.key",))
        return self._method(outcome, method_id)

    async def send_code(self, call: Call, wish: contract.SendCode) -> contract.CodeSetup:
        """Send another code to what waits to be confirmed."""
        await self._policies.refresh()
        return await self._changing.send_again(call, wish, partial(self._change, call))

    async def change_method(self, call: Call, wish: contract.ChangeMethod) -> contract.Method:
        """Give a method another name, or ask for another number or address."""
        await self._policies.refresh()
        method_id = call.path["method_id"]
        if wish.name is None:
            return self._method(await self._changing.retarget(call, wish, partial(self._change, call)), method_id)
        rule = partial(managing.rename, method_id=method_id, name=wish.name)
        return self._method(await self._change(call, rule), method_id)

    async def give_up_change(self, call: Call) -> None:
        """Give up a change of a number or an address."""
        await self._change(call, partial(reaching.give_up_change, method_id=call.path["method_id"]))

    async def remove_method(self, call: Call) -> None:
        """Remove a method."""
        await self._policies.refresh()
        rule = partial(managing.remove, method_id=call.path["method_id"], policies=self._policies.of)
        await self._change(call, rule)

    async def set_default_method(self, call: Call, wish: contract.SetDefaultMethod) -> contract.SecurityInfo:
        """Choose the method that is asked for first."""
        await self._policies.refresh()
        outcome = await self._change(call, partial(managing.set_default, method_id=wish.method_id))
        return self._shown(outcome.state)

    async def start_proof(self, call: Call, wish: contract.StartProof) -> contract.ProofChallenge:
        """Ask for a proof."""
        await self._policies.refresh()
        rule = partial(
            proving.start,
            wish=wish,
            session=_session_of(call),
            auth_time=call.principal.auth_time,
            policies=self._policies.of,
        )
        outcome = await self._changing.asked(call, wish, rule, partial(self._change, call))
        if "proof" in outcome.answer:
            return _answered(outcome.answer["proof"]["id"], self._given(call, outcome))
        return self._challenge(outcome.state, outcome.answer["challenge_id"])

    async def answer_proof(self, call: Call, wish: contract.AnswerProof) -> contract.ProofGiven:
        """Take the answer to what was asked, and give the proof."""
        await self._policies.refresh()
        challenge_id = call.path["challenge_id"]
        code = wish.code.get_secret_value() if wish.code else None
        asked: dict[str, Any] = {"challenge_id": challenge_id, "session": _session_of(call), "party": self._party}
        given: dict[str, Any] = {"code": code, "credential": wish.credential}
        rule = partial(proving.answer, **asked, **given, policies=self._policies.of)
        outcome = await self._change(call, rule, opens=partial(proving.secrets_for, challenge_id))
        return self._given(call, outcome)

    def _policy_of(self, info: SecurityInfo) -> Policy:
        return self._policies.of(info.organizations())

    def _shown(self, info: SecurityInfo) -> contract.SecurityInfo:
        return views.security_info(info, self._policy_of(info), now(), countries=self._dispatch.countries)

    def _method(self, outcome: Outcome[SecurityInfo], method_id: str) -> contract.Method:
        return views.method(outcome.state, method_id, self._policy_of(outcome.state), now())

    def _challenge(self, info: SecurityInfo, challenge_id: str) -> contract.ProofChallenge:
        challenge = info.challenges.get(challenge_id)
        if challenge is None:
            raise contract.ChallengeEnded
        options = None
        if challenge.kind == "credential":
            key = info.keys().get(challenge.method_id or "")
            if key is None:
                raise contract.ChallengeEnded
            options = request_options(key, challenge.nonce, self._party, self._policy_of(info).key_rules)
        method = info.reachable().get(challenge.method_id or "") if challenge.sent else None
        return contract.ProofChallenge(
            id=challenge_id,
            kind=challenge.kind,
            method_id=challenge.method_id,
            hint=method.target.hint if method else None,
            way=challenge.sent.way if challenge.sent else None,
            send_again_at=again_at(info, now(), method.target.digest, self._dispatch.allowance) if method else None,
            options=options,
            expires_at=challenge.expires_at,
        )

    def _given(self, call: Call, outcome: Outcome[SecurityInfo]) -> contract.ProofGiven:
        told = outcome.answer["proof"]
        proof = Proof(
            id=told["id"],
            account=call.account,
            session=told["session"],
            scopes=tuple(told["scopes"]),
            means=tuple(told["amr"]),
            given_at=told["at"],
        )
        return contract.ProofGiven(
            proof=self._signer.token(proof), scopes=proof.scopes, expires_at=self._signer.ends(proof)
        )

    async def _change(
        self, call: Call, rule: Rule[SecurityInfo], opens: Opens[SecurityInfo] = ()
    ) -> Outcome[SecurityInfo]:
        told = with_notices(rule, call.command.actor, self._manner, call.principal.language)
        guarded = call.guarding(told, self._shown)
        return await self._store.change(call.account, guarded, command=call.command, opens=_opening(opens))


def _opening(opens: Opens[SecurityInfo]) -> Callable[[SecurityInfo], Iterable[str]]:
    """Open where the person can be reached as well: whatever is changed may have to be told there."""

    def places(info: SecurityInfo) -> Iterable[str]:
        return (*(opens(info) if callable(opens) else opens), *reaching.places_of(info))

    return places


def _answered(id_: str, given: contract.ProofGiven) -> contract.ProofChallenge:
    """Show what needs no answer any more."""
    return contract.ProofChallenge(id=id_, kind="none", method_id=None, expires_at=given.expires_at, given=given)


def _session_of(call: Call) -> str:
    """Name the session that a proof is to be good for."""
    if not call.principal.session:
        raise NotAllowed
    return call.principal.session
