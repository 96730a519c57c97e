"""Words for what security info refuses."""

from gateway.words.problem import ProblemWords
from shared.telling.message import counted, marked

PROBLEMS_OF_METHODS: dict[str, ProblemWords] = {
    "method_not_found": ProblemWords(
        marked("The method was not found"), marked("It may already have been removed, perhaps in another window.")
    ),
    "method_limit_reached": ProblemWords(
        marked("You have as many as you can have"),
        counted(
            "There can be at most %(limit)s method of this type. Remove it to make room for another.",
            "There can be at most %(limit)s methods of this type. Remove one to make room for another.",
            by="limit",
        ),
        about=marked("Remove a method of this type to make room for another."),
    ),
    "method_not_confirmed": ProblemWords(
        marked("The setup is not finished"),
        marked("A method can be used once its setup has been finished."),
    ),
    "method_confirmed_already": ProblemWords(
        marked("The setup is already finished"), marked("The method is in place and ready to be used.")
    ),
    "code_incorrect": ProblemWords(
        marked("The code is incorrect"),
        counted(
            "That code is not right. You have %(attempts_left)s attempt left.",
            "That code is not right. You have %(attempts_left)s attempts left.",
            by="attempts_left",
        ),
        about=marked("The code is not the one that the app shows now, or that was sent last. Try again with that one."),
    ),
    "setup_ended": ProblemWords(
        marked("The setup has ended"),
        marked("It took too long, or too much was tried that was not right. Nothing was changed. You can start again."),
        by_reason={
            "expired": marked("It was open for longer than a setup may be. Nothing was changed. You can start again."),
            "too_many_attempts": marked(
                "Too much was tried that was not right. Nothing was changed. You can start again."
            ),
        },
    ),
    "too_many_sends": ProblemWords(
        marked("No further code can be sent yet"),
        marked("Too many were asked for: for this account, for the same number or address, or by everybody together."),
    ),
    "nothing_to_send": ProblemWords(
        marked("No code is waited for"),
        marked("There is nothing to send it for. It may have been confirmed already, perhaps in another window."),
    ),
    "code_expired": ProblemWords(
        marked("The code has run out"), marked("It was sent too long ago. Ask for another one, and type that.")
    ),
    "method_managed": ProblemWords(
        marked("Your organization manages this method"),
        marked("It put the method in, and it alone can change or remove it. Nothing was changed."),
    ),
    "method_type_not_allowed": ProblemWords(
        marked("This type of method cannot be used"),
        marked(
            "Your organization does not allow it, or it is not available here. Nothing was added. Choose another type."
        ),
    ),
    "method_needed": ProblemWords(
        marked("This method is required"),
        marked("Your organization requires it, so it cannot go without another in its place. You can replace it."),
        by_reason={
            "two_step": marked(
                "Without it you would have fewer methods for two-step verification than your organization requires. "
                "You can replace it."
            ),
            "password_reset": marked(
                "Without it you would have fewer types of methods for resetting your password than your organization "
                "requires. You can replace it."
            ),
        },
        by="purpose",
    ),
    "method_cannot_be_default": ProblemWords(
        marked("This method cannot be the default"),
        marked("Only an authenticator app, a security key or a phone can be asked for first."),
    ),
    "method_cannot_be_renamed": ProblemWords(
        marked("This method has no name of its own"),
        marked("There is only one of its type, so it is called by it."),
    ),
    "shown_once": ProblemWords(
        marked("This was shown already"),
        marked("It is shown a single time, and only you could keep it. If you did not, remove it and make a new one."),
    ),
    "credential_refused": ProblemWords(
        marked("The security key could not be used"),
        marked("What the key answered does not hold. Try again, or use another one."),
        by_reason={
            "malformed": marked("What the browser sent could not be read. Try again, or use another browser."),
            "challenge": marked("The key answered an earlier question. Try again."),
            "origin": marked("The key answered for another site than this one. Nothing was accepted."),
            "relying_party": marked("The key answered for another site than this one. Nothing was accepted."),
            "algorithm": marked("The key signs in a way that is not accepted here. Use another one."),
            "user_verification": marked(
                "The key did not check that it is you. Give it a PIN, or use your fingerprint or face, and try again."
            ),
            "attestation": marked(
                "Your organization asks keys to tell what model they are, and this one did not. Let the browser pass "
                "it on, or use another key."
            ),
            "model": marked("Your organization does not allow this model of key. Use another one."),
            "registered": marked("This key is one of your methods already. Use another one."),
            "other_key": marked("This is another key than the one that was asked for."),
            "signature": marked("The signature of the key is not right. Try again, or use another one."),
            "sign_count": marked(
                "The key may have been copied: it counts its uses, and this one is out of order. Use another method, "
                "and remove this key."
            ),
        },
    ),
    "method_locked": ProblemWords(
        marked("This method is locked for a while"),
        marked("It was tried too often with wrong answers. Use another method, or try again later."),
    ),
    "method_cannot_prove": ProblemWords(
        marked("This does not show that it is you"), marked("Choose one of your methods that can.")
    ),
    "challenge_ended": ProblemWords(
        marked("That took too long"),
        marked("What was asked has run out, or it was answered already. Nothing was changed. Try again."),
    ),
    "sign_in_too_old": ProblemWords(
        marked("Your sign-in was too long ago"),
        marked("As long as you have no method, a sign-in of the last few minutes shows that it is you. Sign in again."),
    ),
    "access_code_needed": ProblemWords(
        marked("You need a temporary access code"),
        marked("Your organization gives you one, with which you can set up your first method. Ask its service desk."),
    ),
    "access_code_void": ProblemWords(
        marked("The temporary access code is void"),
        marked("It was tried too often. Ask your organization for another one, and tell it if that was not you."),
    ),
    "proof_needed": ProblemWords(
        marked("Confirm that it is you"),
        marked("This could lock you out if someone else did it, so you are asked once more who you are."),
    ),
}
