"""Recent proof: what would prove who is there, and the proof that a session keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from gateway.services import Services
from gateway.sessions import KeptProof
from gateway.visiting import Visit
from shared.calling import Answer, asked
from shared.contracts import security_info as contract
from shared.contracts.problem import ProblemDetails
from shared.facts import now
from shared.identifying import Principal

MARGIN = timedelta(seconds=90)
"""How long a proof must still live when a form is shown that needs it, so that there is time to fill it in."""
_DEADLINE = 1.5
ACCESS_CODE = "access-code"
"""Stands where a method's id would for the organization's temporary access code."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor is asked: *kind* as in `ProofChallenge`; *problem* is what came of the last try."""

    info: contract.SecurityInfo
    kind: str
    method: contract.Method | None = None
    challenge: contract.ProofChallenge | None = None
    problem: ProblemDetails | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a visitor sent: with which method, and the answer to it, where there is one."""

    method_id: str = ""
    code: str = ""
    credential: Mapping[str, Any] | None = None
    challenge_id: str = ""
    command: str = ""

    @property
    def answers(self) -> bool:
        """Tell whether it answers anything."""
        return bool(self.code or self.credential)


async def ways_to_prove(services: Services, person: Principal) -> dict[str, Any]:
    """Give the methods that would do, for a program (RFC 9470 leaves it to us how to tell them)."""
    answer = await asked(services.security_info, contract.GET_SECURITY_INFO, person, deadline=_DEADLINE)
    if answer is None:
        return {}
    info = answer.read(contract.SecurityInfo)
    by_id = {method.id: method for method in info.methods}
    able = [by_id[id_] for id_ in info.proof.methods]
    return {
        "methods": [{"id": method.id, "type": method.type, "name": method.name} for method in able],
        "otherwise": info.proof.otherwise,
    }


async def prove(visit: Visit, reply: Reply) -> tuple[Visit, Asked | None]:
    """Take a visitor's reply, or find out what to ask.

    Gives the visit with the proof and nothing to ask, where there is one now; else what is to be asked.
    """
    info = (await visit.ask(visit.services.security_info, contract.GET_SECURITY_INFO)).read(contract.SecurityInfo)
    kind, method = _chosen(info, reply.method_id)
    if kind == "sign_in":
        answer = await _start(visit, None, reply.command)
        if not answer.ok:
            return visit, Asked(info, kind, problem=answer.problem())
        return await _proved(visit, answer.read(contract.ProofChallenge).given, reply.command), None
    asking = Asked(info, kind, method)
    if not reply.answers:
        return visit, await _with_options(visit, asking)
    answer = await _answered(visit, asking, reply)
    if not answer.ok:
        return visit, await _with_options(visit, replace(asking, problem=answer.problem()))
    return await _proved(visit, answer.read(contract.ProofGiven), reply.command), None


def _chosen(info: contract.SecurityInfo, wanted: str) -> tuple[str, contract.Method | None]:
    """Choose what to ask for: what the visitor wants, else the first method that is not locked, else what there is."""
    able = {method.id: method for method in info.methods if method.id in info.proof.methods}
    by_code = info.proof.otherwise == "temporary_access_code"
    if wanted == ACCESS_CODE and by_code:
        return "access_code", None
    ordered = [able[id_] for id_ in info.proof.methods if id_ in able]
    unlocked = [method for method in ordered if not locked(method)]
    method = able.get(wanted) or next(iter(unlocked or ordered), None)
    if method is None:
        return ("access_code" if by_code else "sign_in"), None
    return {"recovery-codes": "recovery_code", "security-key": "credential"}.get(method.type, "code"), method


def locked(method: contract.Method) -> contract.Lock | None:
    """Give the lock that keeps a method from proving who is there."""
    return next((lock for lock in method.locks if lock.purpose == "proof"), None)


async def _with_options(visit: Visit, asking: Asked) -> Asked:
    """Ask for what a security key is to sign; codes need no challenge until they are there."""
    if asking.kind != "credential" or asking.method is None:
        return asking
    answer = await _start(visit, asking.method.id, "")
    if not answer.ok:
        return replace(asking, problem=asking.problem or answer.problem())
    return replace(asking, challenge=answer.read(contract.ProofChallenge))


async def _answered(visit: Visit, asking: Asked, reply: Reply) -> Answer:
    challenge_id = reply.challenge_id
    if asking.kind != "credential":
        started = await _start(visit, asking.method.id if asking.method else None, reply.command)
        if not started.ok:
            return started
        challenge_id = started.read(contract.ProofChallenge).id
    body = {"credential": dict(reply.credential)} if reply.credential else {"code": reply.code}
    return await visit.command(
        visit.services.security_info,
        contract.ANSWER_PROOF,
        command=f"{reply.command}-answer" if reply.command else "",
        body=body,
        challenge_id=challenge_id,
    )


async def _start(visit: Visit, method_id: str | None, command: str) -> Answer:
    return await visit.command(
        visit.services.security_info,
        contract.START_PROOF,
        command=f"{command}-start" if command else "",
        body={"method_id": method_id} if method_id else {},
    )


async def _proved(visit: Visit, given: contract.ProofGiven | None, command: str) -> Visit:
    if given is None:
        raise TypeError("a proof without a challenge is given at once")
    proof = KeptProof(token=given.proof, scopes=given.scopes, expires_at=given.expires_at)
    await visit.own.keep_proof(visit.call("keep proof", command=f"{command}-keep" if command else ""), proof)
    return replace(visit, session=visit.session.model_copy(update={"proof": proof}))


def is_proved(visit: Visit, scope: str, *, margin: timedelta = timedelta()) -> bool:
    """Tell whether the visitor's session has a proof for *scope*."""
    return visit.session.proof_for(scope, now() + margin) is not None
