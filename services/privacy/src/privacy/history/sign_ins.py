"""The door for identity providers: sign-ins, which become entries of histories and are never news."""

from privacy.history.activity import Activity
from privacy.history.entries import entry_of_sign_in
from privacy.history.homes import Homes
from privacy.moments import refuse_future
from privacy.notices import Declarations
from shared.asking import Call
from shared.contracts import privacy as contract
from shared.contracts.devices import NotAMember
from shared.contracts.problem import OrganizationNotYours, Unavailable
from shared.facts import now
from shared.storing import StoreUnavailable


class SignInHandlers:
    """Answer to systems that speak for the organization whose identity provider it was."""

    def __init__(self, activity: Activity, homes: Homes, declarations: Declarations) -> None:
        self._activity = activity
        self._homes = homes
        self._declarations = declarations

    async def record_sign_in(self, call: Call, line: contract.SignInLine) -> None:
        """Enter a sign-in, once; only in the history of an account that, as far as is known here, is a member.

        Otherwise whoever speaks for one organization could write into everyone's history.
        """
        if not call.system.speaks_for(line.organization_id):
            raise OrganizationNotYours
        refuse_future(now(), at=line.at)
        try:
            if not await self._homes.is_member(line.account, line.organization_id):
                raise NotAMember
            told = await self._declarations.of([line.organization_id])
            called = told.get(line.organization_id, {}).get("name")
            entered = await self._activity.enter(entry_of_sign_in(line, called))
        except StoreUnavailable as error:
            raise Unavailable from error
        if not entered:
            raise contract.SignInKnown
