"""Searching for what changed since a moment.

Dates in JQL know minutes only, and a date written out is read in the time zone of our account's
profile, which its owner may change under our feet. So the moment is given as minutes back from now
(`updated >= "-17m"`), which no zone can shift: rounded up, and one more for what Jira rounds. How
long ago the moment was is reckoned on Jira's own clock; should its answers show that the search
did not reach back so far (this machine slept, or we were told to wait), it is begun anew. Epoch
milliseconds would do without all this, but Jira documents them nowhere. The order is one that no
edit changes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerUnavailableError
from okrsync_jira import admission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from okrsync_jira.kind import Kind
    from okrsync_jira.session import JiraSession

Json = dict[str, Any]
STAMP_FIELDS = ("updated",)
MINUTE = timedelta(minutes=1)
STARTS = 3


def stamped(kind: Kind, jql: str) -> Iterator[list[Json]]:
    """Yield pages of stamps, perhaps the same one more than once."""
    return kind.search(jql, STAMP_FIELDS, kind.stamps_at_once)


def changed_since(
    kind: Kind, session: JiraSession, *, jql: Callable[[str], str], since: datetime
) -> Iterator[list[Json]]:
    """Yield pages of stamps of what *jql*, given the further condition, finds since then.

    After a new beginning the same issue comes again.
    """
    for _ in range(STARTS):
        minutes = _minutes_back(session, since) + kind.spare_minutes
        condition = f' AND updated >= "-{minutes}m"'
        yield from stamped(kind, jql(condition))
        if _reached(session, since, minutes):
            return
    raise TrackerUnavailableError(
        f"{session.tracker}: Jira's clock runs away from ours", tracker=session.tracker
    )


def _minutes_back(session: JiraSession, since: datetime) -> int:
    if session.now() is None:
        admission.myself(session)
    now = session.now()
    if now is None:
        raise TrackerUnavailableError(
            f"{session.tracker}: Jira does not tell its time", tracker=session.tracker
        )
    return max(1, -((since - now) // MINUTE) + 1)


def _reached(session: JiraSession, since: datetime, minutes: int) -> bool:
    """Tell whether *minutes* before the answer just given is no later than *since*."""
    # What the header tells is whole seconds: the answer may be nearly one later.
    return (
        session.date is not None and session.date + timedelta(seconds=1) - minutes * MINUTE <= since
    )
