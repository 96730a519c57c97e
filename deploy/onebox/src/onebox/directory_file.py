"""A directory in a YAML file: organizations, accounts, memberships, devices and their recovery keys."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, PrivateAttr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from onebox.directory_entries import AccountEntry
from onebox.directory_moments import resolved
from onebox.directory_privacy import OrganizationEntry
from onebox.processes import SetupError
from shared.contracts.endpoint import ACCOUNT
from shared.contracts.privacy import SignInLine
from shared.contracts.wording import Email, Identifier, Label, Request, Text
from shared.facts import now

_WORDS = {
    "extra_forbidden": "is not known here",
    "missing": "is missing",
    "string_type": "is to be text: numbers, dates, yes and no need quotes",
    "model_type": "is to be a mapping",
    "dict_type": "is to be a mapping",
    "tuple_type": "is to be a list",
    "literal_error": "is to be {expected}",
    "string_too_short": "is empty",
    "string_too_long": "has more than {max_length} characters",
    "too_long": "has more than {max_length} entries",
    "too_short": "has less than {min_length} entries",
    "greater_than_equal": "is to be {ge} or more",
    "less_than_equal": "is to be {le} or less",
    "bool_parsing": "is to be true or false",
    "string_pattern_mismatch": "has characters that are not taken there",
    "timezone_aware": "needs a time zone, such as Z",
    "datetime_from_date_parsing": "is to be a moment, or how long ago it was, such as -PT5H",
}
_VALUES = {
    "unreachable": "needs an email, a telephone or a page",
    "characters": "has nothing to see or characters that are not taken",
    "web_address": "is to be an https address",
    "more_asked_than_registered": "asks more questions than are registered",
    "too_few_questions": "leaves fewer questions to choose from than are registered",
    "repeated": "has one id twice",
    "nobody_to_ask": "lets nobody leave and names no contact of the role that is to be asked",
    "picture": "is to be the path of a picture that can be read, seen from the folder of this file",
    "text": "needs a file with the text that can be read, seen from the folder of this file",
}
Step = int | str
Place = Sequence[Step]


class Person(Request):
    """Someone whom onebox's identity provider can sign in; the portal is told nothing of it."""

    given_name: Text
    family_name: Text
    email: Email
    situation: str = Field(default="", max_length=100)


class Directory(Request):
    """What stands in the file."""

    people: dict[Label, Person] = Field(default={})
    organizations: dict[Identifier, OrganizationEntry] = Field(default={})
    accounts: dict[Annotated[str, StringConstraints(pattern=ACCOUNT)], AccountEntry] = Field(default={})
    sign_ins: tuple[SignInLine, ...] = Field(default=())
    _digest: str = PrivateAttr(default="")

    @property
    def digest(self) -> str:
        """Give the digest of what is put in, as it stands in the file: the same tomorrow, however long ago it tells."""
        return self._digest


def read(file: Path) -> Directory:
    """Read a directory; SetupError says in one sentence what is wrong with it, and where."""
    try:
        return parsed(file.read_bytes(), file.name, folder=file.parent)
    except OSError as error:
        raise SetupError(f"{file} cannot be read: {error.strerror}.") from None


def parsed(content: bytes, name: str, *, folder: Path = Path()) -> Directory:
    """Read a directory from the *content* of the file of this *name*, and its pictures from the *folder*."""
    loader = None
    try:
        loader = yaml.SafeLoader(content)
        root = loader.get_single_node()
        if root is None:
            raise SetupError(f"{name} is empty.")
        _refuse_doubles(root, set())
        known = loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise SetupError(f"{name}{line} is not YAML that can be read: {error.problem}.") from None
    except yaml.YAMLError:
        raise SetupError(f"{name} is not YAML that can be read: it has bytes that are no text.") from None
    finally:
        if loader:
            loader.dispose()
    try:
        directory = Directory.model_validate(resolved(known, now()), context=folder)
        directory._digest = _digest(known, directory)  # noqa: SLF001 - only who reads the file knows what stands in it
        mistakes = list(_strangers(directory))
    except ValidationError as error:
        mistakes = [(one["loc"], _said(one)) for one in error.errors(include_url=False, include_input=False)]
    if mistakes:
        raise SetupError(_sentence(name, root, mistakes))
    return directory


def _digest(known: Mapping[str, Any], directory: Directory) -> str:
    stands = json.dumps({name: part for name, part in known.items() if name != "people"}, default=str, sort_keys=True)
    beside = directory.model_dump_json(
        include={"organizations": {"__all__": {"terms"}}, "accounts": {"__all__": {"picture"}}}
    )
    return hashlib.sha256(f"{stands}\n{beside}".encode()).hexdigest()


def _refuse_doubles(node: yaml.Node, seen: set[int]) -> None:
    """Refuse a key that stands twice in one mapping, of which YAML's loader takes the last without a word."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        keys: set[Any] = set()
        for key, value in node.value:
            if key.value in keys and isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem=f"“{key.value}” stands there twice", problem_mark=key.start_mark)
            keys.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
            _refuse_doubles(value, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubles(value, seen)


def _strangers(directory: Directory) -> Iterator[tuple[Place, str]]:
    """Find references to what is not in the file."""
    for name, account in directory.accounts.items():
        of = ("accounts", name)
        if account.home_organization not in directory.organizations:
            yield (*of, "home_organization"), "is none of the organizations"
        for organization_id in account.memberships:
            if organization_id not in directory.organizations:
                yield (*of, "memberships", organization_id), "is none of the organizations"
        for device_id, device in account.devices.items():
            if device.organization_id not in account.belongs_to:
                yield (*of, "devices", device_id, "organization_id"), "is no organization of the account"
        yield from _strange_services(directory, account, (*of, "services"))
    for place, sign_in in enumerate(directory.sign_ins):
        known = directory.accounts.get(sign_in.account)
        if known is None:
            yield ("sign_ins", place, "account"), "is none of the accounts"
        elif sign_in.organization_id not in known.belongs_to:
            yield ("sign_ins", place, "organization_id"), "is no organization of the account"


def _strange_services(directory: Directory, account: AccountEntry, of: Place) -> Iterator[tuple[Place, str]]:
    for organization_id, connections in account.services.items():
        if organization_id not in account.belongs_to:
            yield (*of, organization_id), "is no organization of the account"
            continue
        declared = directory.organizations.get(organization_id)
        for service_id in connections:
            if declared and service_id not in declared.services:
                yield (*of, organization_id, service_id), "is none of the organization's services"


def _said(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "value_error" and (words := _VALUES.get(str(context.get("error")))):
        return words
    if words := _WORDS.get(error["type"]):
        return words.format_map(context)
    return f"is not right ({error['msg']})"


def _sentence(name: str, root: yaml.Node, mistakes: Sequence[tuple[Place, str]]) -> str:
    place, words = mistakes[0]
    steps = [str(step) for step in place if step != "[key]"]
    others = f", and there are {len(mistakes) - 1} more mistakes" if len(mistakes) > 1 else ""
    return f"{name}, line {_line(root, place)}: {' > '.join(steps) or 'the file'} {words}{others}."


def _line(node: yaml.Node, place: Place) -> int:
    """Find the line of a place, or of what is nearest above it where the place itself is missing."""
    line = node.start_mark.line
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line
    return int(line) + 1
