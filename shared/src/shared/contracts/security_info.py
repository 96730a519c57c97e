"""What security-info promises: the methods with which a person proves who they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.endpoint import Endpoint
from shared.contracts.event import Event
from shared.contracts.problem import Problem
from shared.contracts.wording import Answer, Code, Label, Request

MethodType = Literal["authenticator-app"]


class Method(Answer):
    """A method that counts; readers meet newer types and purposes than they know."""

    id: str
    type: str = Field(examples=["authenticator-app"])
    name: str
    purposes: tuple[str, ...] = Field(description="`two_step`, `password_reset`.")
    added_at: datetime
    is_default: bool


class Offer(Answer):
    """A type of method that can be added, and how many of it there may be."""

    type: str = Field(examples=["authenticator-app"])
    limit: int
    registered: int


class SecurityInfo(Answer):
    methods: tuple[Method, ...]
    default_method: str | None = Field(description="The id of the method that is asked for first.")
    can_add: tuple[Offer, ...]


class AddMethod(Request):
    type: MethodType
    name: Label | None = None


class AuthenticatorAppSetup(Answer):
    """What an authenticator app needs; shown to this person while the setup lasts and to nobody later."""

    method_id: str
    type: str = Field(examples=["authenticator-app"])
    name: str
    issuer: str
    account_name: str
    key: str = Field(description="The secret in Base32 (RFC 4648), in groups of four for typing.")
    uri: str = Field(description="The otpauth URI that the QR code holds.")
    qr_svg: str = Field(description="The QR code as an SVG image.")
    expires_at: datetime


class ConfirmMethod(Request):
    code: Code


class ChangeMethod(Request):
    name: Label


class SetDefaultMethod(Request):
    method_id: str = Field(min_length=1, max_length=64)


@dataclass(eq=False, kw_only=True)
class MethodNotFound(Problem):
    key: ClassVar[str] = "method_not_found"
    status: ClassVar[int] = 404


@dataclass(eq=False, kw_only=True)
class MethodLimitReached(Problem):
    key: ClassVar[str] = "method_limit_reached"
    status: ClassVar[int] = 409
    limit: int


@dataclass(eq=False, kw_only=True)
class MethodNotConfirmed(Problem):
    """Refuse to use a method whose setup is not finished."""

    key: ClassVar[str] = "method_not_confirmed"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class MethodConfirmedAlready(Problem):
    key: ClassVar[str] = "method_confirmed_already"
    status: ClassVar[int] = 409


@dataclass(eq=False, kw_only=True)
class CodeIncorrect(Problem):
    key: ClassVar[str] = "code_incorrect"
    status: ClassVar[int] = 422
    attempts_left: int


@dataclass(eq=False, kw_only=True)
class SetupEnded(Problem):
    """Refuse a setup that took too long or in which too many codes were tried; one starts again."""

    key: ClassVar[str] = "setup_ended"
    status: ClassVar[int] = 409
    reason: Literal["expired", "too_many_attempts"]


class MethodAdded(Event):
    """A method was set up and confirmed; from now on it counts."""

    wire: ClassVar[str] = "profile.security-info.method.added.v1"
    tells_person: ClassVar[bool] = True
    method_id: str
    method_type: str
    name: str


class MethodRenamed(Event):
    """A method was given another name."""

    wire: ClassVar[str] = "profile.security-info.method.renamed.v1"
    method_id: str
    method_type: str
    name: str
    previous_name: str


class MethodRemoved(Event):
    """A method was removed and counts no more."""

    wire: ClassVar[str] = "profile.security-info.method.removed.v1"
    tells_person: ClassVar[bool] = True
    method_id: str
    method_type: str
    name: str


class MethodSetupFailed(Event):
    """Too many wrong codes were tried while a method was set up."""

    wire: ClassVar[str] = "profile.security-info.method.setup-failed.v1"
    method_type: str


class DefaultMethodChanged(Event):
    """Another method is asked for first, or none where the last one was removed."""

    wire: ClassVar[str] = "profile.security-info.default-method.changed.v1"
    method_id: str | None
    method_type: str | None
    name: str | None


GET_SECURITY_INFO = Endpoint(
    name="getSecurityInfo",
    summary="List the methods of security info, the default one, and what can be added",
    method="GET",
    path="/security-info",
    response=SecurityInfo,
)
ADD_METHOD = Endpoint(
    name="addMethod",
    summary="Start the setup of a method; it counts once it is confirmed",
    method="POST",
    path="/security-info/methods",
    request=AddMethod,
    response=AuthenticatorAppSetup,
    status=201,
    # Sent again, it shows the setup that it started, which may have come to an end meanwhile.
    problems=(MethodLimitReached, MethodNotFound, MethodConfirmedAlready, SetupEnded),
    fresh=True,
)
GET_SETUP = Endpoint(
    name="getMethodSetup",
    summary="Show a setup that is under way again",
    method="GET",
    path="/security-info/methods/{method_id}/setup",
    response=AuthenticatorAppSetup,
    problems=(MethodNotFound, MethodConfirmedAlready, SetupEnded),
    exposed=False,
    fresh=True,
)
CONFIRM_METHOD = Endpoint(
    name="confirmMethod",
    summary="Finish a setup with a code that the method shows",
    method="POST",
    path="/security-info/methods/{method_id}/confirm",
    request=ConfirmMethod,
    response=Method,
    problems=(MethodNotFound, MethodConfirmedAlready, MethodLimitReached, CodeIncorrect, SetupEnded),
)
CHANGE_METHOD = Endpoint(
    name="changeMethod",
    summary="Give a method another name",
    method="PATCH",
    path="/security-info/methods/{method_id}",
    request=ChangeMethod,
    response=Method,
    problems=(MethodNotFound, MethodNotConfirmed),
)
REMOVE_METHOD = Endpoint(
    name="removeMethod",
    summary="Remove a method, or give a setup up",
    method="DELETE",
    path="/security-info/methods/{method_id}",
    status=204,
    problems=(MethodNotFound,),
)
SET_DEFAULT_METHOD = Endpoint(
    name="setDefaultMethod",
    summary="Choose the method that is asked for first",
    method="PUT",
    path="/security-info/default-method",
    request=SetDefaultMethod,
    response=SecurityInfo,
    problems=(MethodNotFound, MethodNotConfirmed),
)

ENDPOINTS = (
    GET_SECURITY_INFO,
    ADD_METHOD,
    GET_SETUP,
    CONFIRM_METHOD,
    CHANGE_METHOD,
    REMOVE_METHOD,
    SET_DEFAULT_METHOD,
)
EVENTS = (MethodAdded, MethodRenamed, MethodRemoved, MethodSetupFailed, DefaultMethodChanged)
