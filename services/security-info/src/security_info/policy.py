"""What a person's organizations allow and require together: point by point the strictest. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from security_info.methods import KINDS, Method, kind_of
from security_info.methods.security_key import KeyRules
from shared.contracts import security_info as contract
from shared.contracts.security_policy import Purpose, PurposePolicy, SecurityPolicy

PURPOSES: tuple[Purpose, ...] = ("two_step", "password_reset")
APPS = "apps"
DEFAULT = SecurityPolicy(
    two_step=PurposePolicy(methods=("authenticator-app", "security-key", "phone", "recovery-codes")),
    password_reset=PurposePolicy(methods=("authenticator-app", "security-key", "phone", "email")),
)
"""What holds where an organization says nothing."""
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
    """The policies that hold for one account, at least one."""

    told: tuple[Told, ...]
    default: SecurityPolicy = DEFAULT

    def methods_for(self, told: Told, purpose: Purpose) -> tuple[str, ...]:
        """Name the types that one organization allows for a purpose."""
        told_in_turn = (getattr(one, purpose).methods for one in (told.policy, self.default, DEFAULT))
        return next((methods for methods in told_in_turn if methods is not None), ())

    def barring(self, type_: str, purpose: str) -> tuple[str, ...]:
        """Name the organizations that do not allow a type of method for a purpose."""
        if purpose == APPS:
            return tuple(told.organization_id for told in self.told if not told.policy.app_passwords)
        known: Purpose = "two_step" if purpose == "two_step" else "password_reset"
        return tuple(told.organization_id for told in self.told if type_ not in self.methods_for(told, known))

    def refusing(self, type_: str) -> tuple[str, ...]:
        """Name the organizations that keep a type from being added: none while it still serves one purpose."""
        barring = [self.barring(type_, purpose) for purpose in KINDS[type_].purposes]
        if not all(barring):
            return ()
        return tuple(dict.fromkeys(organization for several in barring for organization in several))

    def need(self, purpose: Purpose, methods: Iterable[Method]) -> contract.Need:
        """Tell how much of a purpose is required, and how much of it these methods are."""
        required = max(getattr(told.policy, purpose).required for told in self.told)
        serving = [
            method.type
            for method in methods
            if purpose in kind_of(method).counts_for and not self.barring(method.type, purpose)
        ]
        return contract.Need(
            purpose=purpose,
            required=required,
            registered=len(serving) if purpose == "two_step" else len(set(serving)),
            organizations=tuple(
                told.organization_id
                for told in self.told
                if required and getattr(told.policy, purpose).required == required
            ),
        )

    def refuse_lessening(self, before: Sequence[Method], after: Sequence[Method]) -> None:
        """Raise `MethodNeeded` where less would be left of a purpose than is required, and less than there is."""
        for purpose in PURPOSES:
            there, left = self.need(purpose, before), self.need(purpose, after)
            if left.registered < left.required and left.registered < there.registered:
                raise contract.MethodNeeded(
                    purpose=purpose, required=left.required, organizations=list(left.organizations)
                )

    @property
    def questions_to_register(self) -> int:
        """Give how many security questions are to be answered when they are set up."""
        return max(told.policy.questions.to_register for told in self.told)

    @property
    def predefined_questions(self) -> bool:
        """Tell whether all organizations let our own questions be chosen."""
        return all(told.policy.questions.predefined for told in self.told)

    def custom_questions(self) -> tuple[contract.Question, ...]:
        """Give the organizations' own questions."""
        return tuple(
            contract.Question(
                id=f"{told.organization_id}:{question.id}", text=question.text, organization_id=told.organization_id
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

    def asking_for_access_codes(self) -> tuple[str, ...]:
        """Name the organizations to which a sign-in is not proof enough for a first method."""
        return tuple(told.organization_id for told in self.told if told.policy.first_proof == "temporary_access_code")


Policies = Callable[[Iterable[str]], Policy]
"""Give the policy that holds for the members of these organizations."""
