"""What `okrsync doctor` says: one line about one thing, how bad it is, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How bad it is."""

    OK = "ok"
    ADVICE = "advice"
    """It works, and could work better."""
    WARNING = "warning"
    """Something will go wrong, or people will be surprised."""
    ERROR = "error"
    """It does not work."""


class Cause(StrEnum):
    """Whose matter it is."""

    FILES = "files"
    """A person must edit a file or a variable."""
    OUTSIDE = "outside"
    """A tracker, the store or the machine."""


class Code(StrEnum):
    """Everything that can be found; scripts may rely on these words."""

    SETTINGS = "settings"
    GOALS = "goals"
    NO_GOALS = "no-goals"
    STORE = "store"
    STORE_OLDER = "store-older"
    STORE_NEWER = "store-newer"
    DISK = "disk"
    LOGIN = "login"
    WRONG_ADDRESS = "wrong-address"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SCOPE_INVISIBLE = "scope-invisible"
    EDIT_DENIED = "edit-denied"
    LABELS_OFF_SCREEN = "labels-off-screen"
    NOTIFIES = "notifies"
    NO_BULK = "no-bulk"
    LABEL_MISFIT = "label-misfit"
    CLOCK = "clock"
    QUOTA = "quota"
    SHARED_ITEMS = "shared-items"
    WEBHOOK_SILENT = "webhook-silent"
    WEBHOOK_FORGED = "webhook-forged"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One thing that was looked at."""

    code: Code
    grade: Grade
    about: str
    """``settings``, ``goals``, ``store``, a tracker's name, or that and a scope."""
    message: str
    remedy: str = ""
    """What to do; nothing where all is well."""
    cause: Cause = Cause.OUTSIDE


def well(code: Code, about: str, message: str) -> Seen:
    """Say that something is as it should be."""
    return Seen(code=code, grade=Grade.OK, about=about, message=message)
