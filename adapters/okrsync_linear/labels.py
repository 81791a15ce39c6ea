"""Label definitions: which there are, what ids are called, and how ours come to be.

A verdict label is a child of our one group at workspace scope, a link label stands at workspace
scope outside every group. Names are unique in Linear whatever their case, and hidden labels occupy
theirs too, so a definition in another place, spelling or state is never worked around: the edit is
refused, with what a person can do about it. Definitions are created when first needed, many in one
request; none is ever changed, moved or deleted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from okrsync.errors import TrackerRefusedError, TrackerUnavailableError
from okrsync_linear.creating import TOGETHER, create
from okrsync_linear.documents import LABELS
from okrsync_linear.failures import CredentialsError
from okrsync_linear.paging import MOST, pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from okrsync.core.vocabulary import Vocabulary
    from okrsync.errors import TrackerError
    from okrsync_linear.client import LinearClient

CREATED_BY = "Written and removed by okrsync"
RECENT = 5.0
"""Seconds for which what was listed for a write also names what is read next."""


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
        self._for_write = float("-inf")

    def refresh(self) -> None:
        """List all definitions afresh."""
        self._known = {label.id: label for label in self._listed(None)}
        self._names.update((label.id, label.name) for label in self._known.values())
        self._unexplained.clear()

    def refresh_to_write(self) -> None:
        """List all definitions afresh: a write goes by nothing older."""
        began = monotonic()
        self.refresh()
        self._for_write = began

    def refresh_to_read(self) -> None:
        """List all definitions afresh, unless a write just before did."""
        if monotonic() - self._for_write > RECENT:
            self.refresh()
        self._for_write = float("-inf")

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

    def ensure(self, names: Iterable[str]) -> Mapping[str, str | TrackerError]:
        """Return the ids of labels of ours, or why one cannot be used.

        Those that nobody has yet are created, in one request where Linear lets us.
        """
        wanted = tuple(dict.fromkeys(names))
        failures: dict[str, TrackerError] = {}
        while missing := self._missing(wanted, failures):
            failures |= self._create(missing[:TOGETHER])
        return {name: self._ensured(name, failures) for name in wanted}

    def misfit(self, name: str) -> TrackerRefusedError | None:
        """Return why `ensure` would refuse one of our labels as last listed; creates nothing."""
        verdict = self._is_verdict(name)
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

    def _is_verdict(self, name: str) -> bool:
        return name.casefold() in self._verdicts

    def _missing(self, wanted: Iterable[str], failures: Mapping[str, TrackerError]) -> list[str]:
        """Return what is to be created, our group before its children."""
        absent = [
            name
            for name in wanted
            if name not in failures and self._named(name) is None and self.misfit(name) is None
        ]
        group = self._vocabulary.group
        if self._named(group) is not None or not any(map(self._is_verdict, absent)):
            return absent
        if group in failures:
            return [name for name in absent if not self._is_verdict(name)]
        return [group, *absent]

    def _ensured(self, name: str, failures: Mapping[str, TrackerError]) -> str | TrackerError:
        found = self._named(name)
        refusal = self.misfit(name)
        if refusal is not None:
            return refusal
        if found is not None:
            return found.id
        # without its group a child fails as well, and says less about why
        above = failures.get(self._vocabulary.group) if self._is_verdict(name) else None
        return above or failures[name]

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

    def _create(self, names: Sequence[str]) -> dict[str, TrackerError]:
        """Create definitions; whatever the answer, the list afterwards decides.

        Returns why some could not be. What is neither there nor among these was not reached.
        """
        told = create(self._client, self._inputs(names))
        self.refresh()
        left = [name for name in names if self._named(name) is None]
        failures = {name: self._cannot_create(name, told[name]) for name in left if name in told}
        if failures or len(left) < len(names):
            return failures
        return {name: self._not_listed(name) for name in left}

    def _inputs(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        group = self._vocabulary.group
        ids = {name: str(uuid4()) for name in names}
        known = self._named(group)
        parent = known.id if known else ids.get(group)
        inputs: dict[str, dict[str, Any]] = {
            name: {"id": ids[name], "name": name, "description": CREATED_BY} for name in names
        }
        for name, wanted in inputs.items():
            if name == group:
                wanted["isGroup"] = True
            elif self._is_verdict(name):
                wanted["parentId"] = parent
        return inputs

    def _cannot_create(self, name: str, error: TrackerError) -> TrackerError:
        if not isinstance(error, TrackerRefusedError) or isinstance(error, CredentialsError):
            return error
        return TrackerRefusedError(
            f"The label '{name}' cannot be created: {error}",
            tracker=self._client.tracker,
            hint="If its name is taken, a label hidden from us has it: rename that one.",
        )

    def _not_listed(self, name: str) -> TrackerUnavailableError:
        return TrackerUnavailableError(
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
