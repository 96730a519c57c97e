"""One account's security info is one document: its methods, what is asked just now, its memberships. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from security_info.locking import Tries
from security_info.methods import AnyMethod, Method, Reachable, RecoveryCodes, SecurityKey, UnknownMethod, kind_of
from security_info.methods.kind import SETUP_ATTEMPTS, SETUP_LIFETIME
from security_info.methods.reachable import SentCode
from shared.contracts import security_info as contract
from shared.contracts.event import Event
from shared.noticing import Notice
from shared.preferring import Preferring

__all__ = ["SETUP_ATTEMPTS", "SETUP_LIFETIME", "AccessCode", "Challenge", "Membership", "SecurityInfo"]

NEVER = ""
"""Sorts before the sequence of any news."""
CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST_CHALLENGES = 5
"""Challenges of one session that wait for an answer at once; asking for another forgets its oldest."""
MOST_CHALLENGES_AT_ALL = 50


class Membership(BaseModel):
    """Our copy of a membership: what the newest news said."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sequence: str
    member: bool
    home: bool = False


class Challenge(BaseModel):
    """What a session was asked, to prove who is there; it is answered once."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    kind: str
    method_id: str | None
    session: str
    scopes: tuple[str, ...]
    expires_at: datetime
    nonce: bytes = b""
    sent: SentCode | None = None


class AccessCode(BaseModel):
    """The digest of a temporary access code."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)

    digest: bytes
    expires_at: datetime
    tries: Tries = Tries()


class Standing(BaseModel):
    """Our copy of whether the account may be used: what the newest news said."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sequence: str = NEVER
    disabled: bool = False


class SecurityInfo(Preferring, BaseModel):
    """The methods of one account by their ids, oldest first, and the one that is asked for first.

    *sent_at* is when codes were sent in the last hour, *last_sent* when one was sent to each target just now, by its
    digest, *texted_at* when notices were sent as texts.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    methods: dict[str, AnyMethod] = {}
    default_method: str | None = None
    user_handle: bytes | None = None
    challenges: dict[str, Challenge] = {}
    access_code: AccessCode | None = None
    memberships: dict[str, Membership] = {}
    standing: Standing = Standing()
    sent_at: tuple[datetime, ...] = ()
    last_sent: dict[str, datetime] = {}
    texted_at: tuple[datetime, ...] = ()
    notices: dict[str, Notice] = {}

    def known(self) -> dict[str, AnyMethod]:
        """Give the methods of the types that there are here."""
        return {id_: method for id_, method in self.methods.items() if not isinstance(method, UnknownMethod)}

    def confirmed(self) -> dict[str, AnyMethod]:
        """Give the methods that count."""
        return {id_: method for id_, method in self.known().items() if method.confirmed_at}

    def keys(self) -> dict[str, SecurityKey]:
        """Give the security keys that count."""
        return {id_: method for id_, method in self.confirmed().items() if isinstance(method, SecurityKey)}

    def reachable(self) -> dict[str, Reachable]:
        """Give the phones and addresses that count."""
        return {id_: method for id_, method in self.confirmed().items() if isinstance(method, Reachable)}

    def proving(self) -> dict[str, AnyMethod]:
        """Give the methods with which the person can prove who they are, the default one first."""
        found = {id_: method for id_, method in self.confirmed().items() if _proves(method)}
        return dict(sorted(found.items(), key=lambda item: item[0] != self.default_method))

    def organizations(self) -> list[str]:
        """Name the organizations that the account belongs to."""
        return [id_ for id_, membership in self.memberships.items() if membership.member]

    def home(self) -> str | None:
        """Name the home organization, where one is known."""
        return next((id_ for id_, one in self.memberships.items() if one.member and one.home), None)

    def live_access_code(self, now: datetime) -> AccessCode | None:
        """Give the temporary access code, while it lives."""
        code = self.access_code
        return code if code and now < code.expires_at else None

    def method(self, method_id: str) -> AnyMethod:
        """Give a method of this account; any other is not found, whosever it is."""
        method = self.methods.get(method_id)
        if method is None or isinstance(method, UnknownMethod):
            raise contract.MethodNotFound
        return method

    def confirmed_method(self, method_id: str) -> AnyMethod:
        """Give a method that counts."""
        method = self.method(method_id)
        if not method.confirmed_at:
            raise contract.MethodNotConfirmed
        return method

    def setup(self, method_id: str, now: datetime) -> AnyMethod:
        """Give a method whose setup is under way."""
        method = self.method(method_id)
        if method.confirmed_at:
            raise contract.MethodConfirmedAlready
        if ended := method.setup_ended(now):
            raise ended
        return method

    def changed(self, **changes: Any) -> "SecurityInfo":
        """Give the state with other fields."""
        return self.model_copy(update=changes)

    def with_method(self, method_id: str, method: Method, **changes: Any) -> "SecurityInfo":
        """Give the state with one method put in or changed, and other fields changed along."""
        return self.changed(methods={**self.methods, method_id: method}, **changes)

    def without(self, method_ids: Iterable[str]) -> "SecurityInfo":
        """Give the state without some methods; the default stays where it points."""
        gone = set(method_ids)
        return self.changed(methods={id_: kept for id_, kept in self.methods.items() if id_ not in gone})

    def with_default_settled(self) -> tuple["SecurityInfo", list[Event]]:
        """Let the default point to a method that can be it: where it does not, to the oldest such one, or nowhere."""
        able = [id_ for id_, method in self.confirmed().items() if kind_of(method).can_be_default]
        if self.default_method in able or (self.default_method is None and not able):
            return self, []
        return self.with_default(able[0] if able else None)

    def with_default(self, method_id: str | None) -> tuple["SecurityInfo", list[Event]]:
        """Make a method the default."""
        method = self.methods[method_id] if method_id else None
        news = contract.DefaultMethodChanged(
            method_id=method_id, method_type=method.type if method else None, name=method.name if method else None
        )
        return self.changed(default_method=method_id), [news]


def _proves(method: AnyMethod) -> bool:
    used_up = isinstance(method, RecoveryCodes) and not method.remaining
    return kind_of(method).proves and not used_up
