"""An account that a directory puts in: at home in Contoso, where it has a desktop, and a member of Fabrikam."""

from shared.calling import Answer
from shared.contracts import devices, organizations
from shared.contracts.endpoint import Endpoint
from shared.contracts.problem import Unavailable
from shared.identifying import Caller, SystemClient
from tests.faults.people import Holder, Wish
from tests.spawning import Spawned, until

DIRECTORY = SystemClient(
    client_id="directory",
    scopes=frozenset({organizations.WRITE_ORGANIZATIONS, organizations.WRITE_ACCOUNTS, devices.WRITE}),
    organizations=frozenset({"*"}),
)
HOME, AWAY = "contoso", "fabrikam"
DESKTOP, LAPTOP, PHONE = "desktop", "laptop", "phone"
CONNECTED, DISCONNECTED = "device.connected.v1", "device.disconnected.v1"


class Member(Holder):
    """Someone with organizations and devices; what is for systems is asked by a directory."""

    def caller(self, endpoint: Endpoint) -> Caller:
        return DIRECTORY if endpoint.scope else super().caller(endpoint)

    def organization(self, name: str) -> Wish:
        return Wish(self, organizations.PUT_ORGANIZATION, {"name": name.title()}, organization_id=name)

    def belonging(self, home: str = HOME, *, disabled: bool = False) -> Wish:
        wish = {"home_organization": home, "disabled": disabled}
        return Wish(self, organizations.PUT_ACCOUNT, wish, account=self.account)

    def join(self, name: str = AWAY) -> Wish:
        return Wish(self, organizations.START_MEMBERSHIP, account=self.account, organization_id=name)

    def removed(self, name: str = AWAY) -> Wish:
        return Wish(self, organizations.END_MEMBERSHIP, account=self.account, organization_id=name)

    def leave(self, name: str = AWAY) -> Wish:
        return Wish(self, organizations.LEAVE_ORGANIZATION, organization_id=name)

    def put(self, device: str, organization: str = AWAY) -> Wish:
        wish = {"organization_id": organization, "name": device.title(), "kind": "other"}
        return Wish(self, devices.PUT_DEVICE, wish, account=self.account, device_id=device)

    async def joined(self, process: Spawned) -> None:
        """Let the directory put everything in that organizations keeps."""
        for wish in (self.organization(HOME), self.organization(AWAY), self.belonging(), self.join()):
            assert (await wish.insisted(process)).ok

    async def equipped(self, process: Spawned) -> None:
        """Let the directory connect a device of the home organization and two of the other one."""
        for device, organization in ((DESKTOP, HOME), (LAPTOP, AWAY), (PHONE, AWAY)):
            await self.put_as_soon_as_known(process, device, organization)

    async def put_as_soon_as_known(self, process: Spawned, device: str, organization: str = AWAY) -> Answer:
        """Put a device in as a directory does: again while devices has not heard of the membership."""

        async def taken() -> Answer | None:
            answer = await self.put(device, organization)(process)
            assert answer.status in {200, 409}, answer.body
            return answer if answer.ok else None

        answer: Answer = await until(taken, what="the membership")
        return answer

    async def devices(self, process: Spawned) -> set[str]:
        answer = await self.call(process, devices.GET_DEVICES)
        return {device.id for device in answer.read(devices.Devices).devices}

    async def until_devices_are(self, process: Spawned, wanted: set[str], *, seconds: float = 30) -> None:
        """Wait until these devices and no others are connected."""

        async def so() -> bool:
            try:
                return await self.devices(process) == wanted
            except Unavailable:
                return False

        await until(so, seconds=seconds, what=f"{wanted} as devices")

    async def memberships(self, process: Spawned) -> set[str]:
        answer = await self.call(process, organizations.GET_ORGANIZATIONS)
        return {one.id for one in answer.read(organizations.Organizations).organizations}
