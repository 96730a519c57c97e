"""Words for the problems of devices and their recovery keys."""

from gateway.words.problem import ProblemWords
from shared.telling.message import counted, marked

PROBLEMS_OF_DEVICES: dict[str, ProblemWords] = {
    "device_not_found": ProblemWords(
        marked("The device was not found"),
        marked("It may have been disconnected from your account, perhaps with its organization."),
    ),
    "device_limit_reached": ProblemWords(
        marked("The account has as many devices as it can have"),
        counted("There can be at most %(limit)s device.", "There can be at most %(limit)s devices.", by="limit"),
        about=marked("No further device can be connected to this account."),
    ),
    "not_a_member": ProblemWords(
        marked("The account is not a member of the organization"),
        marked("Devices and services are connected for members only. If the membership is new, try again in a moment."),
    ),
    "device_not_disabled": ProblemWords(
        marked("The device is not disabled"),
        marked("It may be used, so there is nothing to ask for. Perhaps an administrator has just enabled it."),
    ),
    "recovery_key_not_found": ProblemWords(
        marked("The recovery key was not found"),
        marked("Your organization may have replaced it. Look at which keys the device has now."),
    ),
    "recovery_key_limit_reached": ProblemWords(
        marked("The device has as many recovery keys as it can have"),
        counted(
            "There can be at most %(limit)s recovery key.",
            "There can be at most %(limit)s recovery keys.",
            by="limit",
        ),
        about=marked("No further recovery key of this device can be put in."),
    ),
}
