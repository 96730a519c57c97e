"""Recent proof: what would prove who is there, and the proof that a session keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from gateway.services import Services
from gateway.sessions import KeptProof
from gateway.visiting import Visit
from shared.calling import asked
from shared.contracts import security_info as contract
from shared.contracts.problem import Problem, ProblemDetails
from shared.facts import now
from shared.identifying import Principal

MARGIN = timedelta(seconds=90)
"""How long a proof must still live when a form is shown that needs it, so that there is time to fill it in."""
FORM_MARGIN = timedelta(seconds=5)
"""How long it must still live when the form comes, so that it does not end on the way to the service."""
_DEADLINE = 1.5
ACCESS_CODE = "access-code"
"""Stands where a method's id would for the organization's temporary access code."""
SENT = "sent_code"
USUAL = "usual"
_KINDS = {"recovery-codes": "recovery_code", "security-key": "credential", "phone": SENT}
_SLIPS = frozenset({"code_incorrect", "invalid"})
"""Problems of what was typed; any other may mean that the methods are not what they were."""
_OVER = frozenset({"command_reused", "challenge_ended"})
"""Problems of a form that was sent before, perhaps long ago."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """A code that is on its way: the challenge that it answers, how it comes, and from when on there can be another."""

    challenge_id: str
    way: str
    again_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor is asked: *kind* as in `ProofChallenge`; *problem* is what came of the last try.

    *sent* is the code that is asked for, once it was wished; *unanswered* is a security key that said nothing, as it
    does in a browser without scripts.
    """

    info: contract.SecurityInfo
    kind: str
    method: contract.Method | None = None
    challenge: contract.ProofChallenge | None = None
    problem: ProblemDetails | None = None
    unanswered: bool = False
    sent: SentCode | None = None

    @property
    def way(self) -> str:
        """Name the way that is asked for as a form does: a method's id or `ACCESS_CODE`, and nothing for a sign-in."""
        return self.method.id if self.method else ACCESS_CODE if self.kind == "access_code" else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a visitor sent: which way of proving, and the answer to it, where there is one.

    *sends* asks for a code: by `text` or `call`, or as `USUAL` for the phone; *sent* is the one that went before.
    """

    way: str = ""
    code: str = ""
    credential: Mapping[str, Any] | None = None
    challenge_id: str = ""
    command: str = ""
    sends: str = ""
    sent: SentCode | None = None

    @property
    def answers(self) -> bool:
        """Tell whether it answers anything."""
        return bool(self.way and (self.code or (self.credential and self.challenge_id)))

    @property
    def counts(self) -> bool:
        """Tell whether it is meant for the one way that it names, and for no other."""
        return self.answers or self.sends in contract.WAYS


_Came: TypeAlias = contract.ProofGiven | ProblemDetails


def _way(method: contract.Method) -> dict[str, str]:
    lock = locked(method)
    told = {"id": method.id, "type": method.type, "name": method.name}
    return told | ({"locked_until": lock.until.isoformat()} if lock else {})


async def ways_to_prove(services: Services, person: Principal) -> dict[str, Any]:
    """Give the methods that would do, for a program (RFC 9470 leaves it to us how to tell them)."""
    answer = await asked(services.security_info, contract.GET_SECURITY_INFO, person, deadline=_DEADLINE)
    if answer is None:
        return {}
    info = answer.read(contract.SecurityInfo)
    return {
        "methods": [_way(method) for method in able(info)],
        "otherwise": info.proof.otherwise,
    }


async def prove(visit: Visit, reply: Reply) -> tuple[Visit, Asked | None]:
    """Take a visitor's reply, or find out what to ask.

    Gives the visit with the proof and nothing to ask, where there is one now; else what is to be asked.
    """
    asking = await _asking(visit, reply.way)
    if asking.kind == "sign_in":
        return await _by_sign_in(visit, asking)
    if reply.counts and reply.way != asking.way:
        # What was meant for a way that is gone must not count as a wrong answer to another.
        gone = contract.ChallengeEnded() if reply.way == ACCESS_CODE else contract.MethodNotFound()
        return visit, await _with_options(visit, replace(asking, problem=_details(gone)))
    if asking.kind == SENT and not (reply.answers and reply.sent):
        return visit, await _with_code(visit, asking, reply)
    if not reply.answers:
        unanswered = bool(reply.challenge_id) and reply.way == asking.way
        return visit, await _with_options(visit, replace(asking, unanswered=unanswered))
    came = await _answered(visit, asking, reply)
    if isinstance(came, contract.ProofGiven):
        return await _proved(visit, came), None
    if came.key in _SLIPS:
        asking = replace(asking, sent=reply.sent)
    else:
        asking = await _asking(visit, reply.way)
    return visit, await _with_options(visit, replace(asking, problem=came))


async def prove_unasked(visit: Visit) -> Visit:
    """Give the visit with a proof where the sign-in was one, so that nobody is asked; else as it was."""
    asking = await _asking(visit, "")
    return (await _by_sign_in(visit, asking))[0] if asking.kind == "sign_in" else visit


async def forget(visit: Visit) -> Visit:
    """Give the visit without the proof that its session kept."""
    await visit.own.keep_proof(visit.call("forget proof"), None)
    return replace(visit, session=visit.session.model_copy(update={"proof": None}))


def able(info: contract.SecurityInfo) -> list[contract.Method]:
    """List the methods that can prove who is there, the default one first."""
    by_id = {method.id: method for method in info.methods}
    return [by_id[id_] for id_ in info.proof.methods if id_ in by_id]


def locked(method: contract.Method) -> contract.Lock | None:
    """Give the lock that keeps a method from proving who is there."""
    return next((lock for lock in method.locks if lock.purpose == "proof"), None)


def is_proved(visit: Visit, scope: str, *, margin: timedelta) -> bool:
    """Tell whether the visitor's session has a proof for *scope* that lives for *margin* at least."""
    return visit.session.proof_for(scope, now() + margin) is not None


def is_of_way(problem: ProblemDetails) -> bool:
    """Tell whether what was refused is how a code was to come."""
    return any(fault.get("pointer") == "/way" for fault in problem.model_dump().get("errors") or ())


async def _asking(visit: Visit, wanted: str) -> Asked:
    """Choose what to ask for: what the visitor wants, else the first method that is not locked, else what there is."""
    info = (await visit.ask(visit.services.security_info, contract.GET_SECURITY_INFO)).read(contract.SecurityInfo)
    by_code = info.proof.otherwise == "temporary_access_code"
    if wanted == ACCESS_CODE and by_code:
        return Asked(info, "access_code")
    ways = able(info)
    wished = (method for method in ways if method.id == wanted)
    unlocked = (method for method in ways if not locked(method))
    method = next(wished, None) or next(unlocked, None)
    if method is None and (by_code or not ways):
        return Asked(info, "access_code" if by_code else "sign_in")
    method = method or ways[0]
    return Asked(info, _KINDS.get(method.type, "code"), method)


async def _by_sign_in(visit: Visit, asking: Asked) -> tuple[Visit, Asked | None]:
    came = await _started(visit, asking, "")
    if isinstance(came, ProblemDetails):
        return visit, replace(asking, problem=came)
    if came.given:
        return await _proved(visit, came.given), None
    return visit, await _asking(visit, ACCESS_CODE)  # a code was issued in this very moment


async def _with_options(visit: Visit, asking: Asked) -> Asked:
    """Ask for what a security key is to sign; codes need no challenge until they are there."""
    if asking.kind != "credential":
        return asking
    came = await _started(visit, asking, "")
    if isinstance(came, ProblemDetails):
        return replace(asking, problem=asking.problem or came)
    return replace(asking, challenge=came)


async def _with_code(visit: Visit, asking: Asked, reply: Reply) -> Asked:
    """Have a code sent where the visitor wishes for one, and never otherwise."""
    if asking.method is None or locked(asking.method) or reply.way != asking.way:
        return asking
    if not reply.sends:
        return replace(asking, sent=reply.sent)
    came = await _sent(visit, asking, reply, reply.command)
    # A form that was sent before, perhaps long ago, is meant anew.
    if came.key in _OVER if isinstance(came, ProblemDetails) else came.expires_at <= now():
        came = await _sent(visit, asking, reply, "")
    if isinstance(came, ProblemDetails):
        if came.key == contract.TooManySends.key or is_of_way(came):
            return replace(asking, problem=came, sent=reply.sent)
        return replace(await _asking(visit, reply.way), problem=came)
    code = SentCode(came.id, came.way or contract.WAYS[0], came.send_again_at or now())
    return replace(asking, challenge=came, sent=code)


async def _sent(visit: Visit, asking: Asked, reply: Reply, command: str) -> contract.ProofChallenge | ProblemDetails:
    return await _started(visit, asking, command, "" if reply.sends == USUAL else reply.sends)


async def _answered(visit: Visit, asking: Asked, reply: Reply) -> _Came:
    """Hand on an answer once, however often its form is sent; a form that was used up before is meant anew."""
    came = await _tried(visit, asking, reply)
    over = came.key in _OVER if isinstance(came, ProblemDetails) else came.expires_at <= now() + FORM_MARGIN
    if not over:
        return came
    anew = await _tried(visit, asking, replace(reply, command=""))
    return came if isinstance(anew, ProblemDetails) and anew.key not in _SLIPS else anew


async def _tried(visit: Visit, asking: Asked, reply: Reply) -> _Came:
    challenge_id = reply.sent.challenge_id if reply.sent else reply.challenge_id
    if asking.kind not in {"credential", SENT}:
        started = await _started(visit, asking, reply.command)
        if isinstance(started, ProblemDetails):
            return started
        if started.given:
            return started.given
        challenge_id = started.id
    answer = await visit.command(
        visit.services.security_info,
        contract.ANSWER_PROOF,
        command=f"{reply.command}-answer" if reply.command else "",
        body={"credential": dict(reply.credential)} if reply.credential else {"code": reply.code},
        challenge_id=challenge_id,
    )
    return answer.read(contract.ProofGiven) if answer.ok else answer.problem()


async def _started(
    visit: Visit, asking: Asked, command: str, way: str = ""
) -> contract.ProofChallenge | ProblemDetails:
    answer = await visit.command(
        visit.services.security_info,
        contract.START_PROOF,
        command=f"{command}-start" if command else "",
        body={**({"method_id": asking.method.id} if asking.method else {}), **({"way": way} if way else {})},
    )
    return answer.read(contract.ProofChallenge) if answer.ok else answer.problem()


async def _proved(visit: Visit, given: contract.ProofGiven) -> Visit:
    proof = KeptProof(token=given.proof, scopes=given.scopes, expires_at=given.expires_at)
    await visit.own.keep_proof(visit.call("keep proof"), proof)
    return replace(visit, session=visit.session.model_copy(update={"proof": proof}))


def _details(problem: Problem) -> ProblemDetails:
    return ProblemDetails.model_validate(problem.document())
