"""Which attestations of security keys are believed: those that lead to a root that the operator trusts. Pure."""

from collections.abc import Mapping

from cryptography.x509 import ExtensionNotFound, ObjectIdentifier, UnrecognizedExtension, load_der_x509_certificate
from webauthn.helpers.structs import AttestationFormat, AttestationObject

from shared.contracts.security_info import CredentialRefused

_OF_THEIR_OWN = frozenset({AttestationFormat.APPLE, AttestationFormat.ANDROID_KEY})
"""Formats that the library checks by roots which it brings along."""
_BY_ROOTS = (AttestationFormat.PACKED, AttestationFormat.FIDO_U2F, AttestationFormat.TPM)
_MODEL = ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
"""The certificate's extension that names the model (WebAuthn, section 8.2.1)."""
_OCTET_STRING = b"\x04\x10"


def roots_by_format(roots: tuple[bytes, ...]) -> Mapping[AttestationFormat, list[bytes]]:
    """Give the roots as the library takes them, for each format that needs some."""
    return {format_: list(roots) for format_ in _BY_ROOTS}


def refuse_unbelievable(told: AttestationObject, roots: tuple[bytes, ...]) -> None:
    """Raise `CredentialRefused` for an attestation that says nothing more than the key itself could.

    None at all, a key's signature of its own, a chain that there are no roots for, or a certificate of another model;
    the library has checked the rest, or will.
    """
    if told.fmt in _OF_THEIR_OWN:
        return
    chain = told.att_stmt.x5c
    if told.fmt not in _BY_ROOTS or not chain or not roots:
        raise CredentialRefused(reason="attestation")
    try:
        named = load_der_x509_certificate(chain[0]).extensions.get_extension_for_oid(_MODEL).value
    except ExtensionNotFound:
        return
    except ValueError as error:
        raise CredentialRefused(reason="attestation") from error
    attested = told.auth_data.attested_credential_data
    model = attested.aaguid if attested else b""
    if not isinstance(named, UnrecognizedExtension) or named.value != _OCTET_STRING + model:
        raise CredentialRefused(reason="attestation")
