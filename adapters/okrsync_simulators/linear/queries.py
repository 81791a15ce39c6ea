"""The root fields that read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from okrsync_simulators.linear.connections import Ordered, ordered, page
from okrsync_simulators.linear.errors import not_found
from okrsync_simulators.linear.filters import Filters, asked_ids
from okrsync_simulators.linear.views import FOUNDED, View, Views, shown
from okrsync_simulators.people import BOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from okrsync_simulators.linear.model import Issue, Label
    from okrsync_simulators.linear.world import LinearWorld

HOUR_MS = 3_600_000
# What a listing depends on besides the issues themselves, so that it may not be kept.
UNSETTLED = re.compile(rb'"labels"|"-?P')


class Queries:
    """Reads one world."""

    def __init__(self, world: LinearWorld) -> None:
        self._world = world
        self._views = Views(world)
        self._kept: tuple[object, Ordered] | None = None

    def fields(self) -> Mapping[str, Callable[..., Any]]:
        """Return a resolver for each root field."""
        world, views = self._world, self._views
        return {
            "viewer": lambda _info: views.user(BOT.id),
            "organization": lambda _info: _organization(),
            "rateLimitStatus": lambda _info: self._rate_limits(),
            "issue": lambda _info, id: views.issue(world.issue(id)),  # noqa: A006 (Linear's name)
            "issues": self._issues,
            "issueLabel": lambda _info, id: views.label(world.label_book.get(id)),  # noqa: A006
            "issueLabels": self._labels,
            "team": self._team,
            "teams": views.connection(world.teams.values, views.team, Filters.team),
            "workflowStates": views.connection(world.states.values, views.state, Filters.state),
            "projects": views.connection(world.projects.values, views.project, Filters.project),
            "projectMilestones": views.connection(
                world.milestones.values, views.milestone, Filters.milestone
            ),
            "initiatives": views.connection(
                world.initiatives.values, views.initiative, Filters.project
            ),
        }

    def _issues(self, _info: Any, **arguments: Any) -> View:
        """List issues, through the index unless the filter asks for them by id."""
        listing = self._listing(arguments)
        return page(listing, self._views.issue, arguments.get("first"), arguments.get("after"))

    def _listing(self, arguments: Mapping[str, Any]) -> Ordered:
        """Return the whole list that a page is cut from, kept while nothing changes."""
        asked = {name: arguments.get(name) for name in ("filter", "orderBy", "includeArchived")}
        wanted = orjson.dumps(asked)
        index = self._world.index
        if not index.settled or UNSETTLED.search(wanted):
            return self._search(asked)
        key = (wanted, index.revision)
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, self._search(asked))
        return self._kept[1]

    def _search(self, asked: Mapping[str, Any]) -> Ordered:
        spec = asked["filter"]
        found = shown(self._candidates(spec), archived=bool(asked["includeArchived"]))
        if spec:
            found = filter(Filters(self._world, self._world.moment()).issue(spec), found)
        return ordered(found, asked["orderBy"])

    def _candidates(self, spec: Mapping[str, Any] | None) -> Iterable[Issue]:
        asked = asked_ids(spec)
        if asked is None:
            return self._world.index.searched()
        found = (self._world.index.find(issue_id) for issue_id in dict.fromkeys(asked))
        return [issue for issue in found if issue is not None]

    def _labels(self, info: Any, **arguments: Any) -> View:
        """List definitions; retired ones count as archived."""
        everything = bool(arguments.get("includeArchived"))

        def rows() -> list[Label]:
            labels = self._world.label_book.by_id.values()
            return [one for one in labels if everything or one.retired_at is None]

        listed: View = self._views.connection(rows, self._views.label, Filters.label)(
            info, **arguments
        )
        return listed

    def _team(self, _info: Any, id: str) -> View:  # noqa: A002 (Linear's own argument)
        """Show a team by its id or key."""
        for team in self._world.teams.values():
            if id in {team.id, team.key}:
                return self._views.team(team)
        raise not_found("Team")

    def _rate_limits(self) -> View:
        budget = self._world.budget
        buckets = (("requests", budget.requests), ("complexity", budget.complexity))
        return {
            "identifier": BOT.id,
            "kind": "apiKey",
            "limits": [
                {
                    "type": name,
                    "period": HOUR_MS,
                    "allowedAmount": bucket.limit,
                    "requestedAmount": 1,
                    "remainingAmount": bucket.left,
                    "reset": budget.reset(),
                }
                for name, bucket in buckets
            ],
        }


def _organization() -> View:
    return {
        "id": "5f0c1a2b-0000-4000-8000-000000000001",
        "name": "Shop",
        "urlKey": "shop",
        "createdAt": FOUNDED,
        "updatedAt": FOUNDED,
    }
