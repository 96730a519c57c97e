"""What a directory wishes to be put in, in the order in which that can be done."""

from onebox.directory_clerk import Wish
from onebox.directory_entries import alone
from onebox.directory_file import Directory
from shared.contracts.devices import PUT_DEVICE, PUT_RECOVERY_KEY
from shared.contracts.organizations import PUT_ACCOUNT, PUT_ORGANIZATION, START_MEMBERSHIP, PutOrganization
from shared.contracts.pictures import PUT_PICTURE
from shared.contracts.privacy import (
    PUBLISH_TERMS,
    PUT_CONNECTION,
    PUT_DATA_USE,
    PUT_RULES,
    PUT_SERVICE,
    RECORD_SIGN_INS,
)

IN_ORDER = {"term versions"}
"""Kinds of which each has to wait for the one before: the version that is published last is the current one."""


def wishes(directory: Directory) -> dict[str, list[Wish]]:
    """Give what is to be put in, by kind; each kind needs those before it."""
    return {**_of_people(directory), **_of_privacy(directory)}


def _of_people(directory: Directory) -> dict[str, list[Wish]]:
    accounts = directory.accounts.items()
    return {
        "organizations": [
            Wish(PUT_ORGANIZATION, {"organization_id": id_}, alone(PutOrganization, told))
            for id_, told in directory.organizations.items()
        ],
        "accounts": [Wish(PUT_ACCOUNT, {"account": name}, account.itself) for name, account in accounts],
        "pictures": [
            Wish(PUT_PICTURE, {"account": name}, account.picture) for name, account in accounts if account.picture
        ],
        "memberships": [
            Wish(START_MEMBERSHIP, {"account": name, "organization_id": id_}, wish)
            for name, account in accounts
            for id_, wish in account.memberships.items()
        ],
        "devices": [
            Wish(PUT_DEVICE, {"account": name, "device_id": id_}, wish.itself)
            for name, account in accounts
            for id_, wish in account.devices.items()
        ],
        "recovery keys": [
            Wish(PUT_RECOVERY_KEY, {"account": name, "device_id": device_id, "key_id": id_}, wish)
            for name, account in accounts
            for device_id, device in account.devices.items()
            for id_, wish in device.recovery_keys.items()
        ],
    }


def _of_privacy(directory: Directory) -> dict[str, list[Wish]]:
    organizations = directory.organizations.items()
    return {
        "privacy rules": [
            Wish(PUT_RULES, {"organization_id": id_}, told.privacy_rules)
            for id_, told in organizations
            if told.privacy_rules
        ],
        "services": [
            Wish(PUT_SERVICE, {"organization_id": id_, "service_id": service_id}, service)
            for id_, told in organizations
            for service_id, service in told.services.items()
        ],
        "data uses": [
            Wish(PUT_DATA_USE, {"organization_id": id_, "use_id": use_id}, use)
            for id_, told in organizations
            for use_id, use in told.data_uses.items()
        ],
        "term versions": [
            Wish(
                PUBLISH_TERMS,
                {"organization_id": id_, "terms_id": terms_id, "version": one.version},
                one.itself,
            )
            for id_, told in organizations
            for terms_id, versions in told.terms.items()
            for one in versions
        ],
        "connections": [
            Wish(
                PUT_CONNECTION,
                {"account": name, "organization_id": id_, "service_id": service_id},
                connection,
            )
            for name, account in directory.accounts.items()
            for id_, connections in account.services.items()
            for service_id, connection in connections.items()
        ],
        "sign-ins": [Wish(RECORD_SIGN_INS, {}, line) for line in directory.sign_ins],
    }
