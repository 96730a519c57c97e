"""The rules of preferences: what is chosen, what the home organization locks, and so what holds. Pure."""

import dataclasses
from dataclasses import dataclass

from privacy.account import Account, Lock
from privacy.register import Register
from shared.contracts import privacy as contract
from shared.deciding import Decision, Rule
from shared.facts import Facts


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds for an account: what is chosen, but for a language that is locked; None follows the browser."""

    language: str | None
    region: str | None
    time_zone: str | None
    locked_by: str | None


def holding(account: Account) -> Holding:
    """Tell what holds."""
    chosen, lock = account.preferences, lock_on(account)
    return Holding(
        language=lock.language if lock else chosen.language,
        region=chosen.region,
        time_zone=chosen.time_zone,
        locked_by=lock.organization_id if lock else None,
    )


def lock_on(account: Account) -> Lock | None:
    """Give the lock on the language, where the home organization has one."""
    lock = account.preferences.lock
    is_here = lock.language is not None and lock.organization_id == account.home.organization_id
    return lock if is_here else None


def lock_of(organization_id: str, register: Register) -> Lock:
    """Give an organization's rule as accounts keep it."""
    return Lock(organization_id=organization_id, revision=register.language_revision, language=register.language)


def with_lock(account: Account, lock: Lock) -> Account:
    """Give the account under the rule of its home organization, unless it has a newer one or another home."""
    known = account.preferences.lock
    if account.home.organization_id != lock.organization_id:
        return account
    if known.organization_id == lock.organization_id and known.revision >= lock.revision:
        return account
    return account.model_copy(update={"preferences": account.preferences.model_copy(update={"lock": lock})})


def choose(account: Account, _facts: Facts, *, wish: contract.PutPreferences) -> Decision[Account]:
    """Choose; a language that was chosen before the lock may stay, for when it is gone. Raises `LanguageLocked`."""
    before, lock = account.preferences, lock_on(account)
    if lock and wish.language not in {None, lock.language, before.language}:
        raise contract.LanguageLocked(language=str(lock.language))
    chosen = before.model_copy(update=wish.model_dump())
    return _told(account, Decision(account.model_copy(update={"preferences": chosen})))


def obey(account: Account, _facts: Facts, *, lock: Lock) -> Decision[Account]:
    """Let the home organization's rule hold; any other's changes nothing."""
    return _told(account, Decision(with_lock(account, lock)))


def at_home(account: Account, facts: Facts, *, rule: Rule[Account], lock: Lock) -> Decision[Account]:
    """Carry out a *rule* that may change the home organization, and let that one's *lock* hold from then on."""
    decision = rule(account, facts)
    return _told(account, dataclasses.replace(decision, state=with_lock(decision.state, lock)))


def spread(register: Register, _facts: Facts, *, revision: int) -> Decision[Register]:
    """Note that a rule has reached every account, unless there is a newer one."""
    if not register.to_spread or register.language_revision != revision:
        return Decision(register)
    return Decision(register.model_copy(update={"to_spread": False}))


def _told(before: Account, decision: Decision[Account]) -> Decision[Account]:
    """Announce what holds where it changed, under the next number."""
    holds = holding(decision.state)
    if holds == holding(before):
        return decision
    revision = before.preferences.revision + 1
    preferences = decision.state.preferences.model_copy(update={"revision": revision})
    news = contract.PreferencesChanged(**dataclasses.asdict(holds), revision=revision)
    after = decision.state.model_copy(update={"preferences": preferences})
    return dataclasses.replace(decision, state=after, news=(*decision.news, news))
