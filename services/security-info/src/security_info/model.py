"""One account's security info is one document; here are the rules that span its methods. Pure."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from security_info.methods import authenticator_app
from shared.contracts import security_info as contract
from shared.contracts.event import Event
from shared.deciding import Decision
from shared.facts import Facts
from shared.sealing import Secret

SETUP_LIFETIME = timedelta(minutes=15)
SETUP_ATTEMPTS = 5
MOST_SETUPS = 5
"""Setups under way at once; starting another gives the oldest up."""


class AuthenticatorApp(BaseModel):
    """An authenticator app; until it is confirmed it has attempts left and counts for nothing."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    type: contract.MethodType = "authenticator-app"
    name: str
    key: Secret
    started_at: datetime
    confirmed_at: datetime | None = None
    attempts_left: int = SETUP_ATTEMPTS
    used_step: int | None = None

    def setup_ended(self, now: datetime) -> contract.SetupEnded | None:
        """Tell why this setup cannot be finished any more, if it cannot."""
        if self.attempts_left <= 0:
            return contract.SetupEnded(reason="too_many_attempts")
        if now >= self.started_at + SETUP_LIFETIME:
            return contract.SetupEnded(reason="expired")
        return None


class SecurityInfo(BaseModel):
    """The methods of one account by their ids, oldest first, and the one that is asked for first."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    methods: dict[str, AuthenticatorApp] = {}
    default_method: str | None = None

    def confirmed(self) -> dict[str, AuthenticatorApp]:
        """Give the methods that count."""
        return {id_: method for id_, method in self.methods.items() if method.confirmed_at}

    def method(self, method_id: str) -> AuthenticatorApp:
        """Give a method of this account; any other is not found, whosever it is."""
        if method_id not in self.methods:
            raise contract.MethodNotFound
        return self.methods[method_id]

    def confirmed_method(self, method_id: str) -> AuthenticatorApp:
        """Give a method that counts."""
        method = self.method(method_id)
        if not method.confirmed_at:
            raise contract.MethodNotConfirmed
        return method

    def setup(self, method_id: str, now: datetime) -> AuthenticatorApp:
        """Give a method whose setup is under way."""
        method = self.method(method_id)
        if method.confirmed_at:
            raise contract.MethodConfirmedAlready
        if ended := method.setup_ended(now):
            raise ended
        return method

    def with_method(self, method_id: str, method: AuthenticatorApp, **changes: Any) -> "SecurityInfo":
        """Give the state with one method put in or changed, and other fields changed along."""
        return self.model_copy(update={"methods": {**self.methods, method_id: method}, **changes})


def start_setup(info: SecurityInfo, facts: Facts, *, name: str | None, language: str) -> Decision[SecurityInfo]:
    """Start setting an authenticator app up; what was given up or has ended makes room."""
    confirmed = info.confirmed()
    if len(confirmed) >= authenticator_app.LIMIT:
        raise contract.MethodLimitReached(limit=authenticator_app.LIMIT)
    under_way = {
        id_: method
        for id_, method in info.methods.items()
        if not method.confirmed_at and not method.setup_ended(facts.now)
    }
    kept = dict(list(under_way.items())[-(MOST_SETUPS - 1) :])
    method_id = facts.id("method")
    method = AuthenticatorApp(
        name=name or _free_name(confirmed, language),
        key=Secret(authenticator_app.new_key(facts)),
        started_at=facts.now,
    )
    return Decision(
        info.model_copy(update={"methods": {**confirmed, **kept, method_id: method}}), {"method_id": method_id}
    )


def confirm(info: SecurityInfo, facts: Facts, *, method_id: str, code: str) -> Decision[SecurityInfo]:
    """Finish a setup with a code; a wrong one costs an attempt, which is saved before it is refused."""
    method = info.setup(method_id, facts.now)
    if len(info.confirmed()) >= authenticator_app.LIMIT:
        raise contract.MethodLimitReached(limit=authenticator_app.LIMIT)
    step = authenticator_app.step_of(code, method.key.value, at=facts.now, used=method.used_step)
    if step is None:
        return _wrong_code(info, method_id, method)
    done = method.model_copy(update={"confirmed_at": facts.now, "used_step": step})
    news: list[Event] = [contract.MethodAdded(method_id=method_id, method_type=done.type, name=done.name)]
    changes = {}
    if info.default_method is None:
        changes = {"default_method": method_id}
        news.append(_default_is(method_id, done))
    return Decision(info.with_method(method_id, done, **changes), {"method_id": method_id}, tuple(news))


def rename(info: SecurityInfo, _facts: Facts, *, method_id: str, name: str) -> Decision[SecurityInfo]:
    """Give a method another name."""
    method = info.confirmed_method(method_id)
    answer = {"method_id": method_id}
    if name == method.name:
        return Decision(info, answer)
    renamed = method.model_copy(update={"name": name})
    told = contract.MethodRenamed(method_id=method_id, method_type=method.type, name=name, previous_name=method.name)
    return Decision(info.with_method(method_id, renamed), answer, (told,))


def remove(info: SecurityInfo, _facts: Facts, *, method_id: str) -> Decision[SecurityInfo]:
    """Remove a method; the default moves to the oldest other one. A setup is given up without news."""
    method = info.method(method_id)
    left = info.model_copy(update={"methods": {id_: kept for id_, kept in info.methods.items() if id_ != method_id}})
    if not method.confirmed_at:
        return Decision(left)
    news: list[Event] = [contract.MethodRemoved(method_id=method_id, method_type=method.type, name=method.name)]
    if info.default_method == method_id:
        successor = next(iter(left.confirmed()), None)
        left = left.model_copy(update={"default_method": successor})
        news.append(_default_is(successor, left.methods[successor] if successor else None))
    return Decision(left, news=tuple(news))


def set_default(info: SecurityInfo, _facts: Facts, *, method_id: str) -> Decision[SecurityInfo]:
    """Choose the method that is asked for first."""
    method = info.confirmed_method(method_id)
    if info.default_method == method_id:
        return Decision(info)
    return Decision(info.model_copy(update={"default_method": method_id}), news=(_default_is(method_id, method),))


def _wrong_code(info: SecurityInfo, method_id: str, method: AuthenticatorApp) -> Decision[SecurityInfo]:
    left = method.attempts_left - 1
    state = info.with_method(method_id, method.model_copy(update={"attempts_left": left}))
    if left:
        return Decision(state, refusal=contract.CodeIncorrect(attempts_left=left))
    return Decision(
        state,
        news=(contract.MethodSetupFailed(method_type=method.type),),
        refusal=contract.SetupEnded(reason="too_many_attempts"),
    )


def _default_is(method_id: str | None, method: AuthenticatorApp | None) -> contract.DefaultMethodChanged:
    return contract.DefaultMethodChanged(
        method_id=method_id, method_type=method.type if method else None, name=method.name if method else None
    )


def _free_name(confirmed: dict[str, AuthenticatorApp], language: str) -> str:
    """Name a method that the person did not name, apart from the others."""
    taken = {method.name for method in confirmed.values()}
    word = authenticator_app.NAMES.get(language, authenticator_app.NAMES["en"])
    name, number = word, 2
    while name in taken:
        name, number = f"{word} {number}", number + 1
    return name
