"""A real SMTP server in this process, with a certificate of its own, that says what a test wants."""

import asyncio
import email
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from onebox.ports import HOST

USER, PASSWORD = "portal", "hunter2-hunter2"


def certified(folder: Path, host: str = HOST) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for *host*; give the server's context, and one of a client that trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, SHA256())
    )
    file = folder / f"{host}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cadata=made.public_bytes(Encoding.PEM).decode())


class Mailbox:
    """What the server took, and what it is to answer: `answers["RCPT"] = "550 5.1.1 no such mailbox"`."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.encrypted: list[bool] = []
        self.users: list[str] = []
        self.answers: dict[str, str] = {}
        self.hangs: set[str] = set()
        self.asked: list[str] = []
        self.port = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """Give what was taken, read anew."""
        return [
            email.message_from_bytes(one.original_content or b"", _class=EmailMessage, policy=POLICY)
            for one in self.taken
        ]

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802  # the server's name for it
        envelope.mail_from, envelope.mail_options = address, options
        return await self._said("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:  # noqa: N802  # as above
        said = await self._said("RCPT", "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # as above
        said = await self._said("DATA", "250 OK")
        if said.startswith("250"):
            self.taken.append(envelope)
            self.encrypted.append(session.ssl is not None)
        return said

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  # as above
        return await self._said("QUIT", "221 Bye")

    def signed_in(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        if known:
            self.users.append(data.login.decode())
        return AuthResult(success=known, handled=False)

    async def _said(self, verb: str, usually: str) -> str:
        self.asked.append(verb)
        if verb in self.hangs:
            await asyncio.sleep(60)
        return self.answers.get(verb, usually)


@asynccontextmanager
async def serving(
    mailbox: Mailbox,
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    signs_in: bool = False,
    server: Any = SMTP,
    port: int = 0,
    **more: Any,
) -> AsyncIterator[Mailbox]:
    """Serve *mailbox* until the block ends."""
    loop = asyncio.get_running_loop()
    made: list[Any] = []

    def protocol() -> Any:
        made.append(
            server(
                mailbox,
                loop=loop,
                hostname="mail.example",
                tls_context=starttls,
                require_starttls=starttls is not None,
                authenticator=mailbox.signed_in if signs_in else None,
                auth_required=signs_in,
                auth_require_tls=signs_in,
                **more,
            )
        )
        return made[-1]

    listening = await loop.create_server(protocol, HOST, port, ssl=tls)
    mailbox.port = listening.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        listening.close()
        for one in made:
            if one.transport:
                with suppress(AttributeError):  # Python 3.11 cannot abort a TLS connection that is over
                    one.transport.abort()
            if one._handler_coroutine:
                one._handler_coroutine.cancel()
        await listening.wait_closed()


at_home = partial(dict, host=HOST, sender="no-reply@portal.example", sender_name="Contosos självservice")
