"""What a person's organizations allow and require together: point by point the strictest. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from security_info.methods import KINDS, Method, Reachable, kind_of
from security_info.methods.predefined_questions import PREDEFINED
from security_info.methods.security_key import KeyRules
from shared.contracts import security_info as contract
from shared.contracts.security_policy import PolicyMethod, Purpose, PurposePolicy, SecurityPolicy

PURPOSES: tuple[Purpose, ...] = ("two_step", "password_reset")
APPS = "apps"
DEFAULT = SecurityPolicy(
    two_step=PurposePolicy(methods=("authenticator-app", "security-key", "phone", "recovery-codes")),
    password_reset=PurposePolicy(methods=("authenticator-app", "security-key", "phone", "email")),
)
"""What holds where an organization says nothing."""
FEWEST_QUESTIONS = 3
NOBODY = ""
"""Stands for an organization where the account is known to have none."""


@dataclass(frozen=True, slots=True)
class Told:
    """An organization's policy, and what it is called."""

    organization_id: str
    name: str
    policy: SecurityPolicy


@dataclass(frozen=True, slots=True)
class Policy:
    """The policies that hold for one account, at least one; types that are *unavailable* nothing here could serve."""

    told: tuple[Told, ...]
    default: SecurityPolicy = DEFAULT
    unavailable: frozenset[str] = frozenset()

    def methods_for(self, told: Told, purpose: Purpose) -> tuple[str, ...]:
        """Name the types that one organization allows for a purpose."""
        told_in_turn = (getattr(one, purpose).methods for one in (told.policy, self.default, DEFAULT))
        return next((methods for methods in told_in_turn if methods is not None), ())

    def barring(self, type_: str, purpose: str) -> tuple[str, ...]:
        """Name the organizations that do not allow a type of method for a purpose."""
        if purpose == APPS:
            return tuple(told.organization_id for told in self.told if not told.policy.app_passwords)
        known = next(one for one in PURPOSES if one == purpose)
        return tuple(told.organization_id for told in self.told if type_ not in self.methods_for(told, known))

    def refusing(self, type_: str) -> tuple[str, ...]:
        """Name the organizations that keep a type from being added: none while it still serves one purpose.

        Where it is the portal itself that has no means for it, `NOBODY` is named.
        """
        if type_ in self.unavailable:
            return (NOBODY,)
        if type_ == "security-questions" and self.questions_offered < FEWEST_QUESTIONS:
            return tuple(told.organization_id for told in self.told if not told.policy.questions.predefined)
        barring = [self.barring(type_, purpose) for purpose in KINDS[type_].purposes]
        if not all(barring):
            return ()
        return tuple(dict.fromkeys(organization for several in barring for organization in several))

    def need(self, purpose: Purpose, methods: Iterable[Method]) -> contract.Need:
        """Tell how much of a purpose is required, and how much of it these methods are."""
        required = max(getattr(told.policy, purpose).required for told in self.told)
        serving = [
            method
            for method in methods
            if purpose in kind_of(method).counts_for and not self.barring(method.type, purpose)
        ]
        # A number that the person and the organization both put in is one.
        apart = {method.target.digest if isinstance(method, Reachable) else id(method) for method in serving}
        types = {method.type for method in serving}
        return contract.Need(
            purpose=purpose,
            required=required,
            registered=len(apart) if purpose == "two_step" else len(types),
            organizations=tuple(
                told.organization_id
                for told in self.told
                if required and getattr(told.policy, purpose).required == required and told.organization_id != NOBODY
            ),
        )

    def lessened(self, before: Sequence[Method], after: Sequence[Method]) -> Iterator[contract.Need]:
        """Give the needs of which less would be left than is required, and less than there is."""
        for purpose in PURPOSES:
            there, left = self.need(purpose, before), self.need(purpose, after)
            if left.registered < left.required and left.registered < there.registered:
                yield left

    def refuse_lessening(self, before: Sequence[Method], after: Sequence[Method]) -> None:
        """Raise `MethodNeeded` for the first of the needs that are lessened."""
        for need in self.lessened(before, after):
            raise contract.MethodNeeded(
                purpose=need.purpose, required=need.required, organizations=list(need.organizations)
            )

    @property
    def questions_to_register(self) -> int:
        """Give how many security questions are to be answered: what the strictest wants, or all that there are."""
        return min(max(told.policy.questions.to_register for told in self.told), self.questions_offered)

    @property
    def questions_offered(self) -> int:
        """Give how many questions there are to choose from."""
        return len(self.custom_questions()) + (len(PREDEFINED) if self.predefined_questions else 0)

    @property
    def predefined_questions(self) -> bool:
        """Tell whether all organizations let our own questions be chosen."""
        return all(told.policy.questions.predefined for told in self.told)

    def custom_questions(self) -> tuple[contract.Question, ...]:
        """Give the organizations' own questions."""
        return tuple(
            contract.Question(
                id=f"{told.organization_id}:{question.id}",
                text=question.text,
                organization_id=told.organization_id or None,
            )
            for told in self.told
            for question in told.policy.questions.custom
        )

    @property
    def key_rules(self) -> KeyRules:
        """Give what is asked of security keys."""
        rules = [told.policy.keys for told in self.told]
        lists = [frozenset(rule.allowed_models) for rule in rules if rule.allowed_models]
        return KeyRules(
            attestation=any(rule.attestation for rule in rules),
            user_verification=any(rule.user_verification for rule in rules),
            allowed_models=frozenset.intersection(*lists) if lists else None,
        )

    def asks_for_access_code(self, home: str | None) -> bool:
        """Tell whether the *home* organization, which alone can issue codes, takes no sign-in for a first proof."""
        return any(
            told.policy.first_proof == "temporary_access_code" for told in self.told if told.organization_id == home
        )


def named(organizations: Iterable[str]) -> tuple[str, ...]:
    """Leave out what stands for none: an account that belongs nowhere has the portal's default, which nobody set."""
    return tuple(id_ for id_ in organizations if id_ != NOBODY)


def understood(told: Mapping[str, Any] | None, *, otherwise: SecurityPolicy) -> SecurityPolicy:
    """Read a policy that a newer version may have told: what is not understood of it is left out, member by member.

    Types of methods that are unknown here are taken off a list, which is then shorter, never gone.
    """
    if told is None:
        return otherwise
    parts: dict[str, Any] = {}
    for name in SecurityPolicy.model_fields.keys() & told.keys():
        part = _known_members(name, told[name]) if isinstance(told[name], Mapping) else told[name]
        parts[name] = _STRICTEST.get(name, getattr(otherwise, name)) if _faults(name, part) else part
    return SecurityPolicy.model_validate(parts)


_STRICTEST = {"first_proof": "temporary_access_code", "app_passwords": False}
_KNOWN_TYPES = frozenset(get_args(PolicyMethod))


def _known_members(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    members = dict(part)
    if isinstance(members.get("methods"), list):
        told = (type_ for type_ in members["methods"] if isinstance(type_, str) and type_ in _KNOWN_TYPES)
        members["methods"] = list(dict.fromkeys(told))
    faults = _faults(name, members)
    return {member: value for member, value in members.items() if member not in faults}


def _faults(name: str, part: Any) -> set[str]:
    """Name the members of a part that do not hold; one without a name is the part as a whole."""
    try:
        SecurityPolicy.model_validate({name: part})
    except ValidationError as error:
        return {str((*fault["loc"], "")[1]) for fault in error.errors(include_input=False, include_context=False)}
    return set()


Policies = Callable[[Iterable[str]], Policy]
"""Give the policy that holds for the members of these organizations."""
