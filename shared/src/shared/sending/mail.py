"""E-mail by SMTP (RFC 5321), over TLS or with STARTTLS (RFC 3207)."""

import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

import aiosmtplib

from shared.sending.carrying import Mail, Message, Never, NotNow

_PERMANENT = range(500, 600)


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
        self._context = context

    async def carry(self, message: Message) -> None:
        """Hand an e-mail over."""
        if not isinstance(message, Mail):
            raise TypeError("no e-mail")
        try:
            await aiosmtplib.send(
                self._written(message),
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._security == "tls",
                start_tls=self._security == "starttls",
                tls_context=self._context,
                timeout=15,
            )
        # What the server answers may quote the address: only its code is told.
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            raise (Never if all(code in _PERMANENT for code in codes) else NotNow)(f"recipient {codes}") from None
        except aiosmtplib.SMTPResponseException as error:
            lasting = error.code in _PERMANENT and not isinstance(error, aiosmtplib.SMTPAuthenticationError)
            raise (Never if lasting else NotNow)(f"server {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from None

    def _written(self, mail: Mail) -> EmailMessage:
        """Write an e-mail with both parts (RFC 5322, RFC 2046); that it was made by a program is said (RFC 3834)."""
        written = EmailMessage(policy=SMTP)
        written["From"] = self._sender
        written["To"] = mail.to
        written["Subject"] = mail.subject
        written["Date"] = formatdate(usegmt=True)
        written["Message-ID"] = f"<{mail.id}@{self._sender.domain}>"
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(mail.text, cte="quoted-printable")
        written.add_alternative(mail.html, subtype="html", cte="quoted-printable")
        return written
