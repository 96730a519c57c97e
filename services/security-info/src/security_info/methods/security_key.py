"""Security keys and passkeys (WebAuthn Level 3), checked by py_webauthn."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorData,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from security_info.methods.attestations import refuse_unbelievable, roots_by_format
from security_info.methods.kind import Kind, Method
from shared.contracts.security_info import CredentialRefused

KIND = Kind(
    type="security-key",
    limit=10,
    purposes=("two_step", "password_reset"),
    counts_for=frozenset({"two_step", "password_reset"}),
    names={"en": "Security key", "sv": "Säkerhetsnyckel"},
    proves=True,
    can_be_default=True,
)
ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
CHALLENGE_BYTES = 32
_TIMEOUT = 120_000
"""Milliseconds that a browser waits for the person."""
_MOST_TRANSPORTS = 8
_LONGEST_TRANSPORT = 20
_LONGEST_ID = 1023
"""Bytes (WebAuthn, section 7.1)."""
_RESIDENT = {
    True: ResidentKeyRequirement.REQUIRED,
    False: ResidentKeyRequirement.DISCOURAGED,
    None: ResidentKeyRequirement.PREFERRED,
}

Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who we are to a key: the domain of credentials, our pages' origins, and the roots (PEM) of makers we trust."""

    id: str
    name: str
    origins: tuple[str, ...]
    attestation_roots: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyRules:
    """What organizations ask of keys; no *allowed_models* allows every one."""

    attestation: bool = False
    user_verification: bool = False
    allowed_models: frozenset[str] | None = None

    @property
    def asks_for_attestation(self) -> bool:
        """Tell whether a key has to show that it is what it says: to choose by models, too, one must believe them."""
        return self.attestation or self.allowed_models is not None


class SecurityKey(Method):
    """A security key; *challenge* is what its registration answers."""

    type: Literal["security-key"] = "security-key"
    challenge: bytes
    wants_discoverable: bool | None = None
    credential_id: bytes = b""
    public_key: bytes = b""
    sign_count: int = 0
    aaguid: str = ""
    attachment: str | None = None
    transports: tuple[str, ...] = ()
    discoverable: bool | None = None
    synced: bool = False
    user_verified: bool = False
    attestation: str = "none"

    def registered(
        self, credential: Mapping[str, Any], party: RelyingParty, rules: KeyRules, others: Iterable["SecurityKey"]
    ) -> "SecurityKey":
        """Give the key with the *credential* that it made, or raise `CredentialRefused` (WebAuthn, section 7.1)."""
        made = _read(lambda: parse_registration_credential_json(dict(credential)))
        told = _read(lambda: parse_attestation_object(made.response.attestation_object))
        _check(made.response.client_data_json, told.auth_data, self.challenge, party, rules)
        attested = told.auth_data.attested_credential_data
        if attested is None:
            raise CredentialRefused(reason="malformed")
        if len(attested.credential_id) > _LONGEST_ID:
            raise CredentialRefused(reason="malformed")
        key = _read(lambda: decode_credential_public_key(attested.credential_public_key))
        if key.alg not in ALGORITHMS:
            raise CredentialRefused(reason="algorithm")
        _read(lambda: decoded_public_key_to_cryptography(key))  # or it could never answer
        if rules.asks_for_attestation:
            refuse_unbelievable(told, party.attestation_roots)
        try:
            verified = verify_registration_response(
                credential=made,
                expected_challenge=self.challenge,
                expected_rp_id=party.id,
                expected_origin=list(party.origins),
                require_user_verification=rules.user_verification,
                supported_pub_key_algs=ALGORITHMS,
                pem_root_certs_bytes_by_fmt=(
                    roots_by_format(party.attestation_roots) if rules.asks_for_attestation else None
                ),
            )
        # Statements and certificates are anything at all, too.
        except Exception as error:
            raise CredentialRefused(reason="attestation") from error
        if rules.allowed_models is not None and verified.aaguid not in rules.allowed_models:
            raise CredentialRefused(reason="model")
        if any(other.credential_id == verified.credential_id for other in others):
            raise CredentialRefused(reason="registered")
        return self.with_changes(
            credential_id=verified.credential_id,
            public_key=verified.credential_public_key,
            sign_count=verified.sign_count,
            aaguid=verified.aaguid,
            attachment=str(made.authenticator_attachment.value) if made.authenticator_attachment else None,
            transports=_transports(credential),
            discoverable=_discoverable(credential),
            synced=verified.credential_backed_up,
            user_verified=verified.user_verified,
            attestation=AttestationFormat(verified.fmt).value,
        )

    def answered(
        self, credential: Mapping[str, Any], challenge: bytes, party: RelyingParty, rules: KeyRules
    ) -> "SecurityKey":
        """Give the key after it answered a *challenge*, or raise `CredentialRefused` (WebAuthn, section 7.2)."""
        given = _read(lambda: parse_authentication_credential_json(dict(credential)))
        if given.raw_id != self.credential_id:
            raise CredentialRefused(reason="other_key")
        told = _read(lambda: parse_authenticator_data(given.response.authenticator_data))
        _check(given.response.client_data_json, told, challenge, party, rules)
        try:
            verified = verify_authentication_response(
                credential=given,
                expected_challenge=challenge,
                expected_rp_id=party.id,
                expected_origin=list(party.origins),
                credential_public_key=self.public_key,
                credential_current_sign_count=0,  # compared below: only a signed count says anything
                require_user_verification=rules.user_verification,
            )
        # So is a signature.
        except Exception as error:
            raise CredentialRefused(reason="signature") from error
        count = verified.new_sign_count
        if (count or self.sign_count) and count <= self.sign_count:
            raise CredentialRefused(reason="sign_count")
        return self.with_changes(
            sign_count=count, synced=verified.credential_backed_up, user_verified=verified.user_verified
        )


def creation_options(
    key: SecurityKey,
    party: RelyingParty,
    rules: KeyRules,
    *,
    user_handle: bytes,
    user_name: str,
    others: Iterable[SecurityKey],
) -> dict[str, Any]:
    """Give `PublicKeyCredentialCreationOptionsJSON`; keys that are registered already are left out."""
    verification = UserVerificationRequirement.REQUIRED
    if not rules.user_verification:
        verification = UserVerificationRequirement.PREFERRED
    resident = _RESIDENT[key.wants_discoverable]
    asks = rules.asks_for_attestation
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user_handle,
        user_name=user_name,
        challenge=key.challenge,
        timeout=_TIMEOUT,
        attestation=AttestationConveyancePreference.DIRECT if asks else AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(resident_key=resident, user_verification=verification),
        exclude_credentials=[_descriptor(other) for other in others],
        supported_pub_key_algs=ALGORITHMS,
    )
    return {**options_to_json_dict(options), "extensions": {"credProps": True}}


def request_options(key: SecurityKey, challenge: bytes, party: RelyingParty, rules: KeyRules) -> dict[str, Any]:
    """Give `PublicKeyCredentialRequestOptionsJSON` for one key."""
    verification = UserVerificationRequirement.PREFERRED
    if rules.user_verification:
        verification = UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=_TIMEOUT,
        allow_credentials=[_descriptor(key)],
        user_verification=verification,
    )
    return options_to_json_dict(options)


def _check(client_data: bytes, told: AuthenticatorData, challenge: bytes, party: RelyingParty, rules: KeyRules) -> None:
    """Name what does not hold, which the library tells in prose only; it checks the same once more."""
    client = _read(lambda: parse_client_data_json(client_data))
    if client.challenge != challenge:
        raise CredentialRefused(reason="challenge")
    if client.origin not in party.origins:
        raise CredentialRefused(reason="origin")
    if told.rp_id_hash != hashlib.sha256(party.id.encode()).digest():
        raise CredentialRefused(reason="relying_party")
    if rules.user_verification and not told.flags.uv:
        raise CredentialRefused(reason="user_verification")


def _read(parse: Callable[[], Checked]) -> Checked:
    try:
        return parse()
    # What a browser sends is anything at all to the parsers, which fail in as many ways.
    except Exception as error:
        raise CredentialRefused(reason="malformed") from error


def _descriptor(key: SecurityKey) -> PublicKeyCredentialDescriptor:
    known = {transport.value for transport in AuthenticatorTransport}
    transports = [AuthenticatorTransport(name) for name in key.transports if name in known]
    return PublicKeyCredentialDescriptor(id=key.credential_id, transports=transports or None)


def _transports(credential: Mapping[str, Any]) -> tuple[str, ...]:
    """Read transports, of which there may be newer ones than anyone here knows."""
    told = _member(_member(credential, "response"), "transports")
    names = told if isinstance(told, list) else ()
    return tuple(
        name for name in names if isinstance(name, str) and name.isascii() and len(name) <= _LONGEST_TRANSPORT
    )[:_MOST_TRANSPORTS]


def _discoverable(credential: Mapping[str, Any]) -> bool | None:
    told = _member(_member(_member(credential, "clientExtensionResults"), "credProps"), "rk")
    return told if isinstance(told, bool) else None


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
