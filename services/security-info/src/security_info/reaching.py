"""The rules of codes that are sent: with a setup, once more, for another number or address, for a proof. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from security_info.methods import Reachable
from security_info.methods.phone import MOST_MANAGED, OFFICE, Phone, takes_texts
from security_info.methods.reachable import Change, SentCode, Target, new_code
from security_info.model import Challenge, SecurityInfo
from security_info.policy import Policies, Policy, named
from security_info.quotas import Allowance, free_at, refuse_until, within
from shared.contracts import security_info as contract
from shared.contracts.event import Event
from shared.contracts.organizations import AccountNotFound
from shared.contracts.problem import ChangedMeanwhile, FieldProblem, Invalid
from shared.deciding import Decision
from shared.facts import Facts
from shared.letters import Letter

CODE = "code"
"""The kind of letter."""
_POINTERS = {"phone": "/number/typed", "email": "/address"}


@dataclass(frozen=True, slots=True)
class Sending:
    """How codes are written and counted for one command; *expected* is the digest of where the code is to go."""

    language: str
    allowance: Allowance = field(default_factory=Allowance)
    expected: str | None = None


def send(
    info: SecurityInfo, facts: Facts, sending: Sending, *, method_id: str, target: Target
) -> tuple[SecurityInfo, SentCode, Letter]:
    """Draw a code for a target, whose value must be there, and write the letter; raises `TooManySends`."""
    if sending.expected not in {None, target.digest}:
        raise ChangedMeanwhile
    refuse_until(again_at(info, facts.now, target.digest, sending.allowance), facts.now)
    code = new_code(facts, target.way)
    letter = Letter(
        id=code.letter,
        kind=CODE,
        channel=target.way,
        to=target.value.value,
        language=sending.language,
        expires_at=code.expires_at,
        due_at=facts.now,
        fields={"code": code.code.value},
        about=method_id,
    )
    recent = {digest: at for digest, at in info.last_sent.items() if facts.now - at < sending.allowance.pause}
    counted = info.changed(
        sent_at=(*within(info.sent_at, facts.now), facts.now), last_sent={**recent, target.digest: facts.now}
    )
    return counted, code, letter


def again_at(info: SecurityInfo, now: datetime, digest: str, allowance: Allowance) -> datetime:
    """Tell from when on another code may go to a target: the account has some an hour, a target rests in between."""
    last = info.last_sent.get(digest)
    # without a pause nothing rests: of two that are written at once, the later moment may be the first to be written
    rested_at = last + allowance.pause if last and allowance.pause else now
    return max(free_at(info.sent_at, now, allowance), rested_at)


def send_again(
    info: SecurityInfo,
    facts: Facts,
    *,
    method_id: str,
    way: contract.Way | None,
    sending: Sending,
    policies: Policies,
) -> Decision[SecurityInfo]:
    """Send another code to what waits to be confirmed; the one before is good no more."""
    method = info.method(method_id)
    if not isinstance(method, Reachable):
        raise contract.NothingToSend
    target = method.asked(facts.now)
    refuse_barred(policies(info.organizations()), method.type)
    if isinstance(method, Phone) and way:
        if way == "text":
            refuse_texts_to(target.value.value)
        target = target.model_copy(update={"way": way})
    counted, code, letter = send(info, facts, sending, method_id=method_id, target=target)
    if method.change:
        again = method.with_changes(change=method.change.model_copy(update={"target": target}), sent=code)
    else:
        again = method.with_changes(target=target, sent=code)
    answer = {"method_id": method_id, "sent_to": target.digest}
    return Decision(counted.with_method(method_id, again), answer, letters=(letter,))


def start_change(
    info: SecurityInfo,
    facts: Facts,
    *,
    method_id: str,
    type_: str,
    target: Target,
    sending: Sending,
    policies: Policies,
) -> Decision[SecurityInfo]:
    """Ask for another number or address; the old one holds until the code that is sent to the new one comes back."""
    method = info.confirmed_method(method_id)
    if not isinstance(method, Reachable) or method.type != type_:
        raise Invalid(errors=[FieldProblem(pointer=_POINTERS[type_].removesuffix("/typed"), key="out_of_place")])
    refuse_managed(method)
    refuse_barred(policies(info.organizations()), type_)
    refuse_known(info, type_, target, besides=method_id)
    if (method.target.digest, method.target.way) == (target.digest, target.way):
        raise _there_already(type_)
    counted, code, letter = send(given_up(info, target), facts, sending, method_id=method_id, target=target)
    changing = method.with_changes(change=Change(target=target, started_at=facts.now), sent=code)
    told = contract.MethodChangeStarted(method_id=method_id, method_type=method.type, name=method.name)
    answer = {"method_id": method_id, "sent_to": target.digest}
    return Decision(counted.with_method(method_id, changing), answer, (told,), letters=(letter,))


def confirm_change(info: SecurityInfo, method_id: str, method: Reachable) -> Decision[SecurityInfo]:
    """Let the other number or address count from now on, in the place of the old one, whose codes prove no more."""
    done = method.changed()
    told = contract.MethodChanged(method_id=method_id, method_type=done.type, name=done.name)
    return Decision(
        info.with_method(method_id, done, challenges=_asked_of_others(info, method_id)),
        {"method_id": method_id},
        (told,),
    )


def give_up_change(info: SecurityInfo, _facts: Facts, *, method_id: str) -> Decision[SecurityInfo]:
    """Give up a change that waits for its code; where none does, there is nothing to do."""
    method = info.confirmed_method(method_id)
    if not isinstance(method, Reachable) or method.change is None:
        return Decision(info)
    return Decision(info.with_method(method_id, method.with_changes(change=None, sent=None)))


def refuse_wrong(info: SecurityInfo, facts: Facts, method_id: str, code: str) -> Decision[SecurityInfo] | None:
    """Give what a wrong code comes to, None for the right one; it costs an attempt, one that is too old does not."""
    method = info.method(method_id)
    if not isinstance(method, Reachable):
        raise contract.NothingToSend
    method.asked(facts.now)
    if method.sent is None or facts.now >= method.sent.expires_at:
        raise contract.CodeExpired
    if method.sent.is_right(code, facts.now):
        return None
    missed, left = method.failed()
    if left:
        return Decision(info.with_method(method_id, missed), refusal=contract.CodeIncorrect(attempts_left=left))
    if missed.change:
        missed = missed.with_changes(change=None, sent=None)
    return Decision(
        info.with_method(method_id, missed),
        news=(contract.MethodSetupFailed(method_type=method.type),),
        refusal=contract.SetupEnded(reason="too_many_attempts"),
    )


def put(
    info: SecurityInfo,
    facts: Facts,
    *,
    method_id: str,
    name: str | None,
    target: Target,
    language: str,
    policies: Policies,
) -> Decision[SecurityInfo]:
    """Put in a phone that the organization knows by itself, or change it."""
    if info.home() is None:
        raise AccountNotFound
    refuse_unavailable(policies(info.organizations()), "phone")
    before = info.methods.get(method_id)
    answer = {"method_id": method_id, "put": target.digest}
    if before is None:
        if sum(method.managed for method in info.known().values()) >= MOST_MANAGED:
            raise contract.MethodLimitReached(limit=MOST_MANAGED)
        called = name or OFFICE.get(language, OFFICE["en"])
        phone = Phone(name=called, started_at=facts.now, confirmed_at=facts.now, target=target, managed=True)
        there, told = info.with_method(method_id, phone).with_default_settled()
        added = contract.MethodAdded(method_id=method_id, method_type=phone.type, name=phone.name)
        return Decision(there, answer, (added, *told))
    if not isinstance(before, Phone) or not before.managed:
        raise contract.MethodNotFound
    after = before
    news: list[Event] = []
    if name and name != before.name:
        after = after.with_changes(name=name)
        news.append(
            contract.MethodRenamed(method_id=method_id, method_type=before.type, name=name, previous_name=before.name)
        )
    if target.digest != before.target.digest:
        after = after.with_changes(target=target)
        news.append(contract.MethodChanged(method_id=method_id, method_type=after.type, name=after.name))
    if not news:
        return Decision(info, answer)
    return Decision(
        info.with_method(method_id, after, challenges=_asked_of_others(info, method_id)), answer, tuple(news)
    )


def withdraw(info: SecurityInfo, _facts: Facts, *, method_id: str) -> Decision[SecurityInfo]:
    """Take out what the organization put in; what is gone already is gone."""
    if info.home() is None:
        raise AccountNotFound
    method = info.methods.get(method_id)
    if method is None:
        return Decision(info)
    if not method.managed:
        raise contract.MethodNotFound
    gone = contract.MethodRemoved(method_id=method_id, method_type=method.type, name=method.name)
    left = info.without([method_id]).changed(challenges=_asked_of_others(info, method_id))  # its id may be put in again
    after, told = left.with_default_settled()
    return Decision(after, news=(gone, *told))


def _asked_of_others(info: SecurityInfo, method_id: str) -> dict[str, Challenge]:
    """Give the challenges that are not of a method: its codes went to another number than it has from now on."""
    return {id_: asked for id_, asked in info.challenges.items() if asked.method_id != method_id}


def refuse_texts_to(number: str) -> None:
    """Raise `Invalid` for a number at which no text arrives."""
    if not takes_texts(number):
        raise Invalid(errors=[FieldProblem(pointer="/way", key="no_texts")])


def refuse_managed(method: object) -> None:
    """Raise `MethodIsManaged` for what the organization put in."""
    if getattr(method, "managed", False):
        raise contract.MethodIsManaged


def refuse_barred(policy: Policy, type_: str) -> None:
    """Raise `MethodTypeNotAllowed` for a type that may not be added now."""
    if policy.refusing(type_):
        raise contract.MethodTypeNotAllowed(organizations=list(named(policy.refusing(type_))))


def refuse_unavailable(policy: Policy, type_: str) -> None:
    """Raise `MethodTypeNotAllowed` for a type that nothing here could serve."""
    if type_ in policy.unavailable:
        raise contract.MethodTypeNotAllowed(organizations=[])


def refuse_known(info: SecurityInfo, type_: str, target: Target, *, besides: str | None) -> None:
    """Raise `Invalid` for a number or an address that the account has already."""
    if any(digest == target.digest for id_, digest in _digests(info, type_) if id_ != besides):
        raise _there_already(type_)


def given_up(info: SecurityInfo, target: Target) -> SecurityInfo:
    """Give up what waits for a code at the same target: it could be confirmed twice."""
    waiting = ((id_, method) for id_, method in _reachable(info) if not method.confirmed_at)
    setups = [id_ for id_, method in waiting if method.target.digest == target.digest]
    left = info.without(setups)
    for id_, method in _reachable(left):
        if method.change and method.change.target.digest == target.digest:
            left = left.with_method(id_, method.with_changes(change=None, sent=None))
    return left


def _reachable(info: SecurityInfo) -> list[tuple[str, Reachable]]:
    return [(id_, method) for id_, method in info.known().items() if isinstance(method, Reachable)]


def _digests(info: SecurityInfo, type_: str) -> Iterator[tuple[str, str]]:
    return ((id_, method.target.digest) for id_, method in info.reachable().items() if method.type == type_)


def _there_already(type_: str) -> Invalid:
    return Invalid(errors=[FieldProblem(pointer=_POINTERS[type_], key="there_already")])


def places_of(info: SecurityInfo) -> tuple[str, ...]:
    """Name the places of every number and address of an account, and of the codes that wait to come back."""
    return tuple(
        f"methods.{id_}.{place}"
        for id_, method in info.known().items()
        if isinstance(method, Reachable)
        for place in ("target.value", "change.target.value", "sent.code")
    )
