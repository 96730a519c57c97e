"""What services could answer, for pages to show."""

from datetime import UTC, datetime, timedelta
from typing import Any

import segno

from gateway.sessions import Session
from shared.contracts import devices as device_contract
from shared.contracts import gateway as gateway_contract
from shared.contracts import organizations as organization_contract
from shared.contracts import security_info as contract
from shared.contracts.envelope import Client
from shared.contracts.privacy import Activity, ActivityEntry, Notice, Notices
from shared.facts import now

RIGHT_TO_LEFT = "هاتف العمل"
LONG = "The phone in the drawer at work that I only use when my own one is broken"


def a_session(
    name: str | None = "Alice Lindqvist", email: str | None = "alice@contoso.example", **changed: Any
) -> Session:
    moment = now()
    facts = {
        "account": "a1b2c3",
        "secret_digest": b"",
        "started_at": moment,
        "seen_at": moment,
        "expires_at": moment + timedelta(hours=12),
    }
    return Session(**facts | {"name": name, "email": email} | changed)


def methods(*names: str, default: int = 0) -> contract.SecurityInfo:
    made = tuple(
        contract.Method(
            id=f"m{index}",
            type="authenticator-app",
            name=name,
            purposes=("two_step", "password_reset"),
            added_at=datetime(2025, 3, 4, 9, 30, tzinfo=UTC),
            is_default=index == default,
        )
        for index, name in enumerate(names)
    )
    return contract.SecurityInfo(
        methods=made,
        default_method=made[default].id if made else None,
        can_add=(contract.Offer(type="authenticator-app", limit=5, registered=len(made)),),
    )


def setup() -> contract.AuthenticatorAppSetup:
    uri = "otpauth://totp/Contoso:alice%40contoso.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Contoso"
    return contract.AuthenticatorAppSetup(
        method_id="m9",
        type="authenticator-app",
        name="Work phone",
        issuer="Contoso",
        account_name="alice@contoso.example",
        key="JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP",
        uri=uri,
        qr_svg=segno.make(uri, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True),
        expires_at=now() + timedelta(minutes=14, seconds=50),
    )


def entry(event, *, age: timedelta = timedelta(minutes=3), by="you", client: Client | None = None, id_="e") -> Any:
    return ActivityEntry(
        id=id_, type=event.wire, at=now() - age, by=by, client=client or Client(), facts=event.model_dump()
    )


def history(length: int = 12) -> Activity:
    added = {"method_id": "m0", "method_type": "authenticator-app"}
    firefox = Client(browser="Firefox", os="Linux", country="SE", city="Malmö")
    events = [
        (gateway_contract.SessionStarted(session_id="s"), firefox, "you"),
        (contract.MethodAdded(name="Work phone", **added), firefox, "you"),
        (contract.DefaultMethodChanged(name="Work phone", **added), firefox, "you"),
        (contract.MethodRenamed(name=LONG, previous_name="Phone", **added), Client(browser="Safari", os="iOS"), "you"),
        (contract.MethodRemoved(name=RIGHT_TO_LEFT, **added), Client(), "system"),
        (contract.MethodSetupFailed(method_type="authenticator-app"), Client(browser="Edge", os="Windows"), "you"),
        (contract.DefaultMethodChanged(name=None, method_id=None, method_type=None), Client(), "system"),
        (gateway_contract.SessionEnded(session_id="s", reason="signed_out"), firefox, "you"),
    ]
    entries = tuple(
        entry(event, age=timedelta(minutes=7 * 3 ** min(index, 11)), by=by, client=client, id_=f"e{index}")
        for index, (event, client, by) in enumerate(events[index % len(events)] for index in range(length))
    )
    return Activity(entries=entries, next="1.e" if length else None)


def device(name: str = "Laptop", **changed: Any) -> device_contract.Device:
    facts = {
        "id": "d0",
        "organization_id": "contoso",
        "kind": "laptop",
        "maker": "Lenovo",
        "model": "ThinkPad X1",
        "os": "Windows",
        "os_version": "11 24H2",
        "join_type": "joined",
        "compliance": "compliant",
        "connected_at": datetime(2025, 3, 4, 9, 30, tzinfo=UTC),
        "last_active_at": now() - timedelta(hours=3),
        "state": "active",
        "disabled_at": None,
        "disabled_reason": None,
    }
    return device_contract.Device(**facts | {"name": name} | changed)


def disabled(name: str = "Old phone", reason: str | None = "lost", **changed: Any) -> device_contract.Device:
    facts = {"kind": "phone", "state": "disabled", "disabled_at": now() - timedelta(days=9), "disabled_reason": reason}
    return device(name, **facts | changed)


def devices(*listed: device_contract.Device) -> device_contract.Devices:
    numbered = tuple(one.model_copy(update={"id": f"d{index}"}) for index, one in enumerate(listed))
    return device_contract.Devices(devices=numbered, limit=200)


def contact(role: str = "privacy", **ways: str) -> organization_contract.ContactPoint:
    known = {"name": None, "email": None, "telephone": None, "page": None} | ways
    return organization_contract.ContactPoint(role=role, **known)


EVERY_WAY = contact(
    name="Privacy office",
    email="privacy?all@contoso.example",
    telephone="+46 (40) 12-34 56",
    page="https://contoso.example/help?a=1&b=2",
)


def organization(id_: str = "contoso", name: str = "Contoso", **changed: Any) -> organization_contract.Organization:
    home = id_ == "contoso"
    facts = {
        "home": home,
        "can_leave": not home,
        "joined_at": datetime(2024, 8, 19, 8, 0, tzinfo=UTC),
        "privacy_statement": f"https://www.{id_}.example/privacy",
        "contacts": (EVERY_WAY, contact("help", email=f"help@{id_}.example")),
    }
    return organization_contract.Organization(**{"id": id_, "name": name} | facts | changed)


def organizations(
    *listed: organization_contract.Organization, **profile: str | None
) -> organization_contract.Organizations:
    told = {"account": "a1b2c3", "name": "Alice Lindqvist", "email": "alice@contoso.example"} | profile
    return organization_contract.Organizations(profile=organization_contract.Profile(**told), organizations=listed)


def notices(*of: organization_contract.Organization) -> Notices:
    return Notices(
        notices=tuple(
            Notice(organization_id=one.id, organization_name=one.name, home=one.home, statement=one.privacy_statement)
            for one in of
        )
    )
