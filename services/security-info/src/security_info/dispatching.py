"""Codes on their way: which numbers and addresses they go to, and that no more are sent than may be."""

import hashlib
from collections.abc import Awaitable, Callable

from pydantic import SecretStr

from security_info import reaching
from security_info.methods import email, phone
from security_info.methods.reachable import Target
from security_info.model import SecurityInfo
from security_info.quotas import Allowance
from security_info.reaching import Sending
from security_info.reserving import Quotas
from shared.asking import Call
from shared.contracts import security_info as contract
from shared.contracts.problem import CommandReused, FieldProblem, Invalid, Problem, Unavailable
from shared.identifying import Principal
from shared.letters import Channel
from shared.sealing import Secret
from shared.storing import Outcome


class Dispatch:
    """Read where codes are to go, and reserve each before it is written."""

    def __init__(self, quotas: Quotas, *, allowance: Allowance, countries: frozenset[str]) -> None:
        self.allowance = allowance
        self.countries = countries
        self._quotas = quotas

    def number(self, given: contract.PhoneNumber, way: contract.Way | None) -> Target:
        """Give the target that a number is; raises `Invalid` for one that codes cannot be sent to."""
        return self._phone(given.typed, given.country, way or "text", "/number")

    def office_number(self, given: contract.PutMethod) -> Target:
        """Give the target that a number of the organization's is."""
        return self._phone(given.number, None, "call", None)

    def address(self, given: SecretStr, person: Principal) -> Target:
        """Give the target that an address is; raises `Invalid` for the account's own."""
        address = given.get_secret_value()
        if email.same(address, person.email):
            raise Invalid(errors=[FieldProblem(pointer="/address", key="work_address")])
        digest = self._quotas.digest(f"mailto:{address.casefold()}")
        return Target(value=Secret(address), digest=digest, hint=email.hint(address), way="mail")

    def sending(self, language: str, *, expected: str | None = None) -> Sending:
        """Tell how codes are written and counted; *expected* is the digest of the target that is reserved."""
        return Sending(language=language, allowance=self.allowance, expected=expected)

    async def within_quotas(
        self,
        call: Call,
        digest: str,
        way: Channel,
        change: Callable[[], Awaitable[Outcome[SecurityInfo]]],
        *,
        own: bool = False,
    ) -> Outcome[SecurityInfo]:
        """Reserve a send, then carry out the *change* that writes the code; what is refused gives it back.

        A target that is the account's *own*, since it was confirmed, is counted for this account alone: whoever else
        asks for codes to it cannot keep its owner from proving who they are.

        The answer of the change names the digest that it is `sent_to`. The digest of a command does not tell numbers
        apart, so one that was sent elsewhere under the same id is found out here, and refused with `CommandReused`.
        """
        named = f"{call.account}\n{call.command.id}\n{call.command.digest}\n{digest}"
        command = hashlib.sha256(named.encode()).hexdigest()
        counted = self._quotas.digest(f"{digest}\n{call.account}") if own else digest
        reservation = await self._quotas.reserve(command, call.account, counted, way)
        try:
            outcome = await change()
            if outcome.answer.get("sent_to") != digest:
                raise CommandReused
        except Problem as problem:
            # Of what is unavailable nobody knows whether it was written.
            if not isinstance(problem, Unavailable):
                await self._quotas.release(reservation)
            raise
        return outcome

    def _phone(self, typed: SecretStr, country: str | None, way: contract.Way, member: str | None) -> Target:
        try:
            number = phone.read(typed.get_secret_value(), country, allowed=self.countries)
        except phone.NumberNotUsable as refused:
            within = {"telephone_number": "/typed", "country_not_allowed": "/country"}[refused.why]
            pointer = f"{member}{within}" if member else "/number"
            raise Invalid(errors=[FieldProblem(pointer=pointer, key=refused.why)]) from None
        if way == "text":
            reaching.refuse_texts_to(number)
        return Target(
            value=Secret(number), digest=self._quotas.digest(f"tel:{number}"), hint=phone.hint(number), way=way
        )
