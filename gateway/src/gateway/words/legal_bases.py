"""Plain words for why data may be used: the bases of GDPR, Articles 6 (1) and 9 (2), as `eu-gdpr` and `dpv` name them.

Whether an interest outweighs another is what the organization claims, so the words say that it does.
"""

from dataclasses import dataclass

from shared.telling.message import Message, marked

GENERAL = marked("GDPR, Article 6 (1) (%(letter)s)")
SPECIAL = marked("GDPR, Article 9 (2) (%(letter)s)")


@dataclass(frozen=True, slots=True)
class BasisWords:
    """Why data may be used, what one can do about it, and by which letter of which article."""

    label: Message
    right: Message | None = None
    letter: str | None = None
    cited: Message = GENERAL


_CONSENT = marked("You have agreed to it")
_TAKE_BACK = marked("You can take that back at any time.")
OBJECT = marked("You can object to it.")
_CONTRACT = marked("It is needed for a contract with you")
_STEPS = marked("You asked for steps that lead to a contract")
_LAW = marked("The law requires it")
_LIFE = marked("It may save a life")
_YOUR_LIFE = marked("It may save your life")
_PUBLIC = marked("It is a task in the public interest")
_AUTHORITY = marked("It is part of exercising official authority")
_INTEREST = marked("The organization says that there is a legitimate interest in it")
_OTHERS_INTEREST = marked("The organization says that somebody else has a legitimate interest in it")
_OWN_INTEREST = marked("The organization says that it has a legitimate interest in it")

_EXPRESS = marked("You have expressly agreed to it")
_ESTABLISHED = marked("It is needed for legal claims or by a court")
_HEALTH = marked("It is needed for health care, medicine at work or social care")
BASES: dict[str, BasisWords] = {
    "eu-gdpr:A6-1-a": BasisWords(_CONSENT, _TAKE_BACK, "a"),
    "eu-gdpr:A6-1-a-explicit-consent": BasisWords(_EXPRESS, _TAKE_BACK, "a"),
    "eu-gdpr:A6-1-a-non-explicit-consent": BasisWords(_CONSENT, _TAKE_BACK, "a"),
    "eu-gdpr:A6-1-b": BasisWords(_CONTRACT, None, "b"),
    "eu-gdpr:A6-1-b-contract-performance": BasisWords(_CONTRACT, None, "b"),
    "eu-gdpr:A6-1-b-enter-into-contract": BasisWords(_STEPS, None, "b"),
    "eu-gdpr:A6-1-c": BasisWords(_LAW, None, "c"),
    "eu-gdpr:A6-1-d": BasisWords(_LIFE, None, "d"),
    "eu-gdpr:A6-1-d-data-subject": BasisWords(_YOUR_LIFE, None, "d"),
    "eu-gdpr:A6-1-d-natural-person": BasisWords(marked("It may save the life of somebody else"), None, "d"),
    "eu-gdpr:A6-1-e": BasisWords(marked("It is a public task"), OBJECT, "e"),
    "eu-gdpr:A6-1-e-official-authority": BasisWords(_AUTHORITY, OBJECT, "e"),
    "eu-gdpr:A6-1-e-public-interest": BasisWords(_PUBLIC, OBJECT, "e"),
    "eu-gdpr:A6-1-f": BasisWords(_INTEREST, OBJECT, "f"),
    "eu-gdpr:A6-1-f-controller": BasisWords(_OWN_INTEREST, OBJECT, "f"),
    "eu-gdpr:A6-1-f-third-party": BasisWords(_OTHERS_INTEREST, OBJECT, "f"),
    "eu-gdpr:A9-2-a": BasisWords(_EXPRESS, _TAKE_BACK, "a", SPECIAL),
    "eu-gdpr:A9-2-b": BasisWords(
        marked("Law on employment or social security requires or allows it"), None, "b", SPECIAL
    ),
    "eu-gdpr:A9-2-c": BasisWords(
        marked("It may save a life where nobody can be asked for consent"), None, "c", SPECIAL
    ),
    "eu-gdpr:A9-2-d": BasisWords(
        marked("An association without profit uses it for its members and those in touch with it"), None, "d", SPECIAL
    ),
    "eu-gdpr:A9-2-e": BasisWords(marked("You have made it public yourself"), None, "e", SPECIAL),
    "eu-gdpr:A9-2-f": BasisWords(_ESTABLISHED, None, "f", SPECIAL),
    "eu-gdpr:A9-2-g": BasisWords(marked("The law allows it for a substantial public interest"), None, "g", SPECIAL),
    "eu-gdpr:A9-2-h": BasisWords(_HEALTH, None, "h", SPECIAL),
    "eu-gdpr:A9-2-i": BasisWords(marked("It is needed for public health"), None, "i", SPECIAL),
    "eu-gdpr:A9-2-j": BasisWords(marked("It is needed for archives, research or statistics"), None, "j", SPECIAL),
    "dpv:Consent": BasisWords(_CONSENT, _TAKE_BACK),
    "dpv:ExplicitConsent": BasisWords(_EXPRESS, _TAKE_BACK),
    "dpv:InformedConsent": BasisWords(_CONSENT, _TAKE_BACK),
    "dpv:ExplicitlyExpressedConsent": BasisWords(_EXPRESS, _TAKE_BACK),
    "dpv:Contract": BasisWords(_CONTRACT),
    "dpv:ContractPerformance": BasisWords(_CONTRACT),
    "dpv:EnterIntoContract": BasisWords(_STEPS),
    "dpv:LegalObligation": BasisWords(_LAW),
    "dpv:LegitimateInterest": BasisWords(_INTEREST, OBJECT),
    "dpv:LegitimateInterestOfController": BasisWords(_OWN_INTEREST, OBJECT),
    "dpv:LegitimateInterestOfThirdParty": BasisWords(_OTHERS_INTEREST, OBJECT),
    "dpv:OfficialAuthorityOfController": BasisWords(_AUTHORITY, OBJECT),
    "dpv:PublicInterest": BasisWords(_PUBLIC, OBJECT),
    "dpv:VitalInterest": BasisWords(_LIFE),
    "dpv:VitalInterestOfDataSubject": BasisWords(_YOUR_LIFE),
    "dpv:VitalInterestOfNaturalPerson": BasisWords(_LIFE),
}
