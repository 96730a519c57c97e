"""The types of methods: one file each, pure."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from security_info.methods import (
    app_password,
    authenticator_app,
    email,
    phone,
    recovery_codes,
    security_key,
    security_questions,
)
from security_info.methods.app_password import AppPassword
from security_info.methods.authenticator_app import AuthenticatorApp
from security_info.methods.email import Email
from security_info.methods.kind import Kind, Method, UnknownMethod
from security_info.methods.phone import Phone
from security_info.methods.reachable import Reachable
from security_info.methods.recovery_codes import RecoveryCodes
from security_info.methods.security_key import SecurityKey
from security_info.methods.security_questions import SecurityQuestions

__all__ = [
    "KINDS",
    "AnyMethod",
    "AppPassword",
    "AuthenticatorApp",
    "Email",
    "Kind",
    "Method",
    "Phone",
    "Reachable",
    "RecoveryCodes",
    "SecurityKey",
    "SecurityQuestions",
    "UnknownMethod",
    "kind_of",
]

KINDS: Mapping[str, Kind] = {
    module.KIND.type: module.KIND
    for module in (authenticator_app, security_key, phone, recovery_codes, email, security_questions, app_password)
}
"""In the order in which they are offered."""


def _tag(value: Any) -> str:
    type_ = value.get("type") if isinstance(value, Mapping) else getattr(value, "type", None)
    return str(type_) if type_ in KINDS else "unknown"


AnyMethod = Annotated[
    Annotated[AuthenticatorApp, Tag("authenticator-app")]
    | Annotated[SecurityKey, Tag("security-key")]
    | Annotated[Phone, Tag("phone")]
    | Annotated[Email, Tag("email")]
    | Annotated[SecurityQuestions, Tag("security-questions")]
    | Annotated[AppPassword, Tag("app-password")]
    | Annotated[RecoveryCodes, Tag("recovery-codes")]
    | Annotated[UnknownMethod, Tag("unknown")],
    Discriminator(_tag),
]


def kind_of(method: Method) -> Kind:
    """Give the type of a method."""
    return KINDS[method.type]
