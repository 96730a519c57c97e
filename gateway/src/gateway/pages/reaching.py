"""What is typed to say where codes are to go: a telephone number and how the code comes, or an e-mail address."""

from collections.abc import Mapping
from typing import Any

from gateway.countries import countries_of, likely
from gateway.language import zone_of
from gateway.pages.forms import typed
from gateway.visiting import Visit
from gateway.words import fault_detail
from shared.contracts import security_info as contract
from shared.telling.languages import locale_of

PHONE, EMAIL = "phone", "email"
REACHED = (PHONE, EMAIL)
"""The types of methods that a code is sent to."""
_FIELDS = {
    "/number": "number",
    "/number/typed": "number",
    "/number/country": "country",
    "/address": "address",
    "/way": "way",
}
_MEANT = {
    ("number", "too_short"): "telephone_number",
    ("number", "too_long"): "telephone_number",
    ("country", "string_pattern_mismatch"): "country_not_chosen",
    ("address", "value_error"): "email_address",
    ("address", "too_long"): "email_address",
}
"""What a fault of the form means to a person, whom its limits do not help."""


async def target_typed(visit: Visit, type_: str) -> dict[str, Any]:
    """Give what the form says of where codes are to go, as commands take it."""
    if type_ == EMAIL:
        return {"address": (await typed(visit, "address")).strip()}
    number = {"country": await typed(visit, "country"), "typed": (await typed(visit, "number")).strip()}
    return {"number": number, "way": await typed(visit, "way") or contract.WAYS[0]}


def faults_of_target(document: Mapping[str, Any], language: str) -> dict[str, str]:
    """Tell what is wrong with which field."""
    faults: dict[str, str] = {}
    for fault in document.get("errors") or ():
        name = _FIELDS.get(str(fault.get("pointer")))
        if name is not None:
            key = str(fault.get("key"))
            faults.setdefault(name, fault_detail({**fault, "key": _MEANT.get((name, key), key)}, language))
    return faults


def reach_of(visit: Visit, info: contract.SecurityInfo, type_: str) -> dict[str, Any]:
    """Give what the fields show: the countries to choose from, and the one to begin with."""
    if type_ != PHONE:
        return {}
    offered = next((offer.countries for offer in info.can_add if offer.type == PHONE), None)
    locale = locale_of(visit.language)
    countries = countries_of(offered or (), locale)
    zone, visited_from = zone_of(visit.request), visit.session.client.country
    return {"countries": countries, "likely": likely(countries, locale, zone, visited_from)}
