"""A directory puts a person and their things in, and the person acts: what is done, and the news that is to come of it.

The fields of *ids* in news are made by organizations; what they must be is checked apart.
"""

from typing import Any

from shared.contracts import devices, organizations
from tests.component.putting_in import put_device
from tests.waiting import until

IDS = {"membership_id", "purged_at"}
HOME = {"organization_id": "told-home", "organization_name": "Home Ltd"}
GUEST = {"organization_id": "told-guest", "organization_name": "Guest Ltd"}
OF_ACCOUNT = [
    (organizations.ProfileChanged, "system", {"fields": ["name", "title", "email", "office"]}),
    (organizations.MembershipStarted, "system", HOME | {"home": True, "restored": False}),
    (organizations.MembershipStarted, "system", GUEST | {"home": False, "restored": False}),
    (organizations.MembershipEnded, "user", GUEST | {"reason": "left"}),
    (organizations.MembershipStarted, "system", GUEST | {"home": False, "restored": True}),
    (organizations.MembershipEnded, "system", GUEST | {"reason": "removed"}),
    (organizations.MembershipPurged, "system", GUEST),
    (organizations.MembershipStarted, "system", GUEST | {"home": True, "restored": False}),
    (organizations.HomeOrganizationChanged, "system", GUEST | {"previous_organization_id": "told-home"}),
    (organizations.MembershipEnded, "system", HOME | {"reason": "removed"}),
    (organizations.AccountDisabledByOrganization, "system", {}),
    (organizations.AccountEnabledByOrganization, "system", {}),
]
_MANAGED = {"device_id": "told-d", "organization_id": "told-guest", "name": "GUE-1"}
_OWN = _MANAGED | {"name": "Kitchen"}
_KEY = _MANAGED | {"key_id": "told-k", "kind": "luks"}
OF_DEVICES = [
    (devices.DeviceConnected, "system", _MANAGED | {"kind": "laptop"}),
    (devices.DeviceComplianceChanged, "system", _MANAGED | {"compliance": "not_compliant"}),
    (devices.RecoveryKeyStored, "system", _KEY),
    (devices.RecoveryKeyRevealed, "user", _KEY),
    (devices.RecoveryKeyRotationRequested, "user", _KEY),
    (devices.RecoveryKeyDeleted, "system", _KEY),
    (devices.DeviceRenamed, "user", _OWN | {"previous_name": "GUE-1"}),
    (devices.DeviceDisabled, "user", _OWN | {"reason": "stolen"}),
    (devices.DeviceEnablingRequested, "user", _OWN),
    (devices.DeviceEnabled, "system", _OWN),
    (devices.DeviceDisconnected, "user", _OWN | {"reason": "membership_ended"}),
    (devices.DeviceConnected, "system", _OWN | {"kind": "laptop"}),
    (devices.DeviceDisconnected, "system", _OWN | {"reason": "membership_ended"}),
]
KEY = "unmistakable recovery key"


async def directed(account: str, profile: dict[str, str], *, directory: Any, program: Any) -> None:
    """Do all of it, each thing twice, for an account whose organizations are there."""
    person = f"/system/accounts/{account}"
    known = {"home_organization": "told-home", "profile": profile}

    async def twice(method: str, path: str, body: Any = None, *, ask: Any = directory) -> None:
        for _ in range(2):
            status, answer = await ask(method, path, body)
            assert status in {200, 204}, answer

    async def shown(names: list[str]) -> None:
        async def seen() -> bool:
            return [one["name"] for one in (await program("GET", "/devices"))[1]["devices"]] == names

        await until(seen)

    await twice("PUT", person, known)
    await twice("PUT", f"{person}/organizations/told-guest")
    for changed in ({}, {"name": "GUE-2", "os": "Linux"}, {}):
        await put_device(directory, account, "told-d", organization_id="told-guest", **{"name": "GUE-1"} | changed)
    await twice("POST", f"{person}/devices/told-d/activity", {"compliance": "not_compliant"})
    await twice("PUT", f"{person}/devices/told-d/recovery-keys/told-k", {"kind": "luks", "key": KEY})
    key = "/devices/told-d/recovery-keys/told-k"
    assert (await program("POST", f"{key}/reveal"))[1]["key"] == KEY
    await twice("POST", f"{key}/rotate", ask=program)
    await twice("DELETE", f"{person}/devices/told-d/recovery-keys/told-k")
    await twice("PATCH", "/devices/told-d", {"name": "Kitchen"}, ask=program)
    await twice("POST", "/devices/told-d/disable", {"reason": "stolen"}, ask=program)
    await twice("POST", "/devices/told-d/ask-back", ask=program)
    await twice("POST", f"{person}/devices/told-d/enable")
    assert (await program("POST", "/organizations/told-guest/leave"))[0] == 204
    await shown([])
    await twice("POST", f"{person}/organizations/told-guest/restore")
    await shown(["Kitchen"])
    await twice("DELETE", f"{person}/organizations/told-guest")
    await shown([])
    await twice("PUT", person, known | {"home_organization": "told-guest"})
    await twice("DELETE", f"{person}/organizations/told-home")
    await twice("PUT", person, known | {"home_organization": "told-guest", "disabled": True})
    await twice("PUT", person, known | {"home_organization": "told-guest"})
