"""The door for identity providers: sign-ins, which become entries of histories and are never news."""

from datetime import timedelta

from privacy.account import Account
from privacy.activity import Activity
from privacy.entries import entry_of_sign_in
from shared.asking import Call
from shared.contracts import privacy as contract
from shared.contracts.devices import NotAMember
from shared.contracts.problem import FieldProblem, Invalid, OrganizationNotYours, Unavailable
from shared.facts import now
from shared.storing import Store, StoreUnavailable

LEEWAY = timedelta(minutes=5)
"""How far ahead of ours the clock of an identity provider may be."""


class SignInHandlers:
    """Answer to systems that speak for the organization whose identity provider it was."""

    def __init__(self, activity: Activity, accounts: Store[Account]) -> None:
        self._activity = activity
        self._accounts = accounts

    async def record_sign_in(self, call: Call, line: contract.SignInLine) -> None:
        """Enter a sign-in, once; only in the history of an account that, as far as is known here, is a member.

        Otherwise whoever speaks for one organization could write into everyone's history.
        """
        if not call.system.speaks_for(line.organization_id):
            raise OrganizationNotYours
        if line.at > now() + LEEWAY:
            raise Invalid(errors=[FieldProblem(pointer="/at", key="in_the_future")])
        membership = (await self._accounts.read(line.account)).memberships.get(line.organization_id)
        if membership is None or not membership.member:
            raise NotAMember
        try:
            await self._activity.enter(entry_of_sign_in(line))
        except StoreUnavailable as error:
            raise Unavailable from error
