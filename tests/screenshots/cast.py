"""People beside the demo ones, for what the demo has not: very many devices, names of every kind, nobody to ask."""

from datetime import UTC, datetime, timedelta
from typing import Any

from onebox.accounts import Account
from onebox.directory_file import Directory

MANY, OTHERWISE, FORSAKEN = "gustav", "hanan", "ivar"
MANY_DEVICES = 200
_THEN = datetime(2026, 11, 20, 8, tzinfo=UTC)
_MODELS = (
    {"kind": "laptop", "maker": "Lenovo", "model": "ThinkPad T14", "os": "Windows", "os_version": "11"},
    {"kind": "phone", "maker": "Apple", "model": "iPhone 15", "os": "iOS", "os_version": "18.1"},
    {"kind": "tablet", "maker": "Samsung", "model": "Galaxy Tab Active5", "os": "Android", "os_version": "14"},
    {"kind": "desktop", "maker": "Dell", "model": "OptiPlex 7010", "os": "Windows", "os_version": "11"},
    {"kind": "other", "maker": "Zebra", "model": "TC22", "os": "Android", "os_version": "13"},
)


def _many() -> dict[str, Any]:
    return {
        f"g-{number:03}": {
            **_MODELS[number % len(_MODELS)],
            "organization_id": "contoso",
            "name": f"CON-{number:04}",
            "compliance": ("compliant", "compliant", "unknown", "not_compliant")[number % 4],
            "last_active_at": _THEN - timedelta(hours=7 * number),
        }
        for number in range(MANY_DEVICES)
    }


_ORGANIZATIONS = {
    "alnoor": {
        "name": "مؤسسة النور للبحث العلمي والتعليم العالي",
        "privacy_statement": "https://alnoor.example/ar/khususiyya",
        "contacts": [
            {"role": "help", "name": "مكتب المساعدة", "telephone": "+20 2 2736 0000"},
            {"role": "privacy", "name": "ليلى حداد", "email": "laila@alnoor.example"},
        ],
        "services": {
            "library": {"name": "المكتبة الرقمية", "publisher": "دار المعرفة", "sees": ["pd:Name", "pd:School"]}
        },
        "data_uses": {
            "profile": {
                "category": "pd:Contact",
                "purpose": "dpv:AccountManagement",
                "legal_basis": "eu-gdpr:A6-1-e",
                "source": "organization",
                "held": "profile",
                "retention": {"ar": "حتى سنتين بعد مغادرتك"},
                "recipients": {"ar": "جميع العاملين في المؤسسة"},
            },
            "endless": {
                "category": "pd:" + "Endless" * 11,
                "purpose": "dpv:ServiceProvision",
                "legal_basis": "eu-gdpr:A6-1-a",
                "source": "other",
                "retention": {"en": "W" * 120},
            },
        },
        "terms": {
            "use": [
                {
                    "version": "1",
                    "texts": {
                        "ar": {
                            "title": "شروط استخدام الأنظمة",
                            "markdown": (
                                "# قبل البدء\n\n1. لا تشارك كلمة المرور.\n2. أبلغ عن ضياع الجهاز (SD-42).\n\n"
                                "| البيانات | السبب | المدة |\n|---|---|---|\n| تسجيلات الدخول | الأمن | سنتان |\n"
                            ),
                        },
                        "en": {"title": "Use of systems", "markdown": "W" * 200},
                    },
                }
            ]
        },
    },
    "longest": {
        "name": "DONAUDAMPFSCHIFFFAHRTSELEKTRIZITÄTENHAUPTBETRIEBSWERKBAUAMT",
        "contacts": [
            {
                "role": "technical",
                "name": "Hauptbetriebswerkbauunterbeamtenstellvertretervertretung, Zimmer 4 bis 7, nur vormittags",
                "email": "hauptbetriebswerkbauunterbeamtenstellvertretervertretung@donaudampfschifffahrt.example",
            }
        ],
        "leaving": {"allowed": False, "ask": "technical"},
    },
}
_ACCOUNTS = {
    MANY: {
        "home_organization": "contoso",
        "profile": {"name": "Gustav Blom", "email": "gustav@contoso.example"},
        "memberships": {"wingtip": {"owner": True}},
        "devices": _many(),
    },
    OTHERWISE: {
        "home_organization": "contoso",
        "profile": {"name": "حنان يوسف", "email": "hanan@contoso.example"},
        "services": {"alnoor": {"library": {}}},
        "memberships": {"alnoor": {"invited_by": "ليلى حداد"}, "longest": {"invited_by": "A" * 60}},
        "devices": {
            "h-1": {
                "organization_id": "alnoor",
                "name": "حاسوب محمول للمختبر (2)",
                "kind": "laptop",
                "compliance": "not_compliant",
                "compliance_reasons": ["نظام التشغيل قديم، يرجى تحديثه."],
                "recovery_keys": {
                    "H1-0001": {"kind": "luks", "volume": "/بيانات", "key": "واحد اثنان ثلاثة أربعة"},
                },
            },
            "h-2": {"organization_id": "alnoor", "name": "DESKTOP-" + "W" * 52, "kind": "desktop"},
        },
    },
    FORSAKEN: {
        "home_organization": "wingtip",
        "disabled": True,
        "profile": {"name": "Ivar Holm", "email": "ivar@wingtip.example"},
    },
}
CAST = Directory.model_validate({"organizations": _ORGANIZATIONS, "accounts": _ACCOUNTS})
"""Whoever and whatever is put in after the demo directory, to which it refers."""
PEOPLE = (
    Account(MANY, "Gustav", "Blom", "gustav@contoso.example"),
    Account(OTHERWISE, "حنان", "يوسف", "hanan@contoso.example"),
    Account(FORSAKEN, "Ivar", "Holm", "ivar@wingtip.example"),
)
"""Whom the provider knows beside the demo people."""
