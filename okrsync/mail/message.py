"""One report as one finished message for one address.

The bytes are made once and archived, so what is sent again after a crash is the same message. No
remote content, no tracking. Whatever a goal or a ticket says, it cannot add a header: texts are on
one line before they come here, and the library refuses line breaks besides.
"""

from __future__ import annotations

import hashlib
from base64 import encodebytes
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from quopri import encodestring
from typing import TYPE_CHECKING
from urllib.parse import quote

from okrsync.errors import ConfigError
from okrsync.ports.mailer import Mail
from okrsync.reports import phrases
from okrsync.reports.html import html
from okrsync.reports.picture import trend_png
from okrsync.reports.plain import Text, plain
from okrsync.reports.shortening import STEPS, shortened

if TYPE_CHECKING:
    from email.policy import Policy

    from okrsync.ports.mailer import Errand
    from okrsync.reports import Report

PICTURE = "trend@okrsync"
LARGEST = 80_000
"""Bytes of a message from which on mail clients cut it or ask before they show it."""


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that programs read: on one line, as encoded words mean nothing in it."""

    def fold(self, *, policy: Policy) -> str:
        """Return the line."""
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject that begins on the line of its name; some clients show others indented."""

    def fold(self, *, policy: Policy) -> str:
        """Return the lines."""
        told = Header(str(self), header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {told}{policy.linesep}"


def _policy() -> Policy:
    headers = HeaderRegistry()
    headers.map_to_type("subject", _Subject)
    for name in ("message-id", "in-reply-to", "references", "list-unsubscribe"):
        headers.map_to_type(name, _Whole)
    return SMTP.clone(header_factory=headers)


_POLICY = _policy()


@dataclass(frozen=True, slots=True)
class Composer:
    """Writes messages from one sender."""

    sender: Address

    def __call__(self, report: Report, errand: Errand) -> Mail:
        """Return the mail that an errand asks for, not sent yet; a large report is shortened."""
        mail = self._composed(report, errand)
        for step in STEPS:
            if len(mail.content) < LARGEST:
                break
            mail = self._composed(shortened(report, *step), errand)
        return mail

    def _composed(self, report: Report, errand: Errand) -> Mail:
        message_id = self._id(errand.edition, errand.period, errand.about, errand.address)
        thread = self._id("cycle", report.cycle, errand.about, errand.address)
        message = EmailMessage(policy=_POLICY)
        message["From"] = self.sender
        message["To"] = address_of(errand.address)
        message["Subject"] = phrases.subject(report)
        message["Date"] = format_datetime(report.made)
        message["Message-ID"] = message_id
        message["In-Reply-To"] = thread
        message["References"] = thread
        message["List-Unsubscribe"] = self._unsubscribe(errand)
        message["Auto-Submitted"] = "auto-generated"
        _fill(message, report)
        return Mail(errand=errand, made=report.made, message_id=message_id, content=bytes(message))

    def _id(self, *parts: str) -> str:
        """Return an id that is the same for the same errand, and tells nobody's address."""
        told = hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
        return f"<{told}@{self.sender.domain}>"

    def _unsubscribe(self, errand: Errand) -> str:
        words = quote(f"Stop the okrsync report about {errand.about}", safe="")
        return f"<mailto:{self.sender.addr_spec}?subject={words}>"


def address_of(told: str, *, key: str = "report.recipients") -> Address:
    """Read an address, with or without a name in front.

    Raises:
        ConfigError: it is none that mail can be sent to.

    """
    name, spec = parseaddr(told)
    local, at, domain = spec.rpartition("@")
    is_plain = told.isprintable() and spec.isascii() and not set(spec) & set(' ,;<>()"\\')
    is_one = told.count("@") == 1
    if not (is_plain and is_one) or not at or not local or not domain.strip("."):
        raise ConfigError(f"{key}: {told!r} is no mail address", hint="such as leads@shop.example")
    return Address(display_name=name, username=local, domain=domain)


def _fill(message: EmailMessage, report: Report) -> None:
    picture = trend_png(report.trend)
    text = plain(report, Text())
    message.set_content(text, cte=_encoding(text))
    page = html(report, picture=f"cid:{PICTURE}" if picture else None)
    message.add_alternative(page, subtype="html", cte=_encoding(page))
    if picture is not None:
        part = message.get_payload()[1]  # type: ignore[index] # the alternative just added
        part.add_related(  # type: ignore[union-attr]
            picture,
            "image",
            "png",
            cid=f"<{PICTURE}>",
            disposition="inline",
            filename="trend.png",
        )


def _encoding(text: str) -> str:
    """Return the encoding that makes fewer bytes of it."""
    told = text.encode()
    return "base64" if len(encodebytes(told)) < len(encodestring(told)) else "quoted-printable"
