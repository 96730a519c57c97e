"""Makers of security keys: a root of their own, and certificates for models."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

_MODEL = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class KeyMaker:
    """A maker that certifies models."""

    name: str = "Key maker"
    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key, repr=False)

    @property
    def root(self) -> bytes:
        """Give the root certificate in PEM."""
        return self._certificate(self.name, self.key, None, ca=True).public_bytes(Encoding.PEM)

    def certify(self, model: bytes | None) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
        """Make an attestation key and its certificate (DER); it names the model, where there is one."""
        key = _new_key()
        return key, self._certificate("Attestation", key, model, ca=False).public_bytes(Encoding.DER)

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, model: bytes | None, *, ca: bool
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(self.name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if model is not None:
            made = made.add_extension(x509.UnrecognizedExtension(_MODEL, b"\x04\x10" + model), critical=False)
        return made.sign(self.key, SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


MAKER = KeyMaker()
"""The maker whose attestations the portals of the tests trust."""
