"""Words for every problem: what it is called, and what it means for the person who meets it."""

from gateway.words.problem import ProblemWords
from gateway.words.problems_of_devices import PROBLEMS_OF_DEVICES
from gateway.words.problems_of_methods import PROBLEMS_OF_METHODS
from gateway.words.problems_of_organizations import PROBLEMS_OF_ORGANIZATIONS
from gateway.words.problems_of_privacy import PROBLEMS_OF_PRIVACY
from shared.telling.message import counted, marked

PROBLEMS: dict[str, ProblemWords] = {
    "unexpected": ProblemWords(
        marked("Something went wrong"),
        marked("This should not have happened, and it is not your doing. Try again in a little while."),
    ),
    "invalid": ProblemWords(
        marked("Check what you filled in"), marked("Something that was sent is not as it needs to be.")
    ),
    "malformed": ProblemWords(
        marked("The request could not be read"), marked("What was sent is not in a form that can be read.")
    ),
    "wrong_content_type": ProblemWords(
        marked("The request has the wrong content type"), marked("Send it as application/json.")
    ),
    "too_large": ProblemWords(
        marked("The request is too large"),
        counted("At most %(limit)s byte is accepted.", "At most %(limit)s bytes are accepted.", by="limit"),
        about=marked("More was sent than is accepted."),
    ),
    "not_signed_in": ProblemWords(marked("You are not signed in"), marked("Sign in to go on.")),
    "sign_in_failed": ProblemWords(
        marked("The sign-in did not work"),
        marked("The sign-in page of your organization did not confirm who you are, or it took too long. Try again."),
    ),
    "not_allowed": ProblemWords(
        marked("This is not allowed"),
        marked("Your account may not do this, or the request came from another site. Nothing was changed."),
    ),
    "missing_scope": ProblemWords(
        marked("The access token lacks a scope"),
        marked("The token needs the scope %(scope)s. Ask the identity provider for a token with it."),
        about=marked(
            "The token was not issued for this. Ask the identity provider for one with the scope that it needs."
        ),
    ),
    "organization_not_yours": ProblemWords(
        marked("The organization is not yours to speak for"),
        marked("This system is bound to other organizations. Nothing was changed."),
    ),
    "account_disabled": ProblemWords(
        marked("Your account is disabled"),
        marked(
            "Your organization has disabled it, so you are signed out everywhere and cannot use it here. What you have "
            "here is kept, for when your organization enables the account again."
        ),
    ),
    "not_found": ProblemWords(
        marked("There is nothing here"), marked("The page may have moved, or the address may be mistyped.")
    ),
    "method_not_allowed": ProblemWords(
        marked("That cannot be done here"), marked("The address is right, but it does not take this kind of request.")
    ),
    "changed_meanwhile": ProblemWords(
        marked("Something else changed at the same time"),
        marked("Your change was not made. Look at how things are now, then try again."),
    ),
    "precondition_failed": ProblemWords(
        marked("It has changed since you looked"),
        marked("Your change was not made. Look at how things are now, then try again."),
    ),
    "command_reused": ProblemWords(
        marked("This form was used before"),
        marked("It had something else in it then, so nothing was changed now. Open the page again and retry."),
    ),
    "too_many_changes": ProblemWords(
        marked("Too many changes in a short time"),
        counted(
            "Wait %(retry_after)s second, then try again.",
            "Wait %(retry_after)s seconds, then try again.",
            by="retry_after",
        ),
        about=marked("Wait a little while, then try again."),
    ),
    "unavailable": ProblemWords(
        marked("Not right now"),
        marked("This part does not answer at the moment. Try again in a little while."),
    ),
    "picture_not_found": ProblemWords(
        marked("There is no picture"), marked("Your organization has not put in a picture of you.")
    ),
    "picture_unreadable": ProblemWords(
        marked("The picture could not be read"), marked("It must be a JPEG, PNG or WebP picture that is complete.")
    ),
    "picture_too_large": ProblemWords(
        marked("The picture is too large"),
        counted(
            "It can be at most %(limit)s pixel wide and high.",
            "It can be at most %(limit)s pixels wide and high.",
            by="limit",
        ),
        about=marked("It is wider or higher than pictures can be."),
    ),
    "picture_animated": ProblemWords(marked("The picture is animated"), marked("Only still pictures can be used.")),
    "session_not_found": ProblemWords(
        marked("You are no longer signed in there"),
        marked("That browser was signed out already, or its session had run out."),
    ),
    **PROBLEMS_OF_DEVICES,
    **PROBLEMS_OF_ORGANIZATIONS,
    **PROBLEMS_OF_METHODS,
    **PROBLEMS_OF_PRIVACY,
}
