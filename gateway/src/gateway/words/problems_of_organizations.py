"""Words for the problems of organizations and memberships."""

from gateway.words.problem import ProblemWords
from shared.telling.message import counted, marked

PROBLEMS_OF_ORGANIZATIONS: dict[str, ProblemWords] = {
    "organization_not_found": ProblemWords(
        marked("The organization was not found"),
        marked("The account may have left it already, perhaps in another window, or it was never put in."),
    ),
    "account_not_found": ProblemWords(marked("The account was not found"), marked("No directory has put it in yet.")),
    "home_organization": ProblemWords(
        marked("This is the home organization"),
        marked("An account comes from its home organization, so it always belongs to it. Nothing was changed."),
    ),
    "membership_limit_reached": ProblemWords(
        marked("The account belongs to as many organizations as it can"),
        counted(
            "An account can belong to at most %(limit)s organization.",
            "An account can belong to at most %(limit)s organizations.",
            by="limit",
        ),
        about=marked("The account has to leave an organization before it can belong to another."),
    ),
    "owner_cannot_leave": ProblemWords(
        marked("An owner cannot leave"),
        marked("You own the organization. Ask its administrators to make somebody else the owner first, then leave."),
    ),
    "leaving_forbidden": ProblemWords(
        marked("The organization lets nobody leave by themselves"),
        marked("Ask it to end the membership. Your organizations page tells whom to ask."),
    ),
    "nothing_to_restore": ProblemWords(
        marked("There is no membership to restore"),
        marked("The account never was a member, or the membership ended too long ago. Start a new one instead."),
    ),
}
