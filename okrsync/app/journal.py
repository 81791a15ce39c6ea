"""Lines of the journal: what took effect through us on one item, in which run and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.ports.store import Entry

if TYPE_CHECKING:
    from datetime import datetime

    from okrsync.core.ledger import Intent
    from okrsync.core.replay import Late
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.core.work import WorkItem


def entry_of(
    intent: Intent,
    item: WorkItem,
    *,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    after: tuple[str, ...],
    at: datetime,
) -> Entry:
    """Return the line for what a write of *intent* came to."""
    return Entry(
        run=intent.run,
        ref=intent.ref,
        key=item.key,
        scope=item.scope,
        at=at,
        before=intent.before,
        after=after,
        added=added,
        removed=removed,
        budget=intent.budget,
        because=intent.because,
    )


def late_entry(late: Late, item: WorkItem, vocabulary: Vocabulary, at: datetime) -> Entry:
    """Return the line for a write that arrived after its intent was closed."""
    return entry_of(
        late.intent,
        item,
        added=late.added,
        removed=late.removed,
        after=tuple(sorted(vocabulary.of(item.labels))),
        at=at,
    )
