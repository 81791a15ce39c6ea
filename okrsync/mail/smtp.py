"""A mail server, over SMTP: encrypted unless it is on this machine, one message at a time.

A refusal is final where the server says so of the address or the message. Where it objects to us,
or does not answer, nobody's mail is lost: that is for a person to mend, and tried again later.
"""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field

from okrsync.errors import MailError
from okrsync.ports.mailer import Answer, Reply
from okrsync.reports.texts import clean

WAIT = 30.0
"""Seconds to wait for any one answer."""
_WELCOME, _PERMANENT = 235, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    security: str
    """``starttls``, ``tls`` or ``none``."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    trust: ssl.SSLContext | None = field(default=None, repr=False)
    """Whose certificates are believed; by default those the machine believes."""
    wait: float = WAIT


class SmtpMailer:
    """Keeps one connection while it is used."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None

    def send(self, sender: str, address: str, message: bytes) -> Reply:
        """Hand over one message for one address.

        Raises:
            MailError: the server cannot be reached or does not take our login; it may have taken
                the message if the connection broke.

        """
        line = self._connected()
        try:
            line.sendmail(sender, [address], message)
        except smtplib.SMTPRecipientsRefused as error:
            return _reply(*error.recipients[address])
        except smtplib.SMTPDataError as error:
            return _reply(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise self._failure(error) from error
        return Reply(Answer.TAKEN)

    def check(self) -> str:
        """Log in and send nothing; return what was reached.

        Raises:
            MailError: as in `send`.

        """
        line = self._connected()
        try:
            line.noop()
        except (smtplib.SMTPException, OSError) as error:
            raise self._failure(error) from error
        finally:
            self.close()
        who = f" as {self._server.username}" if self._server.username else ""
        return f"{self._server.host}:{self._server.port}{who}"

    def close(self) -> None:
        """Part from the server."""
        if self._line is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._line.close()
            self._line = None

    def _connected(self) -> smtplib.SMTP:
        if self._line is None:
            try:
                self._line = self._connect()
            except (smtplib.SMTPException, OSError, ValueError) as error:
                raise self._failure(error) from error
        return self._line

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.wait, context=_trust(server)
            )
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=server.wait)
        try:
            if server.security == "starttls":
                line.starttls(context=_trust(server))
            if server.username is not None:
                _log_in(line, server.username, server.password or "")
        except BaseException:
            line.close()
            raise
        return line

    def _failure(self, error: Exception) -> MailError:
        where = f"the mail server {self._server.host}:{self._server.port}"
        if isinstance(error, smtplib.SMTPAuthenticationError):
            told = _words(error.smtp_code, error.smtp_error)
            return MailError(
                f"{where} does not take the login of {self._server.username}: {told}",
                hint="mend report.smtp.username and report.smtp.password_file",
            )
        if isinstance(error, smtplib.SMTPSenderRefused):
            told = _words(error.smtp_code, error.smtp_error)
            return MailError(f"{where} refuses our address: {told}", hint="mend report.from")
        if isinstance(error, smtplib.SMTPResponseException):
            return MailError(f"{where} says {_words(error.smtp_code, error.smtp_error)}")
        return MailError(
            f"{where} cannot be used: {clean(str(error) or type(error).__name__, 200)}"
        )


def _log_in(line: smtplib.SMTP, username: str, password: str) -> None:
    """Log in; the library knows ASCII passwords only, people know more."""
    if f"{username}{password}".isascii():
        line.login(username, password)
        return
    line.ehlo_or_helo_if_needed()
    told = b64encode(f"\0{username}\0{password}".encode()).decode()
    code, words = line.docmd("AUTH", f"PLAIN {told}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, words)


def _trust(server: Server) -> ssl.SSLContext:
    return server.trust or ssl.create_default_context()


def _reply(code: int, words: bytes | str) -> Reply:
    answer = Answer.REFUSED if code >= _PERMANENT else Answer.LATER
    return Reply(answer, _words(code, words))


def _words(code: int, words: bytes | str) -> str:
    told = words.decode(errors="replace") if isinstance(words, bytes) else words
    return clean(f"{code} {told}", 200)
