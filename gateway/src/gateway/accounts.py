"""What the gateway knows of an account: whether it may be used, since when it counts, and how its owner reads. Pure."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from gateway.preferences import Preferences
from shared.contracts import gateway as contract
from shared.contracts.problem import AccountDisabled, NotSignedIn
from shared.deciding import Decision
from shared.facts import Facts


class Account(BaseModel):
    """An account's standing; *disabled* is our copy of what organizations said in the news of *told*."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    signed_out_until: datetime | None = None
    disabled: bool = False
    told: str = ""
    preferences: Preferences = Preferences()

    def refuse_if_disabled(self) -> None:
        """Raise `AccountDisabled` where it may not be used."""
        if self.disabled:
            raise AccountDisabled

    def takes_session(self, begun_at: datetime, authenticated_at: int | None) -> bool:
        """Tell whether a session began after the person last signed out everywhere, and by a proof from after it.

        A gateway that had not heard of it yet may have let someone in whom the provider still knew.
        """
        until = self.signed_out_until
        return until is None or (begun_at > until and self.takes_sign_in(authenticated_at))

    def takes_sign_in(self, authenticated_at: int | None) -> bool:
        """Tell whether the person proved who they are since they signed out everywhere, to the second.

        A provider keeps sessions of its own: it would let every browser that it knows in again, unseen.
        """
        until = self.signed_out_until
        return until is None or (authenticated_at is not None and authenticated_at >= int(until.timestamp()))

    def refuse_token(self, issued_at: float | None) -> None:
        """Raise `NotSignedIn` for a token from before the last signing out everywhere; one without a date is.

        *issued_at* is the claim `iat`, in whole seconds as a rule: a token of the very same second is refused too.
        """
        until = self.signed_out_until
        if until and (issued_at is None or issued_at <= until.timestamp()):
            raise NotSignedIn


def sign_out(account: Account, facts: Facts) -> Decision[Account]:
    """Sign out everywhere: what began up to now counts no more, nor what did not count before.

    Of two at once the earlier may be saved last, and two gateways' clocks may be apart.
    """
    until = max(facts.now, account.signed_out_until or facts.now)
    after = account.model_copy(update={"signed_out_until": until})
    return Decision(after, news=(contract.SessionsRevoked(until=until),))


def note(account: Account, _facts: Facts, *, disabled: bool, sequence: str) -> Decision[Account]:
    """Note whether the account is disabled, unless something newer was heard."""
    if account.told >= sequence:
        return Decision(account)
    return Decision(account.model_copy(update={"disabled": disabled, "told": sequence}))


def prefer(account: Account, _facts: Facts, *, preferences: Preferences) -> Decision[Account]:
    """Note how the person reads, unless something newer is known."""
    newest = preferences.unless_older(account.preferences)
    return Decision(account.model_copy(update={"preferences": newest}))
