"""The line to a mail server: one sealed connection for each message, with an end to all waiting. It tells nobody the password."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from bot.duty.letters import Letter
from bot.duty.mail_settings import is_address, mail_problems
from bot.errors import OperatorError
from bot.outbox.sender import Permanent, SendError, Transient
from bot.settings import PREFIX, Settings

TIMEOUT_S = 10.0


class MailProblem(OperatorError):
    """E-mail is set up wrongly, or the server refuses us. The message names the setting and the fix, never the password."""


def check(settings: Settings) -> None:
    """Raise MailProblem when a setting is missing or cannot work."""
    for problem in mail_problems(settings):
        raise MailProblem(problem)


def letter_as_mail(letter: Letter, sender: str) -> EmailMessage:
    """Return the message. Raises Permanent when the address is none."""
    if not is_address(letter.to.email):
        raise Permanent
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, letter.to.email, letter.subject
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])  # else it would hold the name of this machine
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = letter.language
    mail.set_content(letter.text + "\n", charset="utf-8", cte="base64")
    return mail


class MailLine:
    """Sends one message at a time, in the caller's thread. `context` is for a server whose certificate nobody signed: tests."""

    def __init__(self, settings: Settings, *, timeout_s: float = TIMEOUT_S, context: ssl.SSLContext | None = None) -> None:
        self._settings, self._timeout_s = settings, timeout_s
        self._context = context or ssl.create_default_context()
        self.problem = ""

    def send(self, letter: Letter) -> None:
        """Send. Raises SendError: Permanent when this person cannot be reached, Transient when the server cannot be used now."""
        mail = letter_as_mail(letter, self._settings.smtp_from)
        try:
            with self._connect() as server:
                self._sign_in(server)
                server.send_message(mail)
        except (smtplib.SMTPException, OSError) as failure:
            raise self._what_became(failure) from None  # its text may hold the address
        self.problem = ""

    def greet(self) -> None:
        """Sign in and leave again. Raises MailProblem that says what the server refuses."""
        try:
            with self._connect() as server:
                self._sign_in(server)
        except (smtplib.SMTPException, OSError) as failure:
            raise MailProblem(_said(failure)) from None

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=self._timeout_s, context=self._context)
        return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=self._timeout_s)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._settings.smtp_security == "starttls":
            server.starttls(context=self._context)  # raises where the server cannot: nothing is ever said in the clear
        if self._settings.smtp_user:
            server.login(self._settings.smtp_user, self._settings.smtp_password)

    def _what_became(self, failure: Exception) -> SendError:
        if isinstance(failure, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _ in failure.recipients.values()]
            return Permanent() if all(code >= 500 for code in codes) else Transient()
        self.problem = _kind(failure)
        if isinstance(failure, smtplib.SMTPNotSupportedError):  # an address that this server cannot write to
            return Permanent() if self._settings.smtp_security != "starttls" else Transient()
        return Transient()


def _kind(failure: Exception) -> str:
    if isinstance(failure, smtplib.SMTPAuthenticationError):
        return "password refused"
    if isinstance(failure, ssl.SSLError):
        return "certificate refused"
    gone = isinstance(failure, smtplib.SMTPServerDisconnected) or not isinstance(failure, smtplib.SMTPException)
    return "not reached" if gone else "refused"


def _said(failure: Exception) -> str:
    kind = _kind(failure)
    settings = {
        "password refused": f"refuses {PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD. Some want a password for applications.",
        "certificate refused": f"has a certificate that is not for {PREFIX}SMTP_HOST, or speaks no TLS on this port. Mend host, port or {PREFIX}SMTP_SECURITY.",
        "not reached": f"does not answer. Mend {PREFIX}SMTP_HOST and {PREFIX}SMTP_PORT, or let this machine through.",
        "refused": f"does not take us ({type(failure).__name__}). Is {PREFIX}SMTP_SECURITY what it wants?",
    }
    return f"The mail server {settings[kind]}"
