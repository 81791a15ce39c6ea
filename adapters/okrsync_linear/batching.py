"""Many label edits in one request: a mutation for each issue, side by side under aliases.

Linear carries them out one after the other, and where one fails it may stop there and show nothing
of those before. So only what the answer speaks of is told; of the others nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from okrsync_linear.documents import update_issues

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from okrsync.core.work import LabelEdit
    from okrsync.errors import TrackerError
    from okrsync_linear.client import LinearClient

MOST = 50
"""Issues in one request."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An edit in Linear's terms."""

    edit: LabelEdit
    added: tuple[str, ...]
    """Ids of label definitions, as *removed* are."""
    removed: tuple[str, ...]

    @property
    def swaps(self) -> bool:
        """Whether one label may take the place of another."""
        return bool(self.added and self.removed)

    @property
    def wanted(self) -> Mapping[str, list[str]]:
        """The input of the mutation: what changes, never a whole set."""
        given = {"addedLabelIds": list(self.added), "removedLabelIds": list(self.removed)}
        return {name: ids for name, ids in given.items() if ids}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request with many mutations brought: for each alias its data, or what went wrong."""

    data: Mapping[str, Any]
    errors: Mapping[str, TrackerError]


def send(client: LinearClient, batch: Sequence[Ready], *, with_text: bool) -> Answer:
    """Send the edits together; their aliases are in their order."""
    variables: dict[str, Any] = {"text": with_text}
    for n, ready in enumerate(batch):
        variables |= {f"id{n}": ready.edit.ref.id, f"input{n}": ready.wanted}
    data, errors = client.write_each(update_issues(len(batch)), variables)
    return Answer(data, errors)


def alias(n: int) -> str:
    """Return the name that the edit at this place has in documents and answers."""
    return f"issue{n}"
