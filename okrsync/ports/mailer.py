"""Mail as okrsync sends it: finished bytes to one address at a time, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


WEEKLY, BY_HAND = "weekly", "by hand"
"""The editions: what the timetable sends, and what somebody asked for besides."""


class Answer(StrEnum):
    """What a mail server said of one message."""

    TAKEN = "taken"
    REFUSED = "refused"
    """For good: sending it again changes nothing."""
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and the server's words where it did not take the message."""

    answer: Answer
    why: str = ""


class Mailer(Protocol):
    """Hands messages to a mail server."""

    def send(self, sender: str, address: str, message: bytes) -> Reply:
        """Hand over one message for one address.

        Raises:
            MailError: the server cannot be reached or does not take our login; it may have taken
                the message if the connection broke.

        """

    def check(self) -> str:
        """Log in and send nothing; return what was reached.

        Raises:
            MailError: as in `send`.

        """

    def close(self) -> None:
        """Part from the server."""


class MailState(StrEnum):
    """What became of a mail in the ledger."""

    MEANT = "meant"
    """Finished and archived; not known to be taken."""
    SENT = "sent"
    REFUSED = "refused"
    """Never to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is mailed once: an edition's report of a period about somebody, to an address."""

    edition: str
    period: str
    about: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A line of the ledger, with the finished message."""

    errand: Errand
    state: MailState = MailState.MEANT
    made: datetime
    message_id: str
    content: bytes
    tries: int = 0
    sent: datetime | None = None
    why: str = ""
    """Why it was refused or has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedReport:
    """A report as it was told, in every form."""

    edition: str
    period: str
    about: str
    made: datetime
    forms: dict[str, str]
    """Name of the form -> its text."""
