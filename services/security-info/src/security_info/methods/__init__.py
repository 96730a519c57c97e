"""The types of methods: one file each, pure."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from security_info.methods import app_password, authenticator_app, recovery_codes, security_key, security_questions
from security_info.methods.app_password import AppPassword
from security_info.methods.authenticator_app import AuthenticatorApp
from security_info.methods.kind import Kind, Method
from security_info.methods.recovery_codes import RecoveryCodes
from security_info.methods.security_key import SecurityKey
from security_info.methods.security_questions import SecurityQuestions

__all__ = [
    "KINDS",
    "AnyMethod",
    "AppPassword",
    "AuthenticatorApp",
    "Kind",
    "Method",
    "RecoveryCodes",
    "SecurityKey",
    "SecurityQuestions",
    "kind_of",
]

AnyMethod = Annotated[
    AuthenticatorApp | SecurityKey | SecurityQuestions | AppPassword | RecoveryCodes, Field(discriminator="type")
]
KINDS: Mapping[str, Kind] = {
    module.KIND.type: module.KIND
    for module in (authenticator_app, security_key, recovery_codes, security_questions, app_password)
}
"""In the order in which they are offered."""


def kind_of(method: Method) -> Kind:
    """Give the type of a method."""
    return KINDS[method.type]
