"""Words for what happens to devices and their recovery keys."""

from shared.telling.event import EventWords
from shared.telling.message import marked

_ENABLED = marked("The device “%(name)s” may be used again")
_DISCONNECTED = marked("The device “%(name)s” was disconnected from your account")
_RULES_UNKNOWN = marked("It is not known any more whether the device “%(name)s” meets the requirements")
_KEY_PUT_IN = marked("Your organization put in a recovery key of the device “%(name)s”")
_KEY_DELETED = marked("Your organization deleted a recovery key of the device “%(name)s”")

EVENTS_OF_DEVICES: dict[str, EventWords] = {
    "profile.devices.device.connected.v1": EventWords(
        "laptop",
        marked("You connected the device “%(name)s” to your account"),
        marked("The device “%(name)s” was connected to your account"),
    ),
    "profile.devices.device.renamed.v1": EventWords(
        "pencil",
        marked("You renamed the device “%(previous_name)s” to “%(name)s”"),
        marked("The device “%(previous_name)s” was renamed to “%(name)s”"),
    ),
    "profile.devices.device.disabled.v1": EventWords(
        "ban",
        marked("You disabled the device “%(name)s”"),
        marked("The device “%(name)s” was disabled"),
        by_reason={
            "lost": marked("The device “%(name)s” was disabled because it was lost"),
            "stolen": marked("The device “%(name)s” was disabled because it was stolen"),
            "not_mine": marked("The device “%(name)s” was disabled because it is not yours any more"),
            "not_recognised": marked("The device “%(name)s” was disabled because you did not recognise it"),
        },
    ),
    "profile.devices.device.enabled.v1": EventWords("check", _ENABLED, _ENABLED),
    "profile.devices.device.disconnected.v1": EventWords(
        "unlink",
        _DISCONNECTED,
        _DISCONNECTED,
        by_reason={
            "deleted": marked("Your organization deleted the device “%(name)s”, which is no longer connected"),
            "moved": marked("The device “%(name)s” was disconnected, as it moved to another organization"),
        },
    ),
    "profile.devices.device.enabling-requested.v1": EventWords(
        "unlock",
        marked("You asked to have the device “%(name)s” back"),
        marked("It was asked to have the device “%(name)s” back"),
    ),
    "profile.devices.device.compliance-changed.v1": EventWords(
        "shield",
        _RULES_UNKNOWN,
        _RULES_UNKNOWN,
        by_reason={
            "compliant": marked("The device “%(name)s” meets the requirements again"),
            "not_compliant": marked("The device “%(name)s” does not meet the requirements"),
        },
        by="compliance",
    ),
    "profile.devices.recovery-key.stored.v1": EventWords("key", _KEY_PUT_IN, _KEY_PUT_IN),
    "profile.devices.recovery-key.revealed.v1": EventWords(
        "eye",
        marked("You were shown a recovery key of the device “%(name)s”"),
        marked("A recovery key of the device “%(name)s” was shown"),
    ),
    "profile.devices.recovery-key.rotation-requested.v1": EventWords(
        "swap",
        marked("You asked for a new recovery key for the device “%(name)s”"),
        marked("A new recovery key was asked for, for the device “%(name)s”"),
    ),
    "profile.devices.recovery-key.deleted.v1": EventWords("trash", _KEY_DELETED, _KEY_DELETED),
}
