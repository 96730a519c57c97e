"""E-mail by SMTP (RFC 5321), over TLS or with STARTTLS (RFC 3207)."""

import asyncio
import re
import ssl
from contextlib import suppress
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import formatdate

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from shared.sending.carrying import Mail, Message, Never, NotNow

SECONDS = 15.0
"""For all of one e-mail; shorter than a sender waits, so that a server's yes is not lost on the way."""
_GOODBYE_SECONDS = 1.0
_PERMANENT = range(500, 600)
_TOO_LARGE = 552
"""Said of an e-mail when its sender is named, with its size (RFC 1870)."""
_NOT_THIS_MAIL = (
    aiosmtplib.SMTPAuthenticationError,
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPHeloError,
    aiosmtplib.SMTPSenderRefused,
)
"""What a server says before it has seen the e-mail, or of who sends it, is not about it, whatever the code."""
_OURS_TO_MEND = re.compile(r"\b5\.7\.\d")
"""Enhanced codes of security and policy (RFC 3463): relaying that is denied, a lapsed identity."""


class _Subject(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc]  # as the registry joins them, too
    """A subject that is folded as RFC 2047 wants it: Python before 3.12.4 loses blanks between encoded words."""

    def fold(self, *, policy: Policy) -> str:
        """Give the lines of the header."""
        charset = None if self.isascii() else "utf-8"
        folded = Header(str(self), charset, header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {folded}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)
_POLICY = SMTP.clone(header_factory=_HEADERS)


class MailCarrier:
    """Hand e-mails to one server."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str,
        sender: str,
        sender_name: str,
        user: str | None = None,
        password: str | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Use the server at *host*; *security* is `tls`, `starttls` or, on this machine only, `none`."""
        self._host, self._port, self._security = host, port, security
        self._sender = Address(display_name=sender_name, addr_spec=sender)
        self._user, self._password = user, password
        # Reading the authorities takes longer than the rest; once is enough.
        self._context = context or (None if security == "none" else ssl.create_default_context())

    async def carry(self, message: Message) -> None:
        """Hand an e-mail over."""
        if not isinstance(message, Mail):
            raise TypeError("no e-mail")
        written = self._written(message)
        # What the server answers may quote the address: only its code is told.
        try:
            await self._hand_over(written)
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            lasting = all(_is_lasting(refused) for refused in error.recipients)
            raise (Never if lasting else NotNow)(f"recipient {codes}") from None
        except aiosmtplib.SMTPResponseException as error:
            lasting = _is_lasting(error) and (error.code == _TOO_LARGE or not isinstance(error, _NOT_THIS_MAIL))
            raise (Never if lasting else NotNow)(f"server {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from None

    async def _hand_over(self, written: EmailMessage) -> None:
        """Connect and send, in `SECONDS`; what happens after the server has taken the e-mail changes nothing."""
        server = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._security == "tls",
            start_tls=self._security == "starttls",
            tls_context=self._context,
            timeout=SECONDS,
        )
        try:
            async with asyncio.timeout(SECONDS):
                await server.connect()
                try:
                    await server.send_message(written)
                except aiosmtplib.SMTPNotSupported:
                    raise Never("address needs SMTPUTF8") from None
            with suppress(aiosmtplib.SMTPException, OSError):
                await server.quit(timeout=_GOODBYE_SECONDS)
        finally:
            # Python 3.11 cannot abort a TLS connection that is over, and what became of the e-mail is known by now.
            with suppress(AttributeError, OSError):
                server.close()

    def _written(self, mail: Mail) -> EmailMessage:
        """Write an e-mail with both parts (RFC 5322, RFC 2046); that it was made by a program is said (RFC 3834)."""
        written = EmailMessage(policy=_POLICY)
        written["From"] = self._sender
        written["To"] = _address(mail.to)
        # The words of a subject may come from people: they are one line, and hide none that would be decoded.
        written["Subject"] = " ".join(mail.subject.split()).replace("=?", "= ?")
        written["Date"] = formatdate(usegmt=True)
        written["Message-ID"] = f"<{mail.id}@{self._sender.domain}>"
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(mail.text, cte="quoted-printable")
        written.add_alternative(mail.html, subtype="html", cte="quoted-printable")
        return written


def _is_lasting(error: aiosmtplib.SMTPResponseException) -> bool:
    """Tell whether an answer is about the e-mail for good, and not about what the operator can mend."""
    return error.code in _PERMANENT and not _OURS_TO_MEND.search(str(error.message))


def _address(text: str) -> Address:
    """Give the one address that *text* is, its domain in ASCII (RFC 5891); anything else is never sent."""
    try:
        valid = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise Never("no address") from None
    return Address(username=valid.local_part, domain=valid.ascii_domain)
