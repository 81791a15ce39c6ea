"""A real mail server on this machine, which refuses and hangs up where a test asks it to."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from okrsync.app.mailing import PostOffice, Recipient
from okrsync.mail.message import Composer, address_of
from okrsync.mail.smtp import Server, SmtpMailer
from okrsync.reports.weeks import Weekly
from tests.protocol.conftest import empty_store, open_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage
    from pathlib import Path

__all__ = ["empty_store", "open_shop"]

USER, PASSWORD = "okrsync", "päss wörd"
LEADS, PAYERS = "leads@shop.example", "pay@shop.example"


@dataclass
class Inbox:
    """What arrived, and how the server behaves."""

    port: int = 0
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """Address -> what the server says to it instead of taking it."""
    of_data: str | None = None
    of_sender: str | None = None
    hang_up_after_data: int = 0
    """How many messages are taken without anybody being told."""
    logins: list[str] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(c, policy=default) for _, c in self.arrived]  # type: ignore[misc]

    def of(self, address: str) -> list[bytes]:
        return [content for to, content in self.arrived if to == address]

    def counted(self) -> Counter[str]:
        return Counter(to for to, _ in self.arrived)

    # what aiosmtpd calls

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.of_sender:
            return self.of_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.of_data:
            return self.of_data
        self.arrived += [(to, envelope.content) for to in envelope.rcpt_tos]
        if self.hang_up_after_data:
            self.hang_up_after_data -= 1
            server.transport.abort()
            await asyncio.sleep(0.2)
        return "250 OK"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any
    ) -> AuthResult:
        self.logins.append(given.login.decode())
        good = (given.login.decode(), given.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=good, handled=False)


@contextmanager
def serving(inbox: Inbox, **options: Any) -> Iterator[Inbox]:
    inbox.port = inbox.port or _free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=inbox.port, **options)
    server.start()
    try:
        yield inbox
    finally:
        server.stop()


def mailer(inbox: Inbox, **given: Any) -> SmtpMailer:
    plain = {"host": "127.0.0.1", "port": inbox.port, "security": "none", "wait": 5.0}
    return SmtpMailer(Server(**plain | given))


def post_office(inbox: Inbox, **given: Any) -> PostOffice:
    sender = address_of("okrsync <okrsync@shop.example>")
    plain: dict[str, Any] = {
        "mailer": mailer(inbox),
        "sender": sender.addr_spec,
        "compose": Composer(sender),
        "recipients": [Recipient("company", LEADS), Recipient("team:pay", PAYERS)],
        "weekly": Weekly.read("Tue 07:30", ZoneInfo("UTC")),
        "quiet": False,
    }
    return PostOffice(**plain | given)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with serving(Inbox()) as running:
        yield running


@pytest.fixture
def shop(open_shop: Callable[..., Any]) -> Any:
    made = open_shop()
    made.tracker.create(title="wallet")
    made.tracker.create(title="loose ends")
    made.sync()
    return made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own, with its key, for localhost."""
    file: Path = tmp_path_factory.mktemp("tls") / "own.pem"
    told = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *told]
    try:
        subprocess.run(
            [*made, "-keyout", file, "-out", f"{file}.crt"], check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("openssl, which makes a certificate, is not installed")
    file.write_bytes(file.read_bytes() + file.with_name("own.pem.crt").read_bytes())
    return file


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def presenting(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
