"""Sign-ins, as an identity provider tells of them in lines: once each, in the right histories, and nowhere else."""

import json
from datetime import timedelta

import pytest

from shared.contracts.lines import MEDIA_TYPE
from shared.contracts.privacy import SIGN_IN
from shared.facts import now
from tests.component.browsing import Browser
from tests.component.listening import listening
from tests.component.putting_in import put_account
from tests.waiting import until

PATH = "/system/sign-ins"
ADDRESS = "198.51.100.207"
SOME_TIME_AGO = now() - timedelta(days=2)


def line(account, id_="s1", **told):
    facts = {"account": account, "organization_id": "contoso", "id": id_, "at": SOME_TIME_AGO.isoformat()}
    return facts | {"status": "success"} | told


@pytest.fixture
def tell(portal, http, system):
    """Tell of sign-ins as a system; gives the status of each line and what was wrong with it."""

    async def telling(*lines, name="all"):
        headers = {"Content-Type": MEDIA_TYPE, **(await system(name))._headers}
        content = b"".join(json.dumps(one).encode() + b"\n" for one in lines)
        async with http.post(f"{portal.url}/api{PATH}", data=content, headers=headers) as response:
            results = [json.loads(one) for one in (await response.read()).splitlines()]
            return [(one["status"], (one.get("problem") or {}).get("key")) for one in results]

    return telling


@pytest.fixture
def joining(directory, tell, _unused_people):
    """Put in an account at home in Contoso, of which privacy has heard."""

    async def putting_in():
        name = next(_unused_people)
        await put_account(directory, name)

        async def heard():
            return await tell(line(name, f"heard-{name}", at="1971-01-01T00:00:00Z")) == [(204, None)]

        await until(heard)
        return name

    return putting_in


@pytest.fixture
async def member(joining):
    return await joining()


@pytest.fixture
def history(service, member):
    """Read the sign-ins in the account's history."""

    async def reading(**asked):
        status, page = await service("privacy", member)("GET", "/activity", params={"part": "sign_ins"} | asked)
        assert status == 200
        return page["entries"]

    return reading


async def test_a_sign_in_is_an_entry_with_all_that_was_told(tell, member, history):
    told = {"application": "Mail", "browser": "Firefox 141", "os": "Linux", "country": "SE", "city": "Umeå"}
    assert await tell(line(member, "a", status="failure", reason="second_factor", ip=ADDRESS, **told)) == [(204, None)]
    (entry,) = await history()
    client = {"browser": "Firefox 141", "os": "Linux", "country": "SE", "city": "Umeå"}
    facts = {"status": "failure", "reason": "second_factor", "application": "Mail"}
    facts |= {"organization_id": "contoso", "organization_name": "Contoso"}
    assert entry == {
        "id": "contoso~a",
        "type": SIGN_IN,
        "part": "sign_ins",
        "at": SOME_TIME_AGO.isoformat().replace("+00:00", "Z"),
        "by": "unknown",
        "client": client,
        "facts": facts | {"ip": ADDRESS},
    }
    assert await history(q="umeå mail contoso", by="unknown", result="not_succeeded") == [entry]
    assert await history(q=f"{ADDRESS} umea sverige misslyckades") == [entry]
    assert await history(by="you") == await history(result="succeeded") == await history(q="second_factor") == []


async def test_the_same_id_again_changes_nothing_whatever_it_says(tell, member, history):
    await tell(line(member, "b"))
    before = await history()
    other = now().isoformat()
    assert await tell(line(member, "b"), line(member, "b", status="failure", at=other)) == [(204, None)] * 2
    assert await history() == before
    assert len(before) == 1


async def test_an_id_that_a_sign_in_of_another_account_has_is_refused(tell, member, history, joining):
    other = await joining()
    assert await tell(line(other, "taken")) == [(204, None)]
    assert await tell(line(member, "taken"), line(member, "fine")) == [(409, "sign_in_known"), (204, None)]
    assert [entry["id"] for entry in await history()] == ["contoso~fine"]
    assert await tell(line(other, "taken", status="failure")) == [(204, None)]


async def test_a_page_of_sign_ins_can_be_gone_on_from_whatever_their_ids_are(tell, member, history, service):
    ids = ["a.b", "c:d", "x" * 64]
    await tell(*(line(member, id_) for id_ in ids))
    ask, found, before = service("privacy", member), [], None
    while before != "":
        query = {"part": "sign_ins", "limit": "1", **({"before": before} if before else {})}
        _, page = await ask("GET", "/activity", params=query)
        found += [entry["id"] for entry in page["entries"]]
        before = page["next"] or ""
    assert sorted(found) == sorted(f"contoso~{id_}" for id_ in ids)


async def test_lines_that_are_refused_say_why_and_the_others_are_done(tell, member, history):
    ahead = (now() + timedelta(hours=1)).isoformat()
    assert await tell(
        line(member, "c"),
        line(member, "d", at=ahead),
        line("nobody-knows"),
        line(member, "e", organization_id="fabrikam"),
        line(member, "f", status="maybe"),
        line(member, "g", ip="not an address"),
        line(member, "i", ip="fe80::1%" + "free text " * 1200),
        line(member, "h"),
    ) == [
        (204, None),
        (422, "invalid"),
        (409, "not_a_member"),
        (409, "not_a_member"),
        (422, "invalid"),
        (422, "invalid"),
        (422, "invalid"),
        (204, None),
    ]
    assert {entry["id"] for entry in await history()} == {"contoso~c", "contoso~h"}


async def test_only_who_speaks_for_an_organization_tells_of_its_sign_ins(tell, member, history):
    assert await tell(line(member), name="contoso") == [(204, None)]
    for name in ("fabrikam", "nobody"):
        assert await tell(line(member, "x"), name=name) == [(403, "organization_not_yours")]
    assert await tell(line(member, "x"), name="no-activity.write") == [(403, None)]
    assert len(await history()) == 1


async def test_who_left_gets_no_more_sign_ins(tell, member, directory, history):
    await directory("PUT", f"/system/accounts/{member}/organizations/fabrikam", {})

    async def joined():
        return await tell(line(member, "in", organization_id="fabrikam")) == [(204, None)]

    await until(joined)
    await directory("DELETE", f"/system/accounts/{member}/organizations/fabrikam")

    async def left():
        return await tell(line(member, "in", organization_id="fabrikam")) == [(409, "not_a_member")]

    await until(left)
    assert len(await history()) == 1


async def test_a_sign_in_is_no_news_and_its_address_is_in_no_log(plan, tell, member, directory, log):
    async with listening(plan.broker_url("subscriber"), f"signs-{member}") as heard:
        assert await tell(*(line(member, f"n{number}", ip=ADDRESS) for number in range(20))) == [(204, None)] * 20
        await tell(line(member, "bad", ip=ADDRESS, status="never"))
        await put_account(directory, member, profile={"name": "Changed afterwards"})

        async def told():
            return heard.about(member)

        await until(told)
        assert {json.loads(message.body)["type"] for message in heard.about(member)} == {
            "profile.organizations.profile.changed.v1"
        }
    assert ADDRESS not in log.getvalue()


async def test_what_an_administrator_decided_is_told_as_theirs_and_so_is_what_follows(system, member, service, portal):
    async with Browser(portal) as browser:
        await browser.sign_in(member)
    administrator = await system("administrator")
    wish = {"home_organization": "contoso", "profile": {"name": "Member Person", "title": "Tester"}, "disabled": True}
    status, _ = await administrator("PUT", f"/system/accounts/{member}", wish)
    assert status == 200
    ask = service("privacy", member)

    async def told():
        _, page = await ask("GET", "/activity", params={"by": "administrator"})
        found = [entry["type"] for entry in page["entries"]]
        return found if "profile.gateway.session.ended.v1" in found else None

    assert "profile.organizations.account.disabled.v1" in await until(told)
    _, page = await ask("GET", "/activity", params={"by": "system"})
    assert "profile.organizations.account.disabled.v1" not in [entry["type"] for entry in page["entries"]]
