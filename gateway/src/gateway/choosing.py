"""What a person could add to security info, and why not where it cannot be: a rule over what the service tells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from shared.contracts.security_info import Method, Offer, Requirement, SecurityInfo

RECOVERY_CODES = "recovery-codes"
FEW_CODES = 3
"""With so many recovery codes left, or fewer, new ones are recommended."""
GROUPS = ("two_step", "password_reset", RECOVERY_CODES, "apps", "others")
"""In the order in which methods are shown."""

State = Literal["open", "there", "full", "unfit", "barred"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A type that can be added, or why not: *there* already, *full*, *unfit* as a replacement, or *barred*."""

    type: str
    state: State
    limit: int = 0
    replaces: str | None = None
    """The method in whose place it would come: the one that is to be replaced, or the only one that there can be."""
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What an organization asks for one purpose, and whether there is as much."""

    told: Requirement
    types: tuple[str, ...]
    registered: int

    @property
    def met(self) -> bool:
        """Tell whether there is as much as it asks for."""
        return self.registered >= self.told.required


def choices(info: SecurityInfo, replaced: Method | None = None) -> tuple[Choice, ...]:
    """Give every type, those that can be added first."""
    found = [_choice(info, offer, replaced) for offer in info.can_add]
    names = names_of(info)
    barred = (
        Choice(type=one.type, state="barred", organizations=tuple(names.get(id_, id_) for id_ in one.organizations))
        for one in info.not_offered
    )
    return (*sorted(found, key=lambda choice: choice.state not in {"open", "there"}), *barred)


def groups(info: SecurityInfo) -> tuple[tuple[str, tuple[Method, ...]], ...]:
    """Give the methods by what they are for; groups without any are left out."""
    by_name = {name: tuple(one for one in info.methods if _group_of(one) == name) for name in GROUPS}
    return tuple((name, methods) for name, methods in by_name.items() if methods)


def asks(info: SecurityInfo) -> tuple[tuple[str, tuple[Ask, ...]], ...]:
    """Give what each organization asks for, by its name; those of which something is missing come first."""
    known = {*(offer.type for offer in info.can_add), *(one.type for one in info.not_offered)}
    registered = {need.purpose: need.registered for need in info.needs}
    by_id: dict[str, list[Ask]] = {}
    for told in info.requirements:
        if told.organization_id:
            types = tuple(type_ for type_ in told.methods if type_ in known)
            by_id.setdefault(told.organization_id, []).append(Ask(told, types, registered.get(told.purpose, 0)))
    listed = [(several[0].told.organization_name, tuple(several)) for several in by_id.values()]
    return tuple(sorted(listed, key=lambda one: _rank(one[1])))


def reasons(info: SecurityInfo, method: Method) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Tell why a method can only be replaced: for which purposes, how much is required, and which organizations do."""
    names = names_of(info)
    for need in info.needs:
        if need.purpose in method.needed_for:
            yield need.purpose, need.required, tuple(names.get(id_, id_) for id_ in need.organizations)


def names_of(info: SecurityInfo) -> dict[str, str]:
    """Give what the organizations are called, by their ids."""
    return {told.organization_id: told.organization_name for told in info.requirements}


def _choice(info: SecurityInfo, offer: Offer, replaced: Method | None) -> Choice:
    same = replaced is not None and replaced.type == offer.type
    replaces = replaced.id if replaced else None
    if replaced and not same and not _can_stand_in(offer, replaced):
        return Choice(offer.type, "unfit", offer.limit, replaces)
    if offer.registered - same < offer.limit:
        return Choice(offer.type, "open", offer.limit, replaces)
    if offer.limit == 1 and replaced is None:
        only = next((method.id for method in info.methods if method.type == offer.type), None)
        return Choice(offer.type, "there", offer.limit, only)
    return Choice(offer.type, "full", offer.limit, replaces)


def _can_stand_in(offer: Offer, replaced: Method) -> bool:
    """Tell whether a type serves what is required of another, and some of what it served; recovery codes only help out.

    What serves nothing any more can be replaced by anything.
    """
    serves = set(offer.purposes)
    shares = not replaced.purposes or bool(serves & set(replaced.purposes))
    return offer.type != RECOVERY_CODES and shares and set(replaced.needed_for) <= serves


def _group_of(method: Method) -> str:
    purposes = method.purposes or tuple(method.barred_by)
    if method.type == RECOVERY_CODES:
        return RECOVERY_CODES
    return next((name for name in GROUPS if name in purposes), "others")


def _rank(several: Sequence[Ask]) -> int:
    if any(not ask.met for ask in several):
        return 0
    return 1 if any(ask.told.required for ask in several) else 2
