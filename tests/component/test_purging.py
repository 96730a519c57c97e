"""The sweep over memberships that can be restored no more, on a database of its own."""

from datetime import timedelta
from functools import partial

from prometheus_client import CollectorRegistry

from organizations import membership, purging
from organizations.account import Account
from organizations.purging import Purger
from shared.connecting import safe
from shared.contracts import organizations as contract
from shared.contracts.problem import Unavailable
from shared.deciding import Decision
from shared.facts import now
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.component.composing import command

PEOPLE = [f"person{number}" for number in range(7)]
NAMED = {"organization_id": "fabrikam", "organization_name": "Fabrikam"}


async def gone(store, account, *, ago):
    """Let an account have left an organization so long ago."""
    home = Account(home="contoso")
    wish = contract.PutMembership()
    rules = (
        lambda _account, _facts: Decision(home),
        partial(membership.start, wish=wish, **NAMED),
        partial(membership.leave, may_leave=True, **NAMED),
    )
    for number, rule in enumerate(rules):
        await store.change(account, rule, command=command(f"{account}-{number}"))

    def aged(state, _facts):
        ended = {id_: one.model_copy(update={"purge_at": one.purge_at - ago}) for id_, one in state.ended.items()}
        return Decision(state.with_ended(ended))

    await store.change(account, aged, command=command(f"{account}-aged"))


async def test_what_fails_holds_nothing_else_up_and_is_tried_again(own_database, monkeypatch):
    monkeypatch.setattr(purging, "_PAGE", 2)
    accounts = safe(own_database, "accounts")
    store = Store(MongoShelf(accounts), Account, source="/organizations", empty=Account)
    registry = CollectorRegistry()
    purger = Purger(accounts, store, registry=registry)
    await purger.prepare()
    for number, account in enumerate(PEOPLE):
        await gone(store, account, ago=membership.RESTORABLE + timedelta(minutes=number))
    await gone(store, "later", ago=membership.RESTORABLE - timedelta(hours=1))
    broken = PEOPLE[-3:]  # whose turn is first
    real = store.change

    async def failing(account, rule, **given):
        if account in broken:
            raise Unavailable
        return await real(account, rule, **given)

    monkeypatch.setattr(store, "change", failing)
    await purger.sweep()
    due = {"purge_at": {"$lte": now()}}
    assert {found["_id"] async for found in accounts.find(due, {"_id": 1})} == set(broken)
    assert registry.get_sample_value("accounts_left_by_purge") == len(broken)
    monkeypatch.undo()
    await purger.sweep()
    assert await accounts.count_documents(due) == 0
    assert registry.get_sample_value("accounts_left_by_purge") == 0
    assert (await store.read("later")).ended
    for account in PEOPLE:
        outbox = await MongoShelf(accounts).outbox(account)
        told = [entry["event"]["type"] for entry in outbox]
        assert told.count(contract.MembershipPurged.wire) == 1
