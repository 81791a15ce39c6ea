"""What `init` and `doctor` ask Linear: are we known, which teams are there, do our labels fit.

Reads only. Linear does not tell what a key may do before it does it, so no missing right is ever
reported here.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from okrsync.errors import TrackerUnavailableError
from okrsync.ports.survey import Misfit, PlannedInitiative, Reached, VisibleScope
from okrsync_linear import wire
from okrsync_linear.client import LinearClient
from okrsync_linear.documents import PLANNED, TEAMS, WORKSPACE
from okrsync_linear.labels import Labels
from okrsync_linear.paging import MOST, pages
from okrsync_linear.settings import mistaken_auth

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from okrsync.ports.survey import Lack
    from okrsync.ports.tracker import Connection
    from okrsync_linear.settings import LinearSettings

OVER = frozenset({"Completed", "Canceled"})
INITIATIVES_AT_ONCE = 50


class LinearSurvey:
    """Looks around in one workspace."""

    def __init__(self, settings: LinearSettings, connection: Connection) -> None:
        self._settings = settings
        self._client = LinearClient(settings, connection)
        self._labels = Labels(self._client, connection.vocabulary)

    def reach(self) -> Reached:
        """Ask who we are; a token of the other kind is not even sent."""
        told = mistaken_auth(self._settings)
        if told is not None:
            auth, why = told
            return Reached(site="", section={"auth": auth}, why=why)
        answer = self._client.read(WORKSPACE, {}, kind="check")
        with self._understanding():
            return Reached(site=str(answer["organization"]["id"]))

    def scopes(self, keys: Sequence[str] = ()) -> Iterator[VisibleScope]:
        """Yield the teams that the token sees."""
        with self._understanding():
            for node in self._nodes(TEAMS, "teams", MOST):
                if not keys or node["key"] in keys:
                    yield VisibleScope(node["key"], node["name"], node["id"])

    def lacks(self, scopes: Sequence[str]) -> Iterator[Lack]:  # noqa: ARG002 (the port's signature)
        """Yield nothing: Linear does not tell."""
        yield from ()

    def misfits(self, labels: Sequence[str]) -> Iterator[Misfit]:
        """Yield each definition that stands in the way, once."""
        self._labels.refresh()
        told: set[str] = set()
        for label in labels:
            refusal = self._labels.misfit(label)
            if refusal is not None and str(refusal) not in told:
                told.add(str(refusal))
                yield Misfit(label, str(refusal), refusal.hint or "")

    def initiatives(self) -> Iterator[PlannedInitiative]:
        """Yield the initiatives that are not over, with the names of their projects."""
        with self._understanding():
            for node in self._nodes(PLANNED, "initiatives", INITIATIVES_AT_ONCE):
                if node["status"] not in OVER and wire.is_there(node):
                    yield _initiative(node)

    def time(self) -> datetime | None:
        """Return Linear's clock as its newest answer told it."""
        return self._client.date

    def close(self) -> None:
        """Give the sockets back."""
        self._client.close()

    def _nodes(self, document: str, at: str, first: int) -> Iterator[Mapping[str, Any]]:
        for nodes in pages(self._client, document, {}, at=(at,), first=first, kind="check"):
            yield from nodes

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        try:
            yield
        except (KeyError, TypeError) as error:
            raise TrackerUnavailableError(
                f"Linear's answer cannot be understood: {error!r}", tracker=self._client.tracker
            ) from error


def _initiative(node: Mapping[str, Any]) -> PlannedInitiative:
    texts = (node["description"], node["content"])
    projects = (each for each in node["projects"]["nodes"] if wire.is_there(each))
    return PlannedInitiative(
        name=node["name"],
        text="\n".join(text for text in texts if text),
        projects=tuple(sorted(each["name"] for each in projects)),
    )
