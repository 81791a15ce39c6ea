"""Linear as a `Tracker`: teams are scopes, issues are items, what holds issues is a container.

Reading by id and paging go through the same `issues` list, which leaves out what is archived or in
the bin: for okrsync that is not there. Nothing here decides which labels to write.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

from okrsync.core.work import History, ItemRef
from okrsync.errors import ItemGoneError, TrackerRefusedError, TrackerUnavailableError
from okrsync.ports.tracker import Account, EditOutcome, EditResult, Sighting, Stamp, TaskState
from okrsync_linear import containers, wire
from okrsync_linear.client import LinearClient
from okrsync_linear.documents import HISTORIES, ISSUES, MORE_HISTORY, STAMPS, TEAMS, WHO_AM_I
from okrsync_linear.failures import CredentialsError
from okrsync_linear.labels import Labels
from okrsync_linear.paging import MOST, pages
from okrsync_linear.sequence import in_sequence
from okrsync_linear.settings import mistaken_auth
from okrsync_linear.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from okrsync.core.work import LabelEdit, WorkItem
    from okrsync.ports.tracker import Connection
    from okrsync_linear.settings import LinearSettings

HISTORIES_AT_ONCE = 20
HISTORY_PAGE = 100
# What is changed so soon after an issue's creation may be missing in its history.
FOLDED = timedelta(minutes=3)


class LinearTracker:
    """One Linear workspace."""

    def __init__(self, settings: LinearSettings, connection: Connection) -> None:
        self._settings = settings
        self._name = connection.name
        self._with_text = connection.with_text
        self._client = LinearClient(settings, connection)
        self._labels = Labels(self._client, connection.vocabulary)
        self._account_id: str | None = None
        self._writer = Writer(
            self._client,
            self._labels,
            with_text=connection.with_text,
            look=lambda issue_id: next(self.read([issue_id]), None),
            shown=lambda node: next(self._items([node]), None),
            stopping=connection.stopping,
        )

    def check(self) -> Account:
        """Make sure that the token is accepted and every configured team can be seen."""
        try:
            self._account_id = self._who_am_i()
        except CredentialsError as error:
            mistaken = mistaken_auth(self._settings)
            error.hint = mistaken[1] if mistaken else error.hint
            raise
        self._refuse_unseen_scopes()
        return Account(self._account_id)

    def pull(self, scope: str) -> Iterator[Sighting]:
        """Yield every issue of a team."""
        self._labels.refresh()
        team = {"team": {"key": {"eq": scope}}}
        for nodes in self._issue_pages(team, self._settings.page_size, "search"):
            with self._understanding():
                there, names = self._there(nodes)
                seen = [
                    Sighting(
                        node["id"],
                        wire.digest(node, names),
                        partial(self._looked_at, node, names),
                    )
                    for node in there
                ]
            yield from seen

    def read(self, ids: Sequence[str]) -> Iterator[WorkItem]:
        """Yield issues and containers as they are now."""
        issues = _issues_among(ids)
        if issues:
            self._labels.refresh_to_read()
        for batch in _batches(issues, self._settings.page_size):
            for nodes in self._issue_pages(_by_id(batch), len(batch), "read"):
                yield from self._items(nodes)
        for kind, batch in containers.batches(ids):
            yield from self._containers(kind, batch)

    def histories(self, ids: Sequence[str], since: datetime | None = None) -> Iterator[History]:
        """Yield the label changes of each issue.

        Linear folds what happens in an issue's first three minutes into its creation; a history
        that reaches back so far is not complete. Neither is one that speaks of a label whose
        definition was deleted, for its name is lost: it is told by its id.
        """
        for batch in _batches(_issues_among(ids), HISTORIES_AT_ONCE):
            listing = pages(
                self._client,
                HISTORIES,
                {"filter": _by_id(batch)},
                at=("issues",),
                first=len(batch),
                kind="history",
            )
            for nodes in listing:
                yield from self._histories_of(nodes, since)

    def stamps(self, scope: str, since: datetime | None = None) -> Iterator[Stamp]:
        """Yield what tells which issues of a team changed, in the order of their creation."""
        wanted: dict[str, Any] = {"team": {"key": {"eq": scope}}}
        if since is not None:
            wanted["updatedAt"] = {"gte": since.isoformat()}
        listing = pages(
            self._client, STAMPS, {"filter": wanted}, at=("issues",), first=MOST, kind="search"
        )
        for nodes in listing:
            with self._understanding():
                there = [node for node in nodes if wire.is_there(node)]
                stamps = [Stamp(each["id"], wire.moment(each["updatedAt"])) for each in there]
            yield from stamps

    def time(self) -> datetime | None:
        """Return Linear's clock as its newest answer told it."""
        return self._client.date

    def definitions(self) -> Mapping[str, str]:
        """Read afresh which labels can be put on issues."""
        self._labels.refresh()
        return self._labels.usable()

    def apply(self, edits: Sequence[LabelEdit]) -> Iterator[EditResult]:
        """Make label edits, many in one request where there are many."""
        issues = [edit for edit in edits if wire.is_id(edit.ref.id)]
        for edit in edits:
            if not wire.is_id(edit.ref.id):
                yield EditResult(edit=edit, outcome=EditOutcome.GONE, message="no issue's id")
        if issues:
            yield from self._writer.write(issues)

    def lasting(self, edits: Sequence[LabelEdit]) -> frozenset[ItemRef]:  # noqa: ARG002
        """Answer that Linear is done with an edit once it has answered."""
        return frozenset()

    def task(self, task: str) -> TaskState:  # noqa: ARG002 (the port's signature)
        """Answer that there is no such task: nothing here runs in the background."""
        return TaskState.UNKNOWN

    def close(self) -> None:
        """Give the sockets back."""
        self._client.close()

    def _who_am_i(self) -> str:
        answer = self._client.read(WHO_AM_I, {}, kind="check")
        with self._understanding():
            return str(answer["viewer"]["id"])

    def _refuse_unseen_scopes(self) -> None:
        teams = pages(self._client, TEAMS, {}, at=("teams",), first=MOST, kind="check")
        keys = [str(node["key"]) for nodes in teams for node in nodes]
        unseen = [scope for scope in self._settings.scopes if scope not in keys]
        if unseen:
            raise TrackerRefusedError(
                f"Linear shows us no team {', '.join(unseen)}",
                tracker=self._name,
                hint=_nearest(unseen[0], keys),
            )

    def _issue_pages(
        self, wanted: Mapping[str, Any], first: int, kind: str
    ) -> Iterator[list[dict[str, Any]]]:
        variables = {"filter": wanted, "text": self._with_text}
        return pages(self._client, ISSUES, variables, at=("issues",), first=first, kind=kind)

    def _items(self, nodes: Iterable[dict[str, Any]]) -> Iterator[WorkItem]:
        with self._understanding():
            there, names = self._there(nodes)
            items = [wire.issue(node, names, tracker=self._name) for node in there]
        yield from items

    def _there(
        self, nodes: Iterable[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
        """Return the issues that are there, and what the labels on them are called."""
        there = [node for node in nodes if wire.is_there(node)]
        return there, self._labels.carried(i for node in there for i in node["labelIds"])

    def _looked_at(self, node: Mapping[str, Any], names: Mapping[str, str]) -> WorkItem:
        with self._understanding():
            return wire.issue(node, names, tracker=self._name)

    def _containers(self, kind: containers.Kind, batch: Sequence[str]) -> Iterator[WorkItem]:
        variables = {"filter": _by_id(batch), "text": self._with_text}
        listing = pages(
            self._client,
            kind.document,
            variables,
            at=(kind.listed,),
            first=len(batch),
            kind="read",
        )
        for nodes in listing:
            with self._understanding():
                items = [kind.item(n, tracker=self._name) for n in nodes if kind.is_there(n)]
            yield from items

    def _histories_of(
        self, nodes: Iterable[dict[str, Any]], since: datetime | None
    ) -> Iterator[History]:
        for node in filter(wire.is_there, nodes):
            try:
                with self._understanding():
                    history = self._history(node, self._entries(node), since)
            except ItemGoneError:
                continue
            yield history

    def _entries(self, node: dict[str, Any]) -> list[dict[str, Any]]:
        """Return all lines of an issue's history, those of further pages among them."""
        first = node["history"]
        entries = list(first["nodes"])
        if first["pageInfo"]["hasNextPage"]:
            for more in pages(
                self._client,
                MORE_HISTORY,
                {"id": node["id"]},
                at=("issue", "history"),
                first=HISTORY_PAGE,
                kind="history",
            ):
                entries.extend(more)
        return entries

    def _history(
        self, node: dict[str, Any], entries: list[dict[str, Any]], since: datetime | None
    ) -> History:
        telling = [
            entry for entry in in_sequence(entries, node["labelIds"]) if _tells(entry, since)
        ]
        ids = {label_id for entry in telling for label_id in wire.changed_ids(entry)}
        given = {i: name for entry in telling for i, name in wire.names_in(entry).items()}
        names = {**given, **self._labels.names(ids - given.keys())}
        account = self._me()
        folded = since is None or since < wire.moment(node["createdAt"]) + FOLDED
        return History(
            ItemRef(self._name, node["id"]),
            tuple(wire.change(entry, names, account=account) for entry in telling),
            complete=not folded and ids <= names.keys(),
        )

    def _me(self) -> str:
        if self._account_id is None:
            self._account_id = self._who_am_i()
        return self._account_id

    @contextmanager
    def _understanding(self) -> Iterator[None]:
        """Translate an answer within; one that is not what was asked for is no answer."""
        try:
            yield
        except (KeyError, TypeError, ValueError) as error:
            raise TrackerUnavailableError(
                f"Linear's answer cannot be understood: {error!r}", tracker=self._name
            ) from error


def _tells(entry: Mapping[str, Any], since: datetime | None) -> bool:
    """Tell whether a line of history is about labels, and late enough."""
    in_time = since is None or wire.moment(entry["createdAt"]) >= since
    return in_time and bool(wire.changed_ids(entry))


def _by_id(ids: Sequence[str]) -> dict[str, Any]:
    return {"id": {"in": list(ids)}}


def _issues_among(ids: Sequence[str]) -> list[str]:
    """Return the ids of issues, each once; what is no id of Linear's is nowhere."""
    return [each for each in dict.fromkeys(ids) if wire.is_id(each)]


def _batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _nearest(scope: str, keys: Sequence[str]) -> str:
    by_fold = {key.casefold(): key for key in keys}
    near = get_close_matches(scope.casefold(), list(by_fold), n=1)
    if near:
        return f"Did you mean {by_fold[near[0]]}? A private team must have our account as a member."
    return f"The teams it shows are {', '.join(sorted(keys)) or 'none'}."
