"""What privacy could answer, for pages to show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.contracts.organizations import Organization
from shared.contracts.privacy import (
    Acceptance,
    ConnectedService,
    DataUse,
    Notice,
    PrivacyParts,
    Terms,
    TermsText,
    ToldSentence,
)
from shared.facts import now

THEN = datetime(2026, 3, 2, 12, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4
RIGHT_TO_LEFT = "شروط الاستخدام"
_TERMS = {
    "id": "contoso~portal",
    "organization_id": "contoso",
    "organization_name": "Contoso",
    "title": "Using our systems",
    "version": "2026-11",
    "published_at": THEN,
    "languages": ("en", "sv"),
    "withdrawn_at": None,
    "acceptances": (),
    "to_accept": True,
}


def acceptance(version: str = "2026-11", language: str = "sv") -> Acceptance:
    return Acceptance(version=version, language=language, digest=DIGEST, at=THEN)


def terms(**changed: Any) -> Terms:
    return Terms(**_TERMS | changed)


def text(**changed: Any) -> TermsText:
    shown = {
        "shown_version": "2026-11",
        "shown_language": "en",
        "shown_title": "Using our systems",
        "html": "<h2>What you may</h2><p>Work.</p><table><thead><tr><th>What</th></tr></thead></table>",
        "digest": DIGEST,
    }
    return TermsText(**_TERMS | {"accepted": None} | shown | changed)


def service(name: str = "Expenses", **changed: Any) -> ConnectedService:
    facts = {
        "id": f"contoso~{name.lower()}",
        "organization_id": "contoso",
        "organization_name": "Contoso",
        "publisher": "Ledger AB",
        "page": "https://expenses.example/",
        "privacy_statement": "https://expenses.example/privacy",
        "sees": ("pd:Name", "pd:EmailAddress"),
        "since": THEN,
        "last_used_at": now() - timedelta(hours=3),
        "can_disconnect": True,
    }
    return ConnectedService(**facts | {"name": name} | changed)


def sentence(text: str, language: str = "en") -> ToldSentence:
    return ToldSentence(text=text, language=language)


def use(category: str = "pd:EmailAddress", held: str | None = "profile", **changed: Any) -> DataUse:
    facts = {
        "id": category,
        "organization_id": "contoso",
        "organization_name": "Contoso",
        "purpose": "dpv:AccountManagement",
        "legal_basis": "eu-gdpr:A6-1-b",
        "source": "organization",
        "retention": sentence("Until two years after you leave"),
        "recipients": None,
        "remark": None,
    }
    return DataUse(**facts | {"category": category, "held": held} | changed)


def parts(*of: Organization, **told: Any) -> PrivacyParts:
    notices = tuple(
        Notice(organization_id=one.id, organization_name=one.name, home=one.home, statement=one.privacy_statement)
        for one in of
    )
    return PrivacyParts(**{"notices": notices, "terms": (), "services": (), "data_uses": ()} | told)


EVERY_USE = (
    use(),
    use("pd:Picture"),
    use("pd:Professional"),
    use("pd:Age"),
    use("dpv:PersonalData", "memberships"),
    use("pd:DeviceBased", "devices", remark=sentence("Och vilka program", "sv"), recipients=sentence("Fixers Ltd")),
    use("pd:Authenticating", "security_info", legal_basis="eu-gdpr:A6-1-f", source="person"),
    use("pd:AuthenticationHistory", "history", legal_basis="eu-gdpr:A6-1-a", source="observed"),
    use("pd:EyeColour", None, purpose="dpv:LookingSplendid", legal_basis="xx:Because", source="newer"),
    use("pd:Salary", "newer", legal_basis="dpv:LegalObligation", source="other"),
)
EVERYTHING: dict[str, Any] = {
    "terms": (
        terms(),
        terms(id="contoso~changed", title="On call", acceptances=(acceptance("1"),)),
        terms(id="contoso~small", title="Wireless", acceptances=(acceptance("1", "xx"),), to_accept=False),
        terms(id="contoso~kept", title=RIGHT_TO_LEFT, acceptances=(acceptance(language="ar"),), to_accept=False),
        terms(id="contoso~told", title="x" * 120, to_accept=False),
    ),
    "services": (
        service(),
        service("Payroll", can_disconnect=False, publisher=None, last_used_at=None, sees=(), page=None),
        service("x" * 120, can_disconnect=False, organization_id="gone", sees=("pd:EyeColour", "pd:Job")),
        service("<script>alert(1)</script>", id="contoso~script", privacy_statement=None, publisher=RIGHT_TO_LEFT),
    ),
    "data_uses": EVERY_USE,
}
