"""Words for the problems of privacy: terms, services in use, registers and preferences."""

from gateway.words.problem import ProblemWords
from shared.telling.message import marked

PROBLEMS_OF_PRIVACY: dict[str, ProblemWords] = {
    "place_unknown": ProblemWords(
        marked("That part of the history was not found"), marked("Start again from the newest entries.")
    ),
    "sign_in_known": ProblemWords(
        marked("This sign-in is known already"),
        marked("A sign-in of another account has the same id. Give each sign-in of an organization an id of its own."),
    ),
    "service_not_found": ProblemWords(
        marked("The service was not found"),
        marked("It may have been disconnected from your account already, or it was never put in."),
    ),
    "disconnecting_forbidden": ProblemWords(
        marked("You cannot disconnect this service by yourself"),
        marked("Only its organization connects and disconnects it. Your privacy page tells whom to ask."),
    ),
    "terms_not_found": ProblemWords(
        marked("The terms were not found"),
        marked("They may have been withdrawn, or you no longer belong to the organization whose terms they are."),
    ),
    "terms_not_asked": ProblemWords(
        marked("These terms were withdrawn"),
        marked("The organization asks nobody to accept them any more. You have not accepted them."),
    ),
    "terms_changed": ProblemWords(
        marked("The terms have changed"),
        marked("Nothing was accepted. Read version %(version)s, and accept it if you agree."),
        about=marked("Only the current version can be accepted, as it is shown. Read it, and accept it if you agree."),
    ),
    "version_published": ProblemWords(
        marked("This version is published already"),
        marked("A published version stays as it is. Publish another text under a version of its own."),
    ),
    "register_full": ProblemWords(
        marked("There is no room for more"),
        marked("There can be at most %(limit)s of these."),
        about=marked("There are as many of these as there can be. Take some out first."),
    ),
    "language_locked": ProblemWords(
        marked("Your organization decides the language"),
        marked("The portal is shown in one language to its members, which nobody can change for themselves."),
    ),
}
