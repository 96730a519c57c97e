"""The reactions of each service, put together on a database of a test's own."""

from datetime import UTC, datetime, timedelta
from functools import partial

from prometheus_client import CollectorRegistry

import devices.app
import devices.belonging
import devices.managing
import devices.model
import devices.reactions
import gateway.app
import gateway.reactions
import organizations.app
import organizations.reactions
import privacy.app
import privacy.belonging
import security_info.app
import security_info.reactions
from gateway.accounts import Account
from gateway.documents import asyncapi_document
from gateway.keeping import SessionKeeper, Standings
from gateway.sessions import Session
from organizations.account import Account as WorkAccount
from organizations.account import Profile
from privacy import connections
from privacy.account import Account as PrivacyAccount
from privacy.history.activity import Activity
from privacy.history.homes import Homes
from privacy.history.retention import Retention
from privacy.notices import Declarations
from privacy.preferences.spreading import Spreading
from privacy.reactions import Reactions
from privacy.register import Register, Service
from privacy.settling import Settler
from security_info.model import SecurityInfo
from security_info.policies import PolicyBook
from shared.connecting import safe
from shared.contracts.envelope import Client
from shared.contracts.organizations import MembershipStarted
from shared.deciding import Actor, Command, Decision
from shared.facts import now
from shared.noticing import Manner
from shared.serving import bound
from shared.storing import Store
from shared.storing.mongo import MongoShelf
from tests.posting import PaperSealer
from tests.unit.furnished import with_methods

EXAMPLES = {
    message["name"]: message["examples"][0]["payload"] | {"time": now().isoformat()}  # a history forgets what is old
    for message in asyncapi_document()["components"]["messages"].values()
}
ACCOUNT = "alice"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FABRIKAM = EXAMPLES[MembershipStarted.wire]["data"]["organization_id"]


def command(name):
    return Command(id=name, digest=name, actor=Actor("system", "test"))


def store_of_privacy(database):
    return Store(MongoShelf(safe(database, "accounts")), PrivacyAccount, source="/privacy", empty=PrivacyAccount)


async def of_privacy(database):
    """Put privacy together for an account that is connected to a service under a membership of long ago."""
    collections = safe(database, "registers"), safe(database, "accounts")
    shelf = MongoShelf(collections[0])
    told = Store(shelf, Register, source="/privacy", empty=Register, account_of=lambda _key, _state: None)
    store = store_of_privacy(database)
    homes = Homes(*collections)
    retention = Retention(*(safe(database, name) for name in ("activity", "retention", "retention_due")), homes)
    activity = Activity(safe(database, "activity"), homes.days_of)
    declarations = Declarations(safe(database, "organizations"))
    spreading = Spreading(store, told, of=collections, registry=CollectorRegistry())
    for prepared in (activity, declarations, homes, retention):
        await prepared.prepare()
    join = partial(privacy.belonging.join, organization_id=FABRIKAM, sequence="0000000000", home=False)
    await store.change(ACCOUNT, join, command=command("join"))
    await connect_service(store, "mail")
    return bound(privacy.app.EVENTS, Reactions(activity, declarations, Settler(store, spreading, retention)))


async def connect_service(store, service_id):
    told = {"service": Service(entry=f"entry of {service_id}", name="Mail"), "since": LONG_AGO}
    connect = partial(connections.connect, organization_id=FABRIKAM, service_id=service_id, **told)
    await store.change(ACCOUNT, connect, command=command(f"connect-{service_id}"))


def store_of_devices(database):
    shelf = MongoShelf(safe(database, "accounts"))
    return Store(shelf, devices.model.Devices, source="/devices", empty=devices.model.Devices)


async def of_devices(database):
    """Put devices together for an account that has a device under a membership of long ago."""
    store = store_of_devices(database)
    join = partial(devices.belonging.join, organization_id=FABRIKAM, sequence="0000000000", limit=200)
    await store.change(ACCOUNT, join, command=command("join"))
    await put_device(store, "d")
    return bound(devices.app.EVENTS, devices.reactions.Reactions(store, limit=200))


async def put_device(store, device_id):
    known = {"name": "Laptop", "kind": "laptop"}
    put = partial(devices.managing.put, device_id=device_id, organization_id=FABRIKAM, known=known, limit=200)
    await store.change(ACCOUNT, put, command=command(f"put-{device_id}"))


async def of_gateway(database):
    """Put the gateway together for an account that is signed in twice."""
    collection = safe(database, "sessions")
    shelf = MongoShelf(collection)
    store = Store(
        shelf, Session, source="/gateway", empty=lambda: None, account_of=lambda key, one: one.account if one else key
    )
    accounts = MongoShelf(safe(database, "accounts"))
    standings = Standings(Store(accounts, Account, source="/gateway", empty=Account))
    keeper = SessionKeeper(store, collection, standings, idle=timedelta(hours=1))
    await keeper.prepare()
    for session_id in ("one", "two"):
        profile = {"secret_digest": b"", "client": Client()}
        await keeper.start(session_id, account=ACCOUNT, profile=profile, lifetime=timedelta(hours=1))
    return bound(gateway.app.EVENTS, gateway.reactions.Reactions(standings, keeper))


def store_of_security_info(database):
    shelf = MongoShelf(safe(database, "accounts"))
    return Store(shelf, SecurityInfo, source="/security-info", empty=SecurityInfo, sealer=PaperSealer())


async def of_security_info(database):
    """Put security-info together for an account that can be reached at an address."""
    policies = PolicyBook(safe(database, "policies"))
    await policies.prepare()
    store = store_of_security_info(database)
    reached, _ = with_methods("email")
    await store.change(ACCOUNT, lambda _info, _facts: Decision(reached), command=command("reach"))
    return bound(security_info.app.EVENTS, security_info.reactions.Reactions(store, policies, Manner()))


async def of_organizations(database):
    """Put organizations together for an account with an address at work."""
    shelf = MongoShelf(safe(database, "accounts"))
    store = Store(shelf, WorkAccount, source="/organizations", empty=WorkAccount, sealer=PaperSealer())
    known = WorkAccount(home=FABRIKAM, directory=Profile(email="alice@fabrikam.example"))
    await store.change(ACCOUNT, lambda _account, _facts: Decision(known), command=command("reach"))
    return bound(organizations.app.EVENTS, organizations.reactions.Reactions(store, Manner()))


COMPOSED = {
    "security-info": of_security_info,
    "organizations": of_organizations,
    "privacy": of_privacy,
    "devices": of_devices,
    "gateway": of_gateway,
}
"""How the reactions of a service are put on a real database; a service that begins to react needs a line here."""
