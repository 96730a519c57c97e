"""What a subscriber hears of a person's visit: it starts from the portal's AsyncAPI document alone."""

import json
from datetime import datetime
from itertools import pairwise

import jsonschema
import pytest
from aio_pika import DeliveryMode

from shared.documenting.asyncapi import payload_schema
from tests.component.browsing import Browser
from tests.component.listening import event, listening, replaying
from tests.component.setting_up import add, begin, code, secret_of, wrong
from tests.waiting import until

SECURITY_INFO = "profile.security-info"
EXPECTED = [
    "profile.gateway.session.started.v1",
    "profile.organizations.profile.changed.v1",
    f"{SECURITY_INFO}.method.added.v1",
    f"{SECURITY_INFO}.default-method.changed.v1",
    f"{SECURITY_INFO}.method.added.v1",
    f"{SECURITY_INFO}.method.renamed.v1",
    f"{SECURITY_INFO}.default-method.changed.v1",
    f"{SECURITY_INFO}.method.setup-failed.v1",
    f"{SECURITY_INFO}.method.removed.v1",
    f"{SECURITY_INFO}.default-method.changed.v1",
    "profile.gateway.session.ended.v1",
]
NOTICE_SENT = "profile.organizations.notice.sent.v1"


def without_letters(messages):
    """Leave out that a notice was sent, which comes whenever it goes out."""
    return [message for message in messages if event(message)["type"] != NOTICE_SENT]


class Visit:
    """What a person did, what was heard of it, and what nobody may hear."""

    def __init__(self):
        self.messages, self.secrets = [], []

    @property
    def events(self):
        return [event(message) for message in self.messages]


@pytest.fixture(scope="module")
async def visit(portal, plan, account):
    """Sign in, set two apps up, rename, choose, fail, remove, and sign out; each change by its own request."""
    done = Visit()
    async with listening(plan.broker_url("subscriber"), "events") as heard, Browser(portal) as browser:
        await browser.sign_in(account)
        one, two = await add(browser, "One"), await add(browser, "Two")
        path = f"/security-info/methods/{one['method_id']}"
        assert (await browser("PATCH", path, {"name": "Eins"}))[0] == 200
        assert (await browser("PATCH", path, {"name": "Eins"}))[0] == 200  # nothing new, so no news
        assert (await browser("PUT", "/security-info/default-method", {"method_id": two["method_id"]}))[0] == 200
        failing = await begin(browser, "Three")
        for _ in range(5):
            await browser("POST", f"/security-info/methods/{failing['method_id']}/confirm", {"code": wrong(failing)})
        assert (await browser("DELETE", f"/security-info/methods/{two['method_id']}"))[0] == 204
        done.secrets = [browser.session.split(".")[1]]
        for setup in (one, two, failing):
            done.secrets += [secret_of(setup), setup["key"], code(setup), wrong(setup), setup["uri"]]
        assert (await browser("GET", "/security-info"))[0] == 200
        await browser.sign_out()
        await until(lambda: len(without_letters(heard.about(account))) >= len(EXPECTED))
        done.messages = without_letters(heard.about(account))
    return done


def moment(told):
    return datetime.fromisoformat(told["time"])


async def test_each_change_is_news_once_in_its_order(visit):
    by_aggregate = {}
    for told in visit.events:
        by_aggregate.setdefault((told["source"], told["subject"]), []).append(told)
    for told in by_aggregate.values():
        assert [one["sequence"] for one in told] == [f"{number:010}" for number in range(1, len(told) + 1)]
        assert all(earlier <= later for earlier, later in pairwise(moment(one) for one in told))
    of = {source: [one["type"] for one in told] for (source, _), told in by_aggregate.items()}
    assert of["/security-info"] == [name for name in EXPECTED if name.startswith(SECURITY_INFO)]
    assert of["/gateway"] == [EXPECTED[0], EXPECTED[-1]]
    assert of["/organizations"] == [EXPECTED[1]]
    assert len({told["id"] for told in visit.events}) == len(EXPECTED)


async def test_each_message_is_what_amqp_subscribers_expect(visit):
    for message in visit.messages:
        told = event(message)
        assert message.content_type == "application/cloudevents+json; charset=utf-8"
        assert message.message_id == told["id"]
        assert message.routing_key == message.type == told["type"]
        assert message.user_id == told["type"].split(".")[1]
        assert message.delivery_mode == DeliveryMode.PERSISTENT
        assert message.correlation_id == told["correlationid"]


async def test_each_event_keeps_the_published_document(visit, portal, http):
    async with http.get(f"{portal.url}/api/asyncapi.json") as response:
        document = await response.json()
    for told in visit.events:
        schema = payload_schema(document, told["type"])
        jsonschema.Draft7Validator(schema).validate(told)
        for missing in ("id", "source", "subject", "sequence", "data", "account"):
            broken = {name: value for name, value in told.items() if name != missing}
            assert not jsonschema.Draft7Validator(schema).is_valid(broken), missing


async def test_each_event_says_who_caused_it_and_by_what(visit, account):
    for told in visit.events:
        assert (told["specversion"], told["datacontenttype"]) == ("1.0", "application/json")
        assert (told["authtype"], told["authid"], told["account"]) == ("user", account, account)
        assert told["correlationid"]
        assert told["causationid"]
        assert told["clientbrowser"] == "Firefox 145"
        assert told["clientos"] == "Linux"
    causes = [told["causationid"] for told in visit.events if told["source"] == "/security-info"]
    assert causes[0] == causes[1], "a first method and its being the default have one cause"
    assert len(set(causes)) == len(causes) - 2  # so do a removal and the next default


async def test_no_event_holds_what_is_nobodys_business(visit, account):
    assert len(visit.secrets) == 16
    for message in visit.messages:
        content = message.body.decode()
        for secret in (*visit.secrets, f"{account}@contoso.example", "Number", "127.0.0.1", "::1", "@", "otpauth"):
            assert secret not in content, message.type
        assert not any(secret in json.dumps(str(message.headers)) for secret in visit.secrets)


async def test_who_comes_later_reads_all_of_it_in_the_log(visit, plan, account):
    async with replaying(plan.broker_url("subscriber")) as log:
        await until(lambda: len(without_letters(log.about(account))) >= len(EXPECTED))
        read = {event(message)["id"]: event(message) for message in without_letters(log.about(account))}
        assert read == {told["id"]: told for told in visit.events}
