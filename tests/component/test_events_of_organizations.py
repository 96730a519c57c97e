"""What a subscriber hears when a directory puts a person and their things in, and what the person then does."""

import json
from collections import defaultdict
from datetime import datetime, timedelta

import jsonschema
import pytest

from gateway.documents import EVENTS
from shared.contracts import devices, organizations
from shared.documenting.asyncapi import payload_schema
from tests.component.browsing import Browser
from tests.component.directing import IDS, KEY, OF_ACCOUNT, OF_DEVICES, directed
from tests.component.listening import event, listening
from tests.component.putting_in import put_account
from tests.conftest import SYSTEMS
from tests.contracts.growing import LATER
from tests.waiting import until

SYSTEM = next(system.client_id for system in SYSTEMS if system.name == "all")
OF_LETTERS = {organizations.WorkNoticeSent, organizations.WorkLetterAbandoned}
"""News of what became of a notice, which comes when it goes out; how, the tests of notices see."""
PERSONAL = {
    "the profile's name": "Unmistakable Person",
    "the profile's title": "Head of Unmistakables",
    "the profile's e-mail address": "unmistakable@told.example",
    "the profile's office": "Room Unmistakable",
    "the contact's name": "Unmistakable Desk",
    "the contact's e-mail address": "desk@told.example",
    "the contact's telephone": "+46 8 555 000 17",
    "the contact's page": "https://told.example/unmistakable-desk",
    "the recovery key": KEY,
}
"""What organizations and devices know and tell nobody but the person."""
CALLED = {"name": "name", "title": "title", "email": "e-mail address", "office": "office"}


def without(data, names):
    return {name: value for name, value in data.items() if name not in names}


class Story:
    def __init__(self):
        self.messages, self.organizations, self.sent = [], [], []

    def of(self, source):
        return [told for told in map(event, self.messages) if told["source"] == source]


def organization(name):
    return {
        "name": name,
        "privacy_statement": "https://told.example/privacy",
        "contacts": [
            {
                "role": "help",
                "name": PERSONAL["the contact's name"],
                "email": PERSONAL["the contact's e-mail address"],
                "telephone": PERSONAL["the contact's telephone"],
                "page": PERSONAL["the contact's page"],
            }
        ],
    }


@pytest.fixture(scope="module")
async def story(portal, plan, directory, account, program):
    """Put an account in, connect and disconnect what it has, move it, disable it; each of it twice."""
    done = Story()
    profile = {name: PERSONAL[f"the profile's {called}"] for name, called in CALLED.items()}
    async with listening(plan.broker_url("subscriber"), "organizations") as heard:
        for id_ in ("home", "guest"):
            for _ in range(2):
                known = organization(f"{id_.title()} Ltd")
                assert (await directory("PUT", f"/system/organizations/told-{id_}", known))[0] == 200
        await directed(account, profile, directory=directory, program=program)

        def of_letters():
            return [one for one in heard.about(account) if event(one)["type"] in {kind.wire for kind in OF_LETTERS}]

        def all_told():
            there = of_letters()
            return there and len(heard.about(account)) - len(there) >= len(OF_ACCOUNT) + len(OF_DEVICES)

        await until(all_told)
        done.sent = of_letters()
        done.messages = [one for one in heard.about(account) if one not in done.sent]
        ours = {"told-home", "told-guest"}
        done.organizations = [event(one) for one in heard.messages if event(one)["subject"] in ours]
        done.everything = list(heard.messages)
    return done


@pytest.mark.parametrize(("source", "expected"), [("/organizations", OF_ACCOUNT), ("/devices", OF_DEVICES)])
async def test_each_change_is_news_once_in_its_order_with_who_did_it(story, account, source, expected):
    told = story.of(source)
    assert [(one["type"], one["authtype"], without(one["data"], IDS)) for one in told] == [
        (kind.wire, by, data) for kind, by, data in expected
    ]
    assert {one["authid"] for one in told} == {SYSTEM, account}
    assert all(one["authid"] == (SYSTEM if one["authtype"] == "system" else account) for one in told)
    assert [one["sequence"] for one in told] == sorted(one["sequence"] for one in told)
    assert {one["subject"] for one in told} == {account}


async def test_a_membership_has_an_id_that_is_the_same_again_when_it_is_restored(story):
    of_guest = [one for one in story.of("/organizations") if one["data"].get("organization_id") == "told-guest"]
    ids = [one["data"]["membership_id"] for one in of_guest if "membership_id" in one["data"]]
    assert len(ids) == 6
    assert len(set(ids[:5])) == 1, "started, ended, restored, ended again, purged"
    assert ids[5] not in ids[:5]
    for one in of_guest:
        if one["type"] == organizations.MembershipEnded.wire:
            kept = datetime.fromisoformat(one["data"]["purged_at"]) - datetime.fromisoformat(one["time"])
            assert abs(kept - timedelta(days=30)) < timedelta(seconds=1)


async def test_each_event_keeps_the_published_document(story, portal, http):
    async with http.get(f"{portal.url}/api/asyncapi.json") as response:
        document = await response.json()
    for told in (*map(event, (*story.messages, *story.sent)), *story.organizations):
        schema = payload_schema(document, told["type"])
        jsonschema.Draft7Validator(schema).validate(told)
        for name in told["data"].keys() - LATER.get(told["type"], set()):
            broken = {**told, "data": {key: value for key, value in told["data"].items() if key != name}}
            assert not jsonschema.Draft7Validator(schema).is_valid(broken), name
    heard = {event(message)["type"] for message in story.messages} | {one["type"] for one in story.organizations}
    assert heard >= {kind.wire for kind in (*organizations.EVENTS, *devices.EVENTS) if kind not in OF_LETTERS}
    assert {event(message)["type"] for message in story.sent} == {organizations.WorkNoticeSent.wire}


async def test_an_organization_is_news_without_an_account_once_per_change(story):
    assert [(one["subject"], one["data"]["name"]) for one in story.organizations] == [
        ("told-home", "Home Ltd"),
        ("told-guest", "Guest Ltd"),
    ]
    for one in story.organizations:
        assert one["type"] == organizations.OrganizationChanged.wire
        assert "account" not in one
        assert one["data"]["organization_id"] == one["subject"]
        assert one["data"]["privacy_statement"] == "https://told.example/privacy"
        assert (one["authtype"], one["authid"]) == ("system", SYSTEM)


async def test_no_message_holds_what_organizations_knows_of_people(story):
    assert len(story.messages) == len(OF_ACCOUNT) + len(OF_DEVICES)
    for message in story.everything:
        content = message.body.decode() + json.dumps(str(message.headers))
        for name, value in PERSONAL.items():
            assert value not in content, (name, message.type)
        assert "@" not in content


async def test_each_event_is_in_the_history_and_what_happened_to_an_organization_is_not(story, program, mongo):
    async def all_entered():
        _, history = await program("GET", "/activity", params={"limit": 100})
        of_letters = {kind.wire for kind in OF_LETTERS}
        told = [entry for entry in history["entries"] if entry["type"] not in of_letters]
        return told if len(told) >= len(story.messages) else None

    entries = {entry["id"]: entry for entry in await until(all_entered)}
    assert set(entries) == {event(message)["id"] for message in story.messages}
    for told in map(event, story.messages):
        entry = entries[told["id"]]
        assert (entry["type"], entry["facts"]) == (told["type"], told["data"])
        assert entry["by"] == ("you" if told["authtype"] == "user" else "system")
    wire = organizations.OrganizationChanged.wire
    assert await mongo["privacy"]["activity"].count_documents({"type": wire}) == 0
    declared = mongo["privacy"]["organizations"]
    assert (await declared.find_one({"owner": "told-home"}))["facts"]["name"] == "Home Ltd"


async def test_a_history_is_searched_for_names_of_devices_and_organizations(story, program):
    for words, found in (("kitchen", 7), ("guest ltd", 7), ("told-d", 0), ("stolen", 1)):
        _, page = await program("GET", "/activity", params={"q": words, "limit": 100})
        assert len(page["entries"]) == found, words


async def test_a_sign_in_is_news_of_the_profile_where_it_shows_and_at_no_other_time(portal, plan, directory, someone):
    async with listening(plan.broker_url("subscriber"), "claims") as heard, Browser(portal) as browser:
        await browser.sign_in(someone)
        await browser.sign_out()
        await browser.sign_in(someone)  # tells the same
        await put_account(directory, someone, profile={"title": "Tester"})
        await browser.sign_out()

        def of_organizations():
            by_type = defaultdict(list)
            for told in map(event, heard.about(someone)):
                by_type[told["type"]].append(told)
            ended = by_type["profile.gateway.session.ended.v1"]
            return by_type if len(ended) == 2 and by_type[organizations.MembershipStarted.wire] else None

        by_type = await until(of_organizations)
        changed = [told["data"]["fields"] for told in by_type[organizations.ProfileChanged.wire]]
        assert changed == [["name", "email"], ["title"]]


def test_every_event_of_the_new_services_is_in_the_story():
    told = {kind for kind, _, _ in (*OF_ACCOUNT, *OF_DEVICES)} | {organizations.OrganizationChanged}
    assert told | OF_LETTERS == {kind for kind in EVENTS if kind.owner() in {"organizations", "devices"}}
