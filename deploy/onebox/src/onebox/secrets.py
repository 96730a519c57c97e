"""The secrets of this laptop's installation: made at the first start, kept in the data folder."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from shared.identifying import new_key

PROCESSES = ("security-info", "devices", "organizations", "privacy", "gateway")
SUBSCRIBER = "subscriber"
OPERATOR = "operator"
_MASTER_KEY_BYTES = 96
_TARGET_KEY_BYTES = 32


class Secrets:
    """Keep a master key, a database and a broker password per process, and the keys that sign tokens and proofs."""

    def __init__(self, folder: Path) -> None:
        """Read them from *folder*, or make them there, readable by their owner alone."""
        self._file = folder / "secrets.json"
        self._kept: dict[str, Any] = json.loads(self._file.read_text()) if self._file.exists() else {}
        made = {
            "master_keys": {name: secrets.token_hex(_MASTER_KEY_BYTES) for name in PROCESSES},
            "mongodb_passwords": {name: secrets.token_urlsafe(24) for name in PROCESSES},
            "broker_passwords": {name: secrets.token_urlsafe(24) for name in (*PROCESSES, SUBSCRIBER, OPERATOR)},
        }
        for kind, values in made.items():
            self._kept[kind] = {**values, **self._kept.get(kind, {})}
        self._kept.setdefault("webhook_secret", secrets.token_urlsafe(32))
        self._kept.setdefault("target_key", secrets.token_hex(_TARGET_KEY_BYTES))
        for kind in ("signing_key", "proof_key"):
            if kind not in self._kept:
                self._kept[kind] = new_key().as_dict(private=True)
        self._write()

    def master_key(self, process: str) -> str:
        """Give the key that seals *process*'s data keys, in hexadecimal."""
        return str(self._kept["master_keys"][process])

    @property
    def mongodb_passwords(self) -> Mapping[str, str]:
        """Give the password of each process's database user."""
        passwords: Mapping[str, str] = self._kept["mongodb_passwords"]
        return passwords

    @property
    def broker_passwords(self) -> Mapping[str, str]:
        """Give the password of each broker user."""
        passwords: Mapping[str, str] = self._kept["broker_passwords"]
        return passwords

    @property
    def signing_key(self) -> str:
        """Give the gateway's private key as a JSON Web Key."""
        return json.dumps(self._kept["signing_key"])

    @property
    def gateway_keys(self) -> str:
        """Give the gateway's public keys as a JSON Web Key Set."""
        return json.dumps({"keys": [OKPKey.import_key(self._kept["signing_key"]).as_dict(private=False)]})

    @property
    def proof_key(self) -> str:
        """Give the private key of security-info, which signs proofs, as a JSON Web Key."""
        return json.dumps(self._kept["proof_key"])

    @property
    def proof_keys(self) -> str:
        """Give its public key as a JSON Web Key Set."""
        return json.dumps({"keys": [OKPKey.import_key(self._kept["proof_key"]).as_dict(private=False)]})

    @property
    def webhook_secret(self) -> str:
        """Give what signs texts and calls on their way to the mailbox."""
        return str(self._kept["webhook_secret"])

    @property
    def target_key(self) -> str:
        """Give the key under which security-info counts letters to an address, in hexadecimal."""
        return str(self._kept["target_key"])

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(self._kept, indent=2))
        fresh.replace(self._file)
