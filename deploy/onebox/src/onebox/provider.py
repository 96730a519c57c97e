"""A real identity provider for laptops and tests: Canaille, served from a thread of this process."""

import secrets
import threading
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from onebox.accounts import DEMO_ACCOUNTS, Account
from onebox.ports import HOST
from onebox.systems import SYSTEMS, System

if TYPE_CHECKING:  # they take a second to import, so they come in when a provider starts
    from flask import Flask
    from werkzeug.serving import BaseWSGIServer

GATEWAY_CLIENT = "my-profile"
CLI_CLIENT = "onebox-cli"
SCOPES = ("openid", "profile", "email")
TOKEN_SECONDS = 8 * 3600
STOP_SECONDS = 5


class Provider:
    """Hold a running provider: `issuer` is its address, `client_id` and `client_secret` are the gateway's.

    `systems` are the clients that ask in their own name, `system_secrets` their secrets by client id.

    One at a time per process, because Canaille keeps its store in a module. Its accounts, sessions and tokens
    are in memory and gone after `stop`.
    """

    def __init__(self, server: "BaseWSGIServer", *, issuer: str, client_secret: str, systems: Sequence[System]) -> None:
        self.issuer, self.client_id, self.client_secret = issuer, GATEWAY_CLIENT, client_secret
        self.systems = systems
        self.system_secrets = {system.client_id: secrets.token_urlsafe(32) for system in systems}
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="provider", daemon=True
        )

    @property
    def password_page(self) -> str:
        """Give the page from which one comes to one's password; its own address names the person."""
        return f"{self.issuer}/"

    @classmethod
    def start(
        cls,
        *,
        port: int,
        public_url: str,
        gateway_url: str,
        accounts: Iterable[Account] = DEMO_ACCOUNTS,
        systems: Sequence[System] = SYSTEMS,
    ) -> Self:
        """Serve on a loopback port as `public_url`, which is the issuer; takes about a second.

        Canaille redirects every GET for another host than `public_url`'s, so callers must use exactly that.
        """
        from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: PLC0415 - see above

        class Quietly(WSGIRequestHandler):
            def log_request(self, *_: Any) -> None:
                """Leave the terminal to onebox."""

        issuer = public_url.rstrip("/")
        client_secret = secrets.token_urlsafe(32)
        application = _application(issuer)
        server = make_server(HOST, port, application, threaded=True, request_handler=Quietly)
        provider = cls(server, issuer=issuer, client_secret=client_secret, systems=systems)
        _fill(application, accounts, gateway_url.rstrip("/"), provider)
        provider._thread.start()
        return provider

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join(STOP_SECONDS)
        self._server.server_close()


def _application(issuer: str) -> "Flask":
    parts = urlsplit(issuer)
    application: Flask = import_module("canaille").create_app(
        config={
            "SECRET_KEY": secrets.token_urlsafe(32),
            "SERVER_NAME": parts.netloc,
            "PREFERRED_URL_SCHEME": parts.scheme,
            "CANAILLE": {
                "NAME": "Contoso",
                "DATABASE": "memory",
                "SMTP": None,
                "SMPP": None,
                "ENABLE_PASSWORD_RECOVERY": False,
                # Plain forms: a redirect to another origin must reach the browser, not a script
                "JAVASCRIPT": False,
                "HTMX": False,
                # Only changes one level; without it Canaille logs every sign-in to the terminal
                "LOGGING": {"version": 1, "incremental": True, "loggers": {"canaille": {"level": "ERROR"}}},
            },
            # No consent screen for clients of these hosts, and sign-out may return to them
            "CANAILLE_OIDC": {
                "TRUSTED_DOMAINS": ["localhost", ".localhost", HOST],
                "USERINFO_MAPPING": {"PREFERRED_USERNAME": "{{ user.user_name }}"},
            },
        }
    )
    _make_tokens_opaque(application)
    return application


def _make_tokens_opaque(application: "Flask") -> None:
    """Replace Canaille's JWTs: without a unique id, two of the same second are one and the same token."""
    authorization = import_module("canaille.oidc.provider").authorization
    application.config["OAUTH2_ACCESS_TOKEN_GENERATOR"] = True
    application.config["OAUTH2_TOKEN_EXPIRES_IN"] = {
        "authorization_code": TOKEN_SECONDS,
        "password": TOKEN_SECONDS,
        "client_credentials": TOKEN_SECONDS,
    }
    generator = authorization.create_bearer_token_generator(application.config)
    authorization.register_token_generator("default", generator)


def _fill(application: Any, accounts: Iterable[Account], gateway_url: str, provider: Provider) -> None:
    models = import_module("canaille.app").models
    save = application.backend.save
    with application.app_context():
        for account in accounts:
            person = models.User(
                user_name=account.user_name,
                formatted_name=account.name,
                given_name=account.given_name,
                family_name=account.family_name,
                emails=[account.email],
                password=account.password,
            )
            save(person)
        gateway = models.Client(
            client_id=GATEWAY_CLIENT,
            client_secret=provider.client_secret,
            client_name="My Profile",
            client_uri=gateway_url,
            redirect_uris=[f"{gateway_url}/signed-in"],
            post_logout_redirect_uris=[f"{gateway_url}/signed-out"],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
            id_token_signed_response_alg="RS256",  # noqa: S106 - the name of an algorithm
            scope=list(SCOPES),
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
        )
        save(gateway)
        gateway.audience = [gateway]
        save(gateway)
        # Public: it only helps the person at this machine to a token of their own, see onebox.token
        cli = models.Client(
            client_id=CLI_CLIENT,
            client_name="onebox",
            client_uri=gateway_url,
            grant_types=["password"],
            scope=list(SCOPES),
            token_endpoint_auth_method="none",  # noqa: S106 - the name of a method
            audience=[gateway],
        )
        save(cli)
        for system in provider.systems:
            client = models.Client(
                client_id=system.client_id,
                client_secret=provider.system_secrets[system.client_id],
                client_name=system.name,
                client_uri=gateway_url,
                grant_types=["client_credentials"],
                scope=list(system.scopes),
                token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
                audience=[gateway],
            )
            save(client)
