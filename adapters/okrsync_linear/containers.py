"""The kinds of things that hold issues and only pass on what they are linked to.

What is archived or in the bin is not there, and neither is a milestone of such a project.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from okrsync_linear import wire
from okrsync_linear.documents import INITIATIVES, MILESTONES, PROJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okrsync.core.work import WorkItem

AT_ONCE = 50
"""So many, each with up to 50 initiatives, stay well below what Linear lets one query cost."""


class _Translate(Protocol):
    def __call__(self, node: Mapping[str, Any], *, tracker: str) -> WorkItem: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of container, how it is asked for and understood."""

    prefix: str
    document: str
    listed: str
    """The field that lists them."""
    item: _Translate

    @staticmethod
    def is_there(node: Mapping[str, Any]) -> bool:
        """Tell whether neither it nor the project it is part of is archived or in the bin."""
        return wire.is_there(node) and wire.is_there(node.get("project") or {})


KINDS = (
    Kind(wire.PROJECT, PROJECTS, "projects", wire.project),
    Kind(wire.MILESTONE, MILESTONES, "projectMilestones", wire.milestone),
    Kind(wire.INITIATIVE, INITIATIVES, "initiatives", wire.initiative),
)


def batches(ids: Sequence[str]) -> Iterator[tuple[Kind, list[str]]]:
    """Yield the containers among these ids, without their prefix and each once, by kind."""
    for kind in KINDS:
        bare = (
            i.removeprefix(kind.prefix) for i in dict.fromkeys(ids) if i.startswith(kind.prefix)
        )
        mine = [each for each in bare if wire.is_id(each)]
        for start in range(0, len(mine), AT_ONCE):
            yield kind, mine[start : start + AT_ONCE]
