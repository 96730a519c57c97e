"""What the tests of the directory share."""

import pytest
import yaml

from onebox.directory import put_in
from onebox.directory_moments import resolved
from shared.facts import now
from tests.conftest import Caller
from tests.onebox.playing import DEMO, Cast


@pytest.fixture
def cast(_unused_people, database, tmp_path):
    content = resolved(yaml.safe_load(DEMO.read_text()), now().replace(microsecond=0))
    for declared in content["organizations"].values():
        for versions in declared.get("terms", {}).values():
            for text in (text for version in versions for text in version["texts"].values()):
                text["file"] = str(DEMO.parent / text["file"])
    people = {name: next(_unused_people) for name in content["people"]}
    organizations = {name: f"{database}-{name}" for name in content["organizations"]}
    for account in content["accounts"].values():
        account["home_organization"] = organizations[account["home_organization"]]
        known = account.get("memberships", {})
        told = known if isinstance(known, dict) else {name: {} for name in known}
        account["memberships"] = {organizations[name]: membership for name, membership in told.items()}
        account["services"] = {organizations[name]: told for name, told in account.get("services", {}).items()}
        if "picture" in account:
            account["picture"] = str(DEMO.parent / account["picture"])
        for device in account["devices"].values():
            device["organization_id"] = organizations[device["organization_id"]]
    for sign_in in content["sign_ins"]:
        sign_in["account"] = people[sign_in["account"]]
        sign_in["organization_id"] = organizations[sign_in["organization_id"]]
    for kind, names in (("people", people), ("accounts", people), ("organizations", organizations)):
        content[kind] = {names[name]: value for name, value in content[kind].items()}
    file = tmp_path / "directory.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    return Cast(content, people, organizations, file)


@pytest.fixture
def person(portal, http):
    async def of(account):
        return Caller(http, portal.url, await portal.token(account))

    return of


@pytest.fixture
def put(portal):
    """Put in as the directory, and give what was refused and what was said."""

    async def by(content, system="all", *, url=portal.url, patience=20):
        said = []
        token = await portal.system_token(system)
        return await put_in(content, url=url, token=token, say=said.append, patience=patience), said

    return by
