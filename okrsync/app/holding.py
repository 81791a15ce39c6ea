"""What the guard refused where we may write: kept by scope and cause until all is judged anew.

An item whose change was refused and told is settled like one in order, so that nobody judges and
stores it again in every pass. What else then changes in the same scope, for the same cause, waits
with it, for together they are what the guard refused. Everything is judged again once an hour while
something waits, and at once after a yes, or when goals, rules, limits or the day change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.guard import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okrsync.ports.store import Transaction


def held(tx: Transaction, places: Iterable[tuple[str, str]]) -> dict[Group, str]:
    """Return the groups that wait in these scopes, each with the reason."""
    return {
        Group(tracker, scope, cause): why
        for tracker, scope in places
        for cause, why in (tx.note(_note(tracker, scope)) or {}).items()
    }


def hold(tx: Transaction, places: Iterable[tuple[str, str]], waiting: Mapping[Group, str]) -> None:
    """Remember that of these scopes exactly these groups wait."""
    for tracker, scope in places:
        causes = {
            group.cause: why
            for group, why in waiting.items()
            if group.tracker == tracker and group.scope.casefold() == scope.casefold()
        }
        tx.put_note(_note(tracker, scope), causes or None)


def _note(tracker: str, scope: str) -> str:
    return f"held {tracker} {scope.casefold()}"
