"""Plain words for why data may be used: the bases of GDPR, Article 6 (1), as the Data Privacy Vocabulary names them."""

from dataclasses import dataclass

from shared.telling.message import Message, marked


@dataclass(frozen=True, slots=True)
class BasisWords:
    """Why data may be used, what one can do about it, and by which letter of Article 6 (1)."""

    label: Message
    right: Message | None = None
    letter: str | None = None


_CONSENT = marked("You have agreed to it")
_TAKE_BACK = marked("You can take that back at any time.")
_OBJECT = marked("You can object to it.")
_CONTRACT = marked("It is needed for a contract with you")
_LAW = marked("The law requires it")
_LIFE = marked("It may save a life")
_YOUR_LIFE = marked("It may save your life")
_PUBLIC = marked("It is a task in the public interest")
_AUTHORITY = marked("It is part of exercising official authority")
_INTEREST = marked("There is a legitimate interest in it that weighs more than yours")
_OTHERS_INTEREST = marked("Somebody else has a legitimate interest in it that weighs more than yours")
_OWN_INTEREST = marked("The organization has a legitimate interest in it that weighs more than yours")

CITED = marked("GDPR, Article 6 (1) (%(letter)s)")

BASES: dict[str, BasisWords] = {
    "eu-gdpr:A6-1-a": BasisWords(_CONSENT, _TAKE_BACK, "a"),
    "eu-gdpr:A6-1-a-explicit-consent": BasisWords(marked("You have expressly agreed to it"), _TAKE_BACK, "a"),
    "eu-gdpr:A6-1-a-non-explicit-consent": BasisWords(_CONSENT, _TAKE_BACK, "a"),
    "eu-gdpr:A6-1-b": BasisWords(_CONTRACT, None, "b"),
    "eu-gdpr:A6-1-b-contract-performance": BasisWords(_CONTRACT, None, "b"),
    "eu-gdpr:A6-1-b-enter-into-contract": BasisWords(marked("You asked for steps that lead to a contract"), None, "b"),
    "eu-gdpr:A6-1-c": BasisWords(_LAW, None, "c"),
    "eu-gdpr:A6-1-d": BasisWords(_LIFE, None, "d"),
    "eu-gdpr:A6-1-d-data-subject": BasisWords(_YOUR_LIFE, None, "d"),
    "eu-gdpr:A6-1-d-natural-person": BasisWords(marked("It may save the life of somebody else"), None, "d"),
    "eu-gdpr:A6-1-e": BasisWords(marked("It is a public task"), _OBJECT, "e"),
    "eu-gdpr:A6-1-e-official-authority": BasisWords(_AUTHORITY, _OBJECT, "e"),
    "eu-gdpr:A6-1-e-public-interest": BasisWords(_PUBLIC, _OBJECT, "e"),
    "eu-gdpr:A6-1-f": BasisWords(_INTEREST, _OBJECT, "f"),
    "eu-gdpr:A6-1-f-controller": BasisWords(_OWN_INTEREST, _OBJECT, "f"),
    "eu-gdpr:A6-1-f-third-party": BasisWords(_OTHERS_INTEREST, _OBJECT, "f"),
    "dpv:Consent": BasisWords(_CONSENT, _TAKE_BACK),
    "dpv:Contract": BasisWords(_CONTRACT),
    "dpv:ContractPerformance": BasisWords(_CONTRACT),
    "dpv:LegalObligation": BasisWords(_LAW),
    "dpv:LegitimateInterest": BasisWords(_INTEREST, _OBJECT),
    "dpv:LegitimateInterestOfController": BasisWords(_OWN_INTEREST, _OBJECT),
    "dpv:LegitimateInterestOfThirdParty": BasisWords(_OTHERS_INTEREST, _OBJECT),
    "dpv:OfficialAuthorityOfController": BasisWords(_AUTHORITY, _OBJECT),
    "dpv:PublicInterest": BasisWords(_PUBLIC, _OBJECT),
    "dpv:VitalInterest": BasisWords(_LIFE),
    "dpv:VitalInterestOfDataSubject": BasisWords(_YOUR_LIFE),
}
