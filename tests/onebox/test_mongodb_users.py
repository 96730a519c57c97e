"""Each process's own MongoDB user: it can do what the process does, and nothing else."""

import asyncio
import io
import json
import os
import sys
from datetime import UTC, datetime

import pytest
from pymongo.errors import OperationFailure

from onebox import mongodb_users
from onebox.house import Plan
from onebox.mongodb_users import RIGHTS, connect_shortly, create_users, main
from onebox.ports import free_port
from onebox.secrets import PROCESSES
from shared.connecting import close, connect, expire, safe
from shared.sealing import Sealer, SealError
from shared.storing import Filed
from shared.storing.mongo import MongoShelf

MASTER = {"local": {"key": bytes(range(96))}}
UNAUTHORIZED = 13
AUTHENTICATION_FAILED = 18


@pytest.fixture
def databases(database):
    """Databases that no other test uses, for two of the processes."""
    return {"security-info": f"{database}_security_info", "privacy": f"{database}_privacy"}


@pytest.fixture
async def sign_in(mongodb):
    """Give the database as a process's user sees it."""
    clients = []

    def signed_in(process, password, database, driver="pymongo"):
        clients.append(connect(mongodb.user_url(process, password, database), driver, serverMonitoringMode="poll"))
        return clients[-1][database]

    yield signed_in
    for client in clients:
        await close(client)


@pytest.fixture
async def own(mongodb, databases, sign_in):
    """The database of security-info as its user sees it; privacy has one too."""
    await create_users(mongodb.url, {"security-info": "one", "privacy": "two"}, databases)
    return sign_in("security-info", "one", databases["security-info"])


async def live(database):
    """Do with a database what processes do with theirs, from the first start to a later version's."""
    sealer = Sealer(database.client, vault=f"{database.name}.keys", kms=MASTER, master=None)
    try:
        await sealer.prepare()
        sealed = await sealer.seal("account", "key", "value")
        assert await sealer.open("account", "key", sealed) == "value"
    finally:
        await sealer.close()
    things = safe(database, "things")
    shelf = MongoShelf(things)
    await shelf.prepare()
    at = datetime.now(UTC)
    news = [{"id": "event", "at": at}, {"id": "bad", "at": at}]
    assert await shelf.save("key", 0, Filed({"color": "blue"}, "command", {"at": at}, {}, news=news))
    await shelf.park("key", "bad", "nobody takes it")
    assert await shelf.waiting(datetime.max.replace(tzinfo=UTC), 10) == ["key"]
    await shelf.sent("key", ["event"])
    assert (await shelf.load("key", commands=True))["color"] == "blue"
    await safe(database, "activity").insert_one({"_id": "event"})
    await expire(things, "expires_at", 60)
    await expire(things, "expires_at", 120)


@pytest.mark.parametrize("driver", ["pymongo", "motor"])
async def test_a_process_can_do_what_it_does(own, databases, sign_in, driver):
    await live(sign_in("security-info", "one", databases["security-info"], driver))


@pytest.mark.parametrize("right", RIGHTS)
async def test_it_needs_each_of_its_rights(mongodb, databases, sign_in, monkeypatch, right):
    monkeypatch.setattr(mongodb_users, "RIGHTS", [other for other in RIGHTS if other != right])
    await create_users(mongodb.url, {"privacy": "two"}, databases)
    with pytest.raises((OperationFailure, SealError)) as refused:
        await live(sign_in("privacy", "two", databases["privacy"]))
    assert "not authorized" in str(refused.value.__cause__ or refused.value)


ELSEWHERE = {
    "read": lambda other: other["things"].find_one(),
    "write": lambda other: other["things"].insert_one({}),
    "change": lambda other: other["things"].update_one({}, {"$set": {"a": 1}}),
    "list": lambda other: other.list_collection_names(),
    "drop": lambda other: other.command("dropDatabase"),
    "create a user": lambda other: other.command("createUser", "me", pwd="x", roles=[]),
}
AT_HOME = {
    "delete": lambda own: own["things"].delete_many({}),
    "drop a collection": lambda own: own["things"].drop(),
    "drop an index": lambda own: own["things"].drop_indexes(),
    "rename a collection": lambda own: own["things"].rename("others"),
    "drop everything": lambda own: own.command("dropDatabase"),
    "write elsewhere by aggregation": lambda own: own["things"].aggregate([{"$out": {"db": "gateway", "coll": "a"}}]),
    "watch": lambda own: own["things"].aggregate([{"$changeStream": {}}]),
    "create a user": lambda own: own.command("createUser", "me", pwd="x", roles=[]),
    "change a password": lambda own: own.command("updateUser", "security-info", pwd="x"),
    "give itself a role": lambda own: own.command("grantRolesToUser", "security-info", roles=["dbOwner"]),
    "read the users": lambda own: own.client.admin["system.users"].find_one(),
    "read what all write": lambda own: own.client.local["oplog.rs"].find_one(),
    "configure the set": lambda own: own.client.admin.command("replSetGetConfig"),
    "end the server": lambda own: own.client.admin.command("shutdown"),
}


@pytest.mark.parametrize("attempt", ELSEWHERE)
async def test_it_can_do_nothing_with_the_database_of_another(own, databases, mongo, attempt):
    theirs = databases["privacy"]
    await mongo[theirs]["things"].insert_one({"_id": "kept"})
    with pytest.raises(OperationFailure) as refused:
        await ELSEWHERE[attempt](own.client[theirs])
    assert refused.value.code == UNAUTHORIZED
    assert await mongo[theirs]["things"].find().to_list() == [{"_id": "kept"}]


@pytest.mark.parametrize("attempt", AT_HOME)
async def test_it_can_do_no_more_than_it_does(own, mongo, attempt):
    await mongo[own.name]["things"].insert_one({"_id": "kept"})
    with pytest.raises(OperationFailure) as refused:
        await AT_HOME[attempt](own)
    assert refused.value.code == UNAUTHORIZED
    assert await mongo[own.name]["things"].find().to_list() == [{"_id": "kept"}]


async def test_each_process_of_the_house_has_its_own_user(plan: Plan, secrets, mongo):
    for process in PROCESSES:
        client = connect_shortly(plan.process(process)["mongo_url"])
        status = await client.admin.command("connectionStatus")
        await close(client)
        database = mongodb_users.database_of(process)
        assert status["authInfo"]["authenticatedUsers"] == [{"user": process, "db": database}]
        assert status["authInfo"]["authenticatedUserRoles"] == [{"role": process, "db": database}]
    assert len(set(secrets.mongodb_passwords.values())) == len(PROCESSES)


async def run(capsys, *arguments):
    status = await asyncio.to_thread(main, arguments)
    told = capsys.readouterr()
    return status, told.out, told.err


@pytest.fixture
def users(tmp_path):
    def write(content):
        file = tmp_path / "users.json"
        file.write_text(json.dumps(content))
        return str(file)

    return write


@pytest.fixture
def named(databases):
    return ["--databases", *(f"{process}={database}" for process, database in databases.items())]


@pytest.fixture
def given(mongodb, monkeypatch):
    monkeypatch.setenv("MONGO_URL", mongodb.url)


async def test_the_command_may_run_twice(*, databases, users, named, given, sign_in, capsys):
    for _ in range(2):
        ran = await run(capsys, "--users", users({"security-info": "hush-1", "privacy": "hush-2"}), *named)
        told = [f"{process} reads and writes {database}\n" for process, database in databases.items()]
        assert ran == (0, "".join(told), "")
    await live(sign_in("security-info", "hush-1", databases["security-info"]))
    await live(sign_in("privacy", "hush-2", databases["privacy"]))


async def test_it_changes_passwords_and_takes_back_what_was_given(
    *, own, databases, mongo, users, named, given, sign_in
):
    database = databases["security-info"]
    await mongo[database].command("grantRolesToUser", "security-info", roles=["dbOwner"])
    more = [{"resource": {"db": database, "collection": ""}, "actions": ["remove"]}]
    await mongo[database].command("grantPrivilegesToRole", "security-info", privileges=more)
    await own["things"].delete_many({})
    await own.command("dropDatabase")

    assert await asyncio.to_thread(main, ["--users", users({"security-info": "new"}), *named]) == 0
    with pytest.raises(OperationFailure) as refused:
        await sign_in("security-info", "one", database)["things"].find_one()
    assert refused.value.code == AUTHENTICATION_FAILED
    changed = sign_in("security-info", "new", database)
    await live(changed)
    for attempt in (changed["things"].delete_many({}), changed.command("dropDatabase")):
        with pytest.raises(OperationFailure, match="not authorized"):
            await attempt


async def test_it_reads_standard_input_as_a_program_of_its_own(mongodb, databases, named, sign_in):
    told = f"privacy reads and writes {databases['privacy']}\n"
    assert await run_alone(mongodb.url, '{"privacy": "piped"}', *named) == (0, told, "")
    await live(sign_in("privacy", "piped", databases["privacy"]))


async def run_alone(url, users, *arguments):
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "onebox.mongodb_users", "--users", "-", *arguments),
        env={**os.environ, "MONGO_URL": url},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await running.communicate(users.encode())
    return running.returncode, out.decode(), err.decode()


WRONG = {
    "a name": ({"subscriber": "hush"}, f"No process is called subscriber; there are {', '.join(PROCESSES)}."),
    "no password": ({"privacy": ""}, "a JSON object of process and password"),
    "a number": ({"privacy": 4711}, "a JSON object of process and password"),
    "no object": (["hush"], "a JSON object of process and password"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_wrong_users_are_refused_in_one_sentence(users, given, capsys, wrong):
    content, sentence = WRONG[wrong]
    assert_one_sentence(await run(capsys, "--users", users(content)), sentence)


async def test_users_that_cannot_be_read_are_refused_in_one_sentence(tmp_path, given, capsys, monkeypatch):
    assert_one_sentence(await run(capsys, "--users", str(tmp_path / "none")), "none cannot be read: No such file")
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"privacy": "hush'))
    assert_one_sentence(await run(capsys, "--users", "-"), "a JSON object of process and password")


@pytest.mark.parametrize("pairs", [["privacy=admin"], ["privacy="], ["privacy"], ["privacy=same", "gateway=same"]])
async def test_each_process_has_a_database_of_its_own(users, given, capsys, pairs):
    ran = await run(capsys, "--users", users({"privacy": "hush"}), "--databases", *pairs)
    assert_one_sentence(ran, "Each process needs a database of its own")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "Say where the database server is"),
        ("http://hush@db.example/", "not one that MongoDB's drivers understand"),
        ("mongodb://admin:hush/4@db.example/", "not one that MongoDB's drivers understand"),
    ],
)
async def test_a_wrong_address_is_refused_in_one_sentence(users, capsys, monkeypatch, url, sentence):
    monkeypatch.setenv("MONGO_URL", url)
    assert_one_sentence(await run(capsys, "--users", users({"privacy": "hush"})), sentence)


async def test_a_server_that_does_not_answer_is_told_in_one_sentence():
    # In a process of its own: at its end the driver leaves the socket of its last try open
    ran = await run_alone(f"mongodb://admin:hush@127.0.0.1:{free_port()}/", '{"privacy": "hush"}')
    assert_one_sentence(ran, "No database server that takes writes answered")


async def test_who_may_not_create_users_is_told_so_in_one_sentence(
    *, mongodb, own, databases, users, named, capsys, monkeypatch
):
    wishes = ["--users", users({"privacy": "hush"}), *named]
    for password, sentence in (("hush", "does not take the user and password"), ("one", "may not create users")):
        monkeypatch.setenv("MONGO_URL", mongodb.user_url("security-info", password, databases["security-info"]))
        assert_one_sentence(await run(capsys, *wishes), sentence)


async def test_a_password_on_the_command_line_is_refused(users, given, capsys):
    ran = await run(capsys, "--url", "mongodb://admin:hush@db.example/", "--users", users({"privacy": "hush"}))
    assert_one_sentence(ran, "Others see a password on the command line")


def assert_one_sentence(ran, sentence):
    status, out, err = ran
    assert (status, out) == (1, "")
    assert sentence in err
    assert err.endswith(".\n")
    assert err.count("\n") == 1
    assert "hush" not in err
