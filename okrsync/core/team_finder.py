"""Find the team whose `works_in` an item is in; of several the most specific entry wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.core.goals import Team, WorksIn
    from okrsync.core.work import WorkItem


class TeamFinder:
    """Finds teams; of a scope it looks only at the entries that can be about it."""

    def __init__(self, teams: Iterable[Team]) -> None:
        entries = [(place, team.id) for team in teams for place in team.works_in]
        self._entries = sorted(entries, key=lambda entry: -_conditions(entry[0]))
        self._of_scopes: dict[tuple[str, str], list[tuple[WorksIn, str]]] = {}

    def team_of(self, item: WorkItem) -> str | None:
        """Return the team's id."""
        for place, team in self._of_scope(item.ref.tracker, item.scope):
            if _holds(place, item):
                return team
        return None

    def _of_scope(self, tracker: str, scope: str) -> list[tuple[WorksIn, str]]:
        known = self._of_scopes.get((tracker, scope))
        if known is None:
            known = [
                (place, team)
                for place, team in self._entries
                if place.tracker == tracker
                and (place.scope is None or place.scope.casefold() == scope.casefold())
            ]
            self._of_scopes[tracker, scope] = known
        return known


def _conditions(place: WorksIn) -> int:
    return sum(x is not None for x in (place.scope, place.component, place.team))


def _holds(place: WorksIn, item: WorkItem) -> bool:
    return (place.component is None or _folded(place.component, item.components)) and (
        place.team is None or (item.team is not None and _folded(place.team, (item.team,)))
    )


def _folded(word: str, words: Iterable[str]) -> bool:
    return word.casefold() in (other.casefold() for other in words)
