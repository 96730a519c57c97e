"""A directory that is put in through the public endpoints, and what is said when it cannot be."""

import re
import time
from collections import defaultdict
from datetime import datetime

import pytest

from onebox.directory import put_in_once
from onebox.directory_clerk import NEWS_SECONDS
from onebox.token import note_running
from shared.connecting import safe
from tests.onebox.playing import run, versions
from tests.waiting import until


def as_told(name, value):
    """Give what a device's person is told of a value in the file."""
    if name == "recovery_keys":
        return len(value)
    if name == "last_place":
        return {"city": None, "country": None} | value
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


async def test_the_demo_directory_is_what_its_people_find(cast, put, person):
    refused, said = await put(cast.directory)
    assert refused == []
    assert re.fullmatch(
        r"directory: 5 organizations, 5 accounts, 2 pictures, 7 memberships, 29 devices, 4 recovery keys, "
        r"1 privacy rule, 5 services, 8 data uses, 5 term versions, 8 connections, 7 sign-ins: all as .* s",
        said[-1],
    )
    for account, told in cast.content["accounts"].items():
        caller = await person(account)
        if told.get("disabled"):

            async def kept_out(caller=caller):
                status, problem = await caller("GET", "/organizations")
                return (status, problem.get("key")) == (403, "account_disabled")

            await until(kept_out)
            continue
        _, seen = await caller("GET", "/organizations")
        assert seen["profile"] | told["profile"] == seen["profile"]
        assert bool(seen["profile"]["picture"]) == ("picture" in told)
        belongs_to = {told["home_organization"], *told["memberships"]}
        assert {one["id"] for one in seen["organizations"]} == belongs_to
        assert [one["id"] for one in seen["organizations"] if one["home"]] == [told["home_organization"]]
        for one in seen["organizations"]:
            declared = cast.content["organizations"][one["id"]]
            known = told["memberships"].get(one["id"], {})
            assert (one["invited_by"], one["owner"]) == (known.get("invited_by"), known.get("owner", False))
            forbidden = not one["home"] and "leaving" in declared
            assert one["can_leave"] is not (one["home"] or one["owner"] or forbidden)
            assert one["ask"] == (declared["leaving"]["ask"] if forbidden else None)
            assert (one["name"], one["privacy_statement"]) == (declared["name"], declared.get("privacy_statement"))
            assert len(one["contacts"]) == len(declared.get("contacts", ()))
        _, seen = await caller("GET", "/devices")
        devices = {one["id"]: one for one in seen["devices"]}
        assert devices.keys() == told["devices"].keys()
        for id_, device in told["devices"].items():
            assert {name: devices[id_][name] for name in device} == {
                name: as_told(name, value) for name, value in device.items()
            }

        async def noticed(caller=caller, belongs_to=belongs_to):
            _, seen = await caller("GET", "/privacy")
            statements = {one["organization_id"]: one["statement"] for one in seen["notices"]}
            return statements == {
                id_: cast.content["organizations"][id_].get("privacy_statement") for id_ in belongs_to
            }

        await until(noticed)


async def test_what_the_organizations_of_the_demo_ask_for_is_what_their_people_find(cast, put, person):
    await put(cast.directory)
    declared = {id_: one.get("security_policy") for id_, one in cast.content["organizations"].items()}
    assert [id_ for id_, policy in declared.items() if policy is None] == [cast.organizations["tailspin"]]
    alice, chandra = [await person(cast.people[name]) for name in ("alice", "chandra")]
    names = {id_: one["name"] for id_, one in cast.content["organizations"].items()}

    async def heard(caller, known):
        _, seen = await caller("GET", "/security-info")
        told = {one["organization_id"]: one["organization_name"] for one in seen["requirements"]}
        wanted = {names[cast.organizations[name]] for name in known}
        return seen if set(told.values()) == wanted else None

    seen = await until(lambda: heard(alice, ("contoso", "fabrikam", "northwind", "wingtip")))
    assert {one["type"] for one in seen["can_add"]} >= {"app-password", "security-questions"}
    needs = {one["purpose"]: (one["required"], one["organizations"]) for one in seen["needs"]}
    assert needs == {
        "two_step": (1, [cast.organizations["contoso"]]),
        "password_reset": (2, [cast.organizations["northwind"]]),
    }
    _, asked = await alice("GET", "/security-info/questions")
    assert asked["to_register"] == 4
    assert [one["organization_id"] for one in asked["questions"][:2]] == [cast.organizations["contoso"]] * 2
    seen = await until(lambda: heard(chandra, ("contoso", "fabrikam", "tailspin")))
    assert {one["type"]: one["organizations"] for one in seen["not_offered"]} == {
        "app-password": [cast.organizations["tailspin"]],
        "security-questions": [cast.organizations["tailspin"]],
    }


async def test_whom_the_directory_does_not_know_finds_nothing_and_no_error(cast, put, person):
    await put(cast.directory)
    unknown = await person(cast.people["dalia"])
    assert (await unknown("GET", "/devices"))[1]["devices"] == []
    assert (await unknown("GET", "/organizations"))[1]["organizations"] == []
    assert (await unknown("GET", "/privacy"))[1]["notices"] == []


async def test_putting_the_same_in_again_changes_nothing_and_is_quick(cast, put, mongo, portal):
    await put(cast.directory)
    before = await versions(mongo, cast)
    assert len(before) == 15
    code, out, err = await run(cast.file, "--url", portal.url, token=await portal.system_token("all"))
    assert (code, err) == (0, "")
    assert float(re.search(r"all as it says, after ([0-9.]+) s", out)[1]) < 10
    assert await versions(mongo, cast) == before


async def test_what_people_did_stays_until_the_directory_says_something_else(cast, person, portal, mongo, database):
    said = []
    noted = safe(mongo[database], "notes")

    async def start(content):
        await put_in_once(
            content, noted=noted, url=portal.url, token=lambda: portal.system_token("all"), say=said.append
        )
        return said[-1]

    assert "all as it says" in await start(cast.directory)
    alice, left = await person(cast.people["alice"]), cast.organizations["fabrikam"]
    assert (await alice("PATCH", "/devices/a-phone", {"name": "My phone"}))[0] == 200
    assert (await alice("POST", "/devices/CON-PC-0007/disable", {"reason": "lost"}))[0] == 200
    assert (await alice("POST", f"/organizations/{left}/leave"))[0] == 204

    async def belongs():
        return left in {one["id"] for one in (await alice("GET", "/organizations"))[1]["organizations"]}

    assert await start(cast.directory) == "directory: put in by an earlier start"
    assert not await belongs()

    cast.content["accounts"][cast.people["alice"]]["profile"]["title"] = "Director"
    assert "all as it says" in await start(cast.directory)
    assert await belongs()
    devices = {one["id"]: one for one in (await alice("GET", "/devices"))[1]["devices"]}
    assert devices["a-phone"]["name"] == "My phone"
    assert devices["CON-PC-0007"]["state"] == "disabled"
    assert (await alice("GET", "/organizations"))[1]["profile"]["title"] == "Director"


async def test_a_start_at_which_something_is_refused_is_not_noted(cast, portal, mongo, database):
    said = []
    noted = safe(mongo[database], "notes")
    for system in ("no-devices.write", "all"):
        await put_in_once(
            cast.directory,
            noted=noted,
            url=portal.url,
            token=lambda system=system: portal.system_token(system),
            say=said.append,
        )
    assert sum("missing_scope" in line for line in said) == 33
    assert "all as it says" in said[-1]


async def test_what_is_refused_is_told_and_the_rest_is_put_in(cast, portal, person):
    code, out, err = await run(cast.file, "--url", portal.url, token=await portal.system_token("no-devices.write"))
    assert code == 1
    assert "53 of 86 as it says" in out
    bob = cast.people["bob"]
    assert f"PUT /api/system/accounts/{bob}/devices/CON-LT-1188: 403 missing_scope: The access token" in err
    assert err.count("\n") == 33
    assert len((await (await person(bob))("GET", "/organizations"))[1]["organizations"]) == 1


async def test_devices_do_not_wait_for_news_of_a_membership_that_was_refused(cast, put):
    begun = time.monotonic()
    refused, _ = await put(cast.directory, "no-organizations.write")
    assert time.monotonic() - begun < NEWS_SECONDS
    keys = defaultdict(set)
    for refusal in refused:
        keys[refusal.wish.endpoint.name].add(refusal.problem.key)
    assert keys == {
        "putOrganization": {"missing_scope"},
        "putAccount": {"organization_not_found"},
        "putPicture": {"account_not_found"},
        "startMembership": {"organization_not_found"},
        "putDevice": {"not_a_member"},
        "putRecoveryKey": {"device_not_found"},
        "putConnection": {"not_a_member"},
        "recordSignIns": {"not_a_member"},
    }
    assert len(refused) == 67


@pytest.mark.parametrize("whose", ["nobody's", "a person's"])
async def test_a_wrong_token_is_one_sentence_and_nothing_is_put_in(cast, portal, mongo, whose):
    token = "nonsense" if whose == "nobody's" else await portal.token("bob")
    code, out, err = await run(cast.file, "--url", portal.url, token=token)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "does not take this token" in err
    assert "0 of 86 are in" in err
    assert not await versions(mongo, cast)


async def test_in_onebox_the_command_finds_the_portal_and_gets_its_token_by_itself(cast, portal, tmp_path):
    (tmp_path / ".data").mkdir()
    found = {"provider": portal.provider.issuer, "gateway": portal.url, "systems": portal.provider.system_secrets}
    note_running(tmp_path / ".data", **found)
    code, out, err = await run(cast.file, folder=tmp_path)
    assert (code, err) == (0, "")
    assert "all as it says" in out

    code, out, err = await run(cast.file, "--url", "https://portal.example", folder=tmp_path)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "onebox's own is for onebox alone" in err

    (tmp_path / "token").write_text(await portal.system_token("nobody") + "\n")
    code, _, err = await run(cast.file, "--token-from", "token", folder=tmp_path)
    assert (code, "organization_not_yours" in err) == (1, True)
