"""Sign-ins as an identity provider tells of them, for pages to show."""

from datetime import timedelta
from typing import Any, get_args

from shared.contracts.envelope import Client
from shared.contracts.privacy import SIGN_IN, Activity, ActivityEntry
from shared.contracts.privacy.history import Failure, Status
from shared.facts import now

FIREFOX = Client(browser="Firefox", os="Linux", country="SE", city="Malmö")
WAYS = [
    (status, reason)
    for status in get_args(Status)
    for reason in ((None,) if status == "success" else (None, *get_args(Failure)))
]
"""Every status with every reason that it can have."""


def sign_in(
    status: str = "success", reason: str | None = None, *, client: Client = FIREFOX, **told: Any
) -> ActivityEntry:
    facts = {"status": status, "reason": reason, "application": "Mail", "ip": "192.0.2.7"}
    facts |= {"organization_id": "contoso", "organization_name": "Contoso AB"} | told
    return ActivityEntry(
        id=f"contoso~{status}-{reason}",
        type=SIGN_IN,
        part="sign_ins",
        at=now() - timedelta(minutes=7),
        by="unknown",
        client=client,
        facts={name: value for name, value in facts.items() if value is not None},
    )


def every_way() -> Activity:
    return Activity(entries=tuple(sign_in(*way) for way in WAYS), next=None)


_SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    sign_in(
        application=_SCRIPT, ip="2001:db8:85a3:1234:5678:8a2e:370:7334", client=Client(browser=_SCRIPT, city=_SCRIPT)
    ),
    sign_in("newer", "newer", application="x" * 120, ip=None, client=Client(country="XX", city="x" * 60)),
    sign_in("failure", "newer", application=None, client=Client()),
)
"""What says more or less than is known here, or would be carried out if it were not shown as it is."""
