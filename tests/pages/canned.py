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
from shared.contracts.privacy import Activity, ActivityEntry
from shared.facts import now
from tests.pages.method_types import COUNTRIES, HINTS, LABELS, LIMITS, PROVING, PURPOSES, USUAL_WAYS

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


def method(name: str = "Phone", type_: str = "authenticator-app", **changed: Any) -> contract.Method:
    facts = {
        "id": "m0",
        "type": type_,
        "name": LABELS.get(type_, name),
        "purposes": PURPOSES.get(type_, ()),
        "barred_by": {},
        "added_at": datetime(2025, 3, 4, 9, 30, tzinfo=UTC),
        "last_used_at": None,
        "is_default": False,
        "can_be_default": type_ in {"authenticator-app", "security-key", "phone"},
        "can_be_renamed": type_ not in LABELS,
        "needed_for": (),
        "locks": (),
        "remaining": 10 if type_ == "recovery-codes" else None,
        "questions": 3 if type_ == "security-questions" else None,
        "hint": HINTS.get(type_),
        "way": USUAL_WAYS.get(type_),
    }
    return contract.Method(**facts | changed)


def key(name: str = "Blue key", locks: tuple[contract.Lock, ...] = (), **told: Any) -> contract.Method:
    facts = {
        "aaguid": "cb69481e-8ff7-4039-93ec-0a2729a154a8",
        "provider": "YubiKey 5",
        "attachment": "cross-platform",
        "transports": ("usb",),
        "discoverable": True,
        "synced": False,
        "user_verified": True,
        "attestation": "packed",
    }
    return method(name, "security-key", locks=locks, key=contract.KeyFacts(**facts | told))


def requirement(organization: str = "Contoso", purpose: str = "two_step", **told: Any) -> contract.Requirement:
    facts = {
        "organization_id": organization.lower(),
        "organization_name": organization,
        "purpose": purpose,
        "methods": ("authenticator-app", "security-key", "phone"),
        "required": 0,
        "questions": None,
    }
    return contract.Requirement(**facts | told)


def need(purpose: str = "two_step", required: int = 0, registered: int = 0, *organizations: str) -> contract.Need:
    return contract.Need(purpose=purpose, required=required, registered=registered, organizations=organizations)


def info(*listed: contract.Method, default: int = 0, **changed: Any) -> contract.SecurityInfo:
    able = [index for index, one in enumerate(listed) if one.can_be_default]
    first = able[default] if default < len(able) else None
    made = tuple(
        one.model_copy(update={"id": f"m{index}", "is_default": index == first}) for index, one in enumerate(listed)
    )
    proving = tuple(one.id for one in made if one.type in PROVING)
    barred = tuple(one.type for one in changed.get("not_offered", ()))
    facts = {
        "methods": made,
        "default_method": None if first is None else made[first].id,
        "can_add": offers(*made, without=barred),
        "not_offered": (),
        "requirements": (requirement(), requirement(purpose="password_reset")),
        "needs": (need(), need("password_reset")),
        "proof": contract.ProofOptions(methods=proving, otherwise=None if proving else "sign_in"),
    }
    return contract.SecurityInfo(**facts | changed)


def offers(*made: contract.Method, without: tuple[str, ...] = ()) -> tuple[contract.Offer, ...]:
    return tuple(
        contract.Offer(
            type=type_,
            limit=limit,
            registered=sum(one.type == type_ for one in made),
            purposes=PURPOSES[type_],
            countries=COUNTRIES.get(type_),
        )
        for type_, limit in LIMITS.items()
        if type_ not in without
    )


def methods(*names: str, default: int = 0) -> contract.SecurityInfo:
    return info(*map(method, names), default=default)


def everything() -> contract.SecurityInfo:
    """One of each type, in every state that a method can be in."""
    soon = now() + timedelta(minutes=12)
    return info(
        method("Work phone", needed_for=("two_step",), last_used_at=now() - timedelta(hours=2)),
        key(locks=(contract.Lock(purpose="proof", until=soon),)),
        key("Laptop", provider=None, attachment="platform", synced=True, discoverable=None),
        method("Old phone", purposes=(), barred_by={"two_step": ("contoso",), "password_reset": ("contoso", "gone")}),
        method(type_="recovery-codes", remaining=1),
        method(type_="security-questions", needed_for=("password_reset",)),
        method("Mail on the tablet", "app-password"),
        method("Brand new", "carrier-pigeon"),
        method("Private phone", "phone", changing_to="+46 •••••••89"),
        method("Office phone", "phone", way="call", managed=True, can_be_renamed=False),
        method("E-mail", "email"),
        requirements=(
            requirement(required=2),
            requirement(purpose="password_reset", methods=("security-questions",), required=1, questions=3),
            requirement("Fabrikam", methods=("phone",)),
        ),
        needs=(need("two_step", 2, 1, "contoso"), need("password_reset", 1, 1, "contoso")),
        not_offered=(contract.NotOffered(type="app-password", organizations=("fabrikam", "unknown")),),
    )


QUESTIONS = contract.Questions(
    questions=(
        contract.Question(id="contoso:badge", text="What was on your first badge?", organization_id="contoso"),
        contract.Question(id="first-pet", text="What was your first pet called?", organization_id=None),
        contract.Question(id="first-job", text="Where was your first job?", organization_id=None),
        contract.Question(id="street", text="In which street did you grow up?", organization_id=None),
    ),
    to_register=3,
)
CODES = tuple(f"{index:04}-ABCD-EFGH" for index in range(10))


def key_setup() -> contract.SecurityKeySetup:
    return contract.SecurityKeySetup(
        method_id="m9",
        name="Blue key",
        options={"challenge": "Y2hhbGxlbmdl", "rp": {"id": "localhost", "name": 'Contoso "<&'}},
        expires_at=now() + timedelta(minutes=14, seconds=50),
    )


def setup() -> contract.AuthenticatorAppSetup:
    uri = "otpauth://totp/Contoso:alice%40contoso.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Contoso"
    return contract.AuthenticatorAppSetup(
        method_id="m9",
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
        id=id_,
        type=event.wire,
        part="security_info",
        at=now() - age,
        by=by,
        client=client or Client(),
        facts=event.model_dump(),
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
        (
            contract.MethodAdded(method_id="m3", method_type="recovery-codes", name="Recovery codes"),
            firefox,
            "you",
        ),
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


def devices(*listed: device_contract.Device, limit: int = 200) -> device_contract.Devices:
    numbered = (one if one.id != "d0" else one.model_copy(update={"id": f"d{n}"}) for n, one in enumerate(listed))
    return device_contract.Devices(devices=tuple(numbered), limit=limit)


def recovery_key(id_: str = "1A2B3C4D-0000", **changed: Any) -> device_contract.RecoveryKey:
    moments = {"put_in_at": datetime(2025, 3, 4, 9, 30, tzinfo=UTC), "revealed_at": None, "rotation_asked_at": None}
    return device_contract.RecoveryKey(**{"id": id_, "kind": "bitlocker", "volume": "C:"} | moments | changed)


def recovery_keys(*keys: device_contract.RecoveryKey, name: str = "Laptop") -> device_contract.RecoveryKeys:
    return device_contract.RecoveryKeys(device_id="d0", device_name=name, keys=keys)


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
        "cannot_leave": "home" if home else None,
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
