"""Label definitions: which there are, what ids are called, and how ours come to be.

A verdict label is a child of our one group at workspace scope, a link label stands at workspace
scope outside every group. Names are unique in Linear whatever their case, and hidden labels occupy
theirs too, so a definition in another place, spelling or state is never worked around: the edit is
refused, with what a person can do about it. Definitions are created when first needed; none is
ever changed, moved or deleted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from okrsync.errors import TrackerError, TrackerRefusedError, TrackerUnavailableError
from okrsync_linear.documents import CREATE_LABEL, LABELS
from okrsync_linear.paging import MOST, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okrsync.core.vocabulary import Vocabulary
    from okrsync_linear.client import LinearClient

CREATED_BY = "Written and removed by okrsync"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One label of the workspace or of a team."""

    id: str
    name: str
    is_group: bool
    hidden: str
    """`archived`, `retired`, or nothing."""
    parent: str | None
    team: str | None


class Labels:
    """The definitions as last listed, and every name an id was ever seen with."""

    def __init__(self, client: LinearClient, vocabulary: Vocabulary) -> None:
        self._client = client
        self._vocabulary = vocabulary
        self._verdicts = {
            f"{vocabulary.prefix}{verdict}".casefold() for verdict in vocabulary.verdicts
        }
        self._known: dict[str, Definition] = {}
        self._names: dict[str, str] = {}
        self._unexplained: set[str] = set()

    def refresh(self) -> None:
        """List all definitions afresh."""
        self._known = {label.id: label for label in self._listed(None)}
        self._names.update((label.id, label.name) for label in self._known.values())
        self._unexplained.clear()

    def usable(self) -> dict[str, str]:
        """Return the definitions that can be put on issues: id -> name."""
        return {
            label.id: label.name
            for label in self._known.values()
            if not label.is_group and not label.hidden
        }

    def names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return what these ids are called, asking Linear where we do not know.

        An id that nobody explains is left out: its definition was deleted, or is kept from us.
        """
        wanted = set(ids)
        if wanted - self._names.keys() - self._unexplained:
            self.refresh()
            self._ask_for(wanted - self._names.keys())
        return {label_id: self._names[label_id] for label_id in wanted & self._names.keys()}

    def carried(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return a name for every id that stands on an issue.

        One that nobody explains goes by its id: leaving it out would say that the issue lost it.
        """
        wanted = set(ids)
        return {label_id: label_id for label_id in wanted} | dict(self.names(wanted))

    def spelled(self, name: str) -> tuple[str, ...]:
        """Return the ids of all definitions of exactly this name, hidden and team ones too."""
        return tuple(label.id for label in self._known.values() if label.name == name)

    def ensure(self, name: str) -> str:
        """Return the id of one of our labels, which is created if nobody has it yet.

        Raises:
            TrackerRefusedError: the name is taken in a way that we may not use.

        """
        verdict = name.casefold() in self._verdicts
        found = self._named(name)
        if found is None:
            parent = self._group() if verdict else None
            found = self._create(name, is_group=False, parent=parent)
        self._refuse_misfit(found, name)
        self._refuse_misplaced(found, verdict=verdict)
        return found.id

    def misfit(self, name: str) -> TrackerRefusedError | None:
        """Return why `ensure` would refuse one of our labels as last listed; creates nothing."""
        verdict = name.casefold() in self._verdicts
        found = self._named(name)
        try:
            if found is not None:
                self._refuse_misfit(found, name)
                self._refuse_misplaced(found, verdict=verdict)
            elif verdict and (group := self._named(self._vocabulary.group)):
                self._refuse_unfit_group(group)
        except TrackerRefusedError as refusal:
            return refusal
        return None

    def siblings(self, label_ids: Iterable[str], of: Iterable[str]) -> tuple[str, ...]:
        """Return the names of those labels that share a group with one of the others."""
        groups = {self._known[label_id].parent for label_id in of if label_id in self._known}
        groups.discard(None)
        known = (self._known[label_id] for label_id in label_ids if label_id in self._known)
        return tuple(sorted(label.name for label in known if label.parent in groups))

    def _group(self) -> str:
        """Return the id of our group, which is created if it is not there."""
        name = self._vocabulary.group
        group = self._named(name) or self._create(name, is_group=True, parent=None)
        self._refuse_unfit_group(group)
        return group.id

    def _refuse_unfit_group(self, group: Definition) -> None:
        if not group.is_group:
            raise self._refusal(
                group, "is no group", "Rename that label, or set another `labels.linear_group`."
            )
        self._refuse_unusable(group)

    def _refuse_misfit(self, label: Definition, name: str) -> None:
        self._refuse_unusable(label)
        if label.is_group:
            raise self._refusal(label, "is a group", "Rename that group.")
        if label.name != name:
            raise self._refusal(label, f"is spelled differently from '{name}'", "Rename it.")

    def _refuse_misplaced(self, label: Definition, *, verdict: bool) -> None:
        """Refuse a verdict outside our group, and a link inside any."""
        if not verdict and label.parent is not None:
            raise self._refusal(label, f"is {self._place(label)}", "Move it out of its group.")
        group = self._named(self._vocabulary.group)
        if verdict and (label.parent is None or group is None or label.parent != group.id):
            remedy = f"Move it into the group '{self._vocabulary.group}'."
            raise self._refusal(label, f"is {self._place(label)}", remedy)
        if verdict and group is not None:
            self._refuse_unusable(group)

    def _refuse_unusable(self, label: Definition) -> None:
        if label.team is not None:
            raise self._refusal(
                label,
                f"belongs to the team {label.team}",
                "Make it a label of the workspace, or rename it; team labels are never replaced.",
            )
        if label.hidden:
            raise self._refusal(
                label, f"is {label.hidden}", "Restore it in Linear's label settings."
            )

    def _refusal(self, label: Definition, why: str, remedy: str) -> TrackerRefusedError:
        return TrackerRefusedError(
            f"The label '{label.name}' {why}", tracker=self._client.tracker, hint=remedy
        )

    def _place(self, label: Definition) -> str:
        if label.parent is None:
            return "outside every group"
        group = self._known.get(label.parent)
        return f"in the group '{group.name}'" if group else "in another group"

    def _named(self, name: str) -> Definition | None:
        """Find a name as Linear does, whatever its case; the workspace's own before a team's."""
        folded = name.casefold()
        same = [label for label in self._known.values() if label.name.casefold() == folded]
        return min(same, key=lambda label: (label.team is not None, label.id), default=None)

    def _create(self, name: str, *, is_group: bool, parent: str | None) -> Definition:
        """Create a definition; whatever the answer, the list afterwards decides."""
        wanted: dict[str, Any] = {"id": str(uuid4()), "name": name, "description": CREATED_BY}
        wanted |= {"isGroup": True} if is_group else {}
        wanted |= {"parentId": parent} if parent else {}
        failure: TrackerError | None = None
        try:
            self._client.write(CREATE_LABEL, {"input": wanted})
        except TrackerError as error:
            failure = error
        self.refresh()
        found = self._named(name)
        if found is not None:
            return found
        if isinstance(failure, TrackerRefusedError):
            raise TrackerRefusedError(
                f"The label '{name}' cannot be created: {failure}",
                tracker=self._client.tracker,
                hint="If its name is taken, a label hidden from us has it: rename that one.",
            ) from failure
        raise failure or TrackerUnavailableError(
            f"Linear does not list the label '{name}' that it created",
            tracker=self._client.tracker,
            maybe_done=False,
        )

    def _ask_for(self, ids: set[str]) -> None:
        """Ask for definitions that the list does not show."""
        if ids:
            by_id = {"id": {"in": sorted(ids)}}
            self._names.update((label.id, label.name) for label in self._listed(by_id))
        self._unexplained |= ids - self._names.keys()

    def _listed(self, wanted: Mapping[str, Any] | None) -> Iterator[Definition]:
        listing = pages(
            self._client,
            LABELS,
            {"filter": wanted},
            at=("issueLabels",),
            first=MOST,
            kind="definitions",
        )
        for nodes in listing:
            yield from (_definition(node) for node in nodes)


def _definition(node: Mapping[str, Any]) -> Definition:
    hidden = "archived" if node["archivedAt"] else "retired" if node["retiredAt"] else ""
    return Definition(
        id=node["id"],
        name=node["name"],
        is_group=bool(node["isGroup"]),
        hidden=hidden,
        parent=node["parent"]["id"] if node["parent"] else None,
        team=node["team"]["key"] if node["team"] else None,
    )
