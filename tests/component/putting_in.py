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


async def put_service(directory: Any, organization_id: str, service_id: str = "mail", **changed: Any) -> str:
    """Put a service in; give its id as persons know it."""
    wish = {"name": service_id.title()} | changed
    path = f"/system/organizations/{organization_id}/services/{service_id}"
    status, answer = await directory("PUT", path, wish)
    assert status == 204, answer
    return f"{organization_id}~{service_id}"


async def connect(directory: Any, account: str, organization_id: str, service_id: str = "mail", **told: Any) -> None:
    """Connect an account to a service: again while privacy has not heard of the membership."""
    path = f"/system/accounts/{account}/organizations/{organization_id}/services/{service_id}"

    async def taken() -> bool:
        status, answer = await directory("PUT", path, told)
        assert status == 204 or (status, answer["key"]) == (409, "not_a_member"), answer
        return bool(status == 204)

    await until(taken)


async def publish(
    directory: Any, organization_id: str, terms_id: str, version: str, *, material: bool = True, **texts: str
) -> str:
    """Publish a version of terms whose texts are given by language; give their id as persons know it."""
    told = {language: {"title": f"Terms {version}", "markdown": text} for language, text in texts.items()}
    wish = {"texts": told or {"en": {"title": "Terms", "markdown": f"*{version}*"}}, "material": material}
    path = f"/system/organizations/{organization_id}/terms/{terms_id}/versions/{version}"
    status, answer = await directory("PUT", path, wish)
    assert status == 204, answer
    return f"{organization_id}~{terms_id}"
