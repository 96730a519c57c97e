"""What a directory and device management do; each takes `/api/system` as its first argument, called by a system."""

from typing import Any

from tests.waiting import until

LAPTOP = {"organization_id": "fabrikam", "name": "FAB-1234", "kind": "laptop", "os": "Windows", "os_version": "11"}


async def put_account(directory: Any, account: str, **changed: Any) -> dict[str, Any]:
    """Put an account in, at home in Contoso unless *changed* says otherwise; give its record."""
    wish = {"home_organization": "contoso", "profile": {"name": "Member Person", "title": "Tester"}} | changed
    status, record = await directory("PUT", f"/system/accounts/{account}", wish)
    assert status == 200, record
    return record


async def until_at_home(system: Any, account: str, *, home: str = "contoso") -> None:
    """Wait until security-info has heard that an organization's own system speaks for an account."""
    ask = await system(home)

    async def heard():
        return (await ask("GET", f"/system/accounts/{account}/locks"))[0] == 200

    await until(heard)


async def put_device(directory: Any, account: str, device_id: str, **changed: Any) -> dict[str, Any]:
    """Put a device in, as a directory does: again while devices has not heard of the membership."""

    async def taken():
        status, answer = await directory("PUT", f"/system/accounts/{account}/devices/{device_id}", LAPTOP | changed)
        assert status in {200, 409}, answer
        return answer if status == 200 else None

    return await until(taken)
