"""Every error okrsync raises on purpose, arranged by what the caller should do next.

OkrsyncError
├── UsageError                  2  ask again: the command line was not clear
├── RefusedError                4  a guard or a setting says no; nothing was written
├── StoppedError                0  asked to end; what was done is recorded
├── ConfigError                 6  a person must edit a file or a variable
└── UnavailableError            5  something outside failed; what succeeded stays
    ├── StoreError                   the store cannot be read or written
    ├── MailError                    the mail server cannot be used now
    └── TrackerError                 one conversation with a tracker failed
        ├── TrackerUnavailableError     wait and try again (the only branch that is retried)
        ├── TrackerRefusedError         do not retry: credentials, permissions or the request
        └── ItemGoneError               skip this item, go on with the pass
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.core.place import Problem


class OkrsyncError(Exception):
    """Something okrsync knows about went wrong."""

    exit_code = 1
    """What the command line returns when this error reaches it."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        """One sentence that tells the reader what to do, if we know it."""


class UsageError(OkrsyncError):
    """The command cannot be understood as given, or has a question nobody is there to answer."""

    exit_code = 2


class RefusedError(OkrsyncError):
    """A guard, a lock or a setting forbids this now."""

    exit_code = 4


class StoppedError(OkrsyncError):
    """Somebody asked okrsync to end: what was done is recorded, the rest is for the next run."""

    exit_code = 0


class ConfigError(OkrsyncError):
    """Settings, goals or mapping cannot be used; *problems* holds one entry a mistake."""

    exit_code = 6

    def __init__(
        self, message: str, *, problems: Sequence[Problem] = (), hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)


class UnavailableError(OkrsyncError):
    """A tracker, database or mail server failed; what succeeded before stays."""

    exit_code = 5


class StoreError(UnavailableError):
    """The store cannot be read or written."""


class MailError(UnavailableError):
    """The mail server cannot be reached, or does not take our login or our address."""


class TrackerError(UnavailableError):
    """One conversation with a tracker failed."""

    def __init__(self, message: str, *, tracker: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.tracker = tracker


class TrackerUnavailableError(TrackerError):
    """The tracker cannot answer now; the same call may succeed later.

    *retry_after* is the wait in seconds that the tracker itself asked for.
    *maybe_done* tells whether a write may have taken effect all the same (a connection that
    broke, a time-out, a 5xx); it is false where the tracker said that it did nothing (429).
    """

    def __init__(
        self,
        message: str,
        *,
        tracker: str,
        retry_after: float | None = None,
        maybe_done: bool = True,
    ) -> None:
        super().__init__(message, tracker=tracker)
        self.retry_after = retry_after
        self.maybe_done = maybe_done


class TrackerRefusedError(TrackerError):
    """The tracker understood and said no; trying again changes nothing."""


class ItemGoneError(TrackerError):
    """The item does not exist for us: deleted, archived or hidden."""
