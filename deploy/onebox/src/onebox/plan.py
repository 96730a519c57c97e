"""What each process is told on a laptop, as it would be by its environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import organizations.app
import security_info.app
from onebox.mailbox import Mailbox
from onebox.mongodb import MongoDB
from onebox.mongodb_users import create_users, database_of
from onebox.ports import HOST
from onebox.provider import Provider
from onebox.rabbitmq import RabbitMQ
from onebox.secrets import Secrets
from onebox.systems import bindings

PHONE_COUNTRIES = ("SE", "NO", "DK", "FI", "DE", "GB", "US")
_WRITING = {security_info.app.NAME, organizations.app.NAME}


class Plan:
    """Give each process the settings that it would get from its environment."""

    def __init__(
        self,
        secrets: Secrets,
        mongodb: MongoDB,
        rabbitmq: RabbitMQ | None,
        *,
        attestation_roots: Path | None = None,
        mailbox: Mailbox | None = None,
        writing: Mapping[str, Any] | None = None,
    ) -> None:
        """Write to people into *mailbox*; without one, letters to them are given up. *writing* are settings of that."""
        self._secrets = secrets
        self._mailbox = mailbox
        self._more_of_writing = writing or {}
        self._attestation_roots = attestation_roots
        self._mongodb = mongodb
        self._rabbitmq = rabbitmq
        self._one_user = "AMQP_URL" in os.environ

    def process(self, name: str) -> dict[str, Any]:
        """Give what every process that owns data is told."""
        return {
            "mongo_url": self.mongo_url(name, database_of(name)),
            "mongo_driver": os.environ.get("MONGO_DRIVER", "pymongo"),
            "amqp_url": self.broker_url(name) or "amqp://none",
            "one_broker_user": self._one_user,
            "local_master_key": self._secrets.master_key(name),
            "allow_old_mongodb": True,
        }

    def service(self, name: str, *, gateway_port: int = 8080) -> dict[str, Any]:
        """Give what a service is told; keys are registered for the pages on *gateway_port*."""
        told = {
            **self.process(name),
            "gateway_keys": self._secrets.gateway_keys,
            "proof_keys": self._secrets.proof_keys,
            "port": 0,
        }
        if name in _WRITING:
            told |= self._writing(gateway_port)
        if name == security_info.app.NAME:
            told |= {
                "target_key": self._secrets.target_key,
                "phone_countries": PHONE_COUNTRIES,
                "proof_key": self._secrets.proof_key,
                "relying_party_id": "localhost",
                "origins": (address(gateway_port),),
            }
            if self._attestation_roots:
                told["attestation_roots"] = str(self._attestation_roots)
        return told

    def _writing(self, gateway_port: int) -> dict[str, Any]:
        """Give what a service is told that writes to people."""
        told = {
            "portal_url": address(gateway_port),
            "brand_name": "My Profile",
            "time_zone": "Europe/Stockholm",
            **self._more_of_writing,
        }
        if self._mailbox is None:
            return told
        return {
            **told,
            "smtp_url": self._mailbox.smtp_url,
            "mail_from": "no-reply@my-profile.example",
            "webhook_url": self._mailbox.webhook_url,
            "webhook_secret": self._secrets.webhook_secret,
        }

    def gateway(self, port: int, provider: Provider, services: Mapping[str, int]) -> dict[str, Any]:
        """Give what the gateway is told; *services* are their ports."""
        return {
            **self.process("gateway"),
            "port": port,
            "public_url": address(port),
            "issuer": provider.issuer,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "signing_key": self._secrets.signing_key,
            "issue_time_as_auth_time": True,
            "system_clients": bindings(provider.systems),
            "change_password_url": provider.password_page,
            "pseudo_locale": True,
            "styleguide": True,
            **{f"{name.replace('-', '_')}_url": f"http://{HOST}:{taken}" for name, taken in services.items()},
        }

    async def create_users(self, databases: Mapping[str, str] | None = None) -> None:
        """Make each process's user of the database server; *databases* may name others than the processes' own."""
        if not self._mongodb.one_user:
            await create_users(self._mongodb.url, self._secrets.mongodb_passwords, databases)

    def mongo_url(self, process: str, database: str) -> str:
        """Give the database server's address for the user that a process is in *database*."""
        if self._mongodb.one_user:
            return self._mongodb.url
        return self._mongodb.user_url(process, self._secrets.mongodb_passwords[process], database)

    def broker_url(self, user: str) -> str | None:
        """Give the broker's address for one of its users."""
        if self._rabbitmq is None:
            return None
        if self._one_user:
            return self._rabbitmq.url()
        return self._rabbitmq.url(user, self._secrets.broker_passwords[user])


def address(port: int) -> str:
    """Give the address on this machine as browsers must write it: WebAuthn wants a name, not a number."""
    return f"http://localhost:{port}"
