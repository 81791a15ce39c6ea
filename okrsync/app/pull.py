"""Bring the mirror and the ledger up to what the trackers show. Nothing is written to a tracker.

A scope whose read fails is reported and keeps its old mirror: a failed read is not an empty read.
What cannot be read any more stays in the mirror for a time of grace, and in the ledger for ever.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from okrsync.app.ancestors import read_ancestors
from okrsync.app.definitions import look_at_definitions
from okrsync.app.recover import recover
from okrsync.app.scope_reading import ScopeReading
from okrsync.core.reading import Mark, Reading
from okrsync.errors import TrackerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.app.context import Context
    from okrsync.core.names import Names

GRACE = timedelta(days=30)
"""How long what cannot be read any more is kept in the mirror."""

AGAIN = timedelta(hours=1)
"""How often a pass that asks for changes alone looks at definitions and at known ancestors."""
BESIDE = ""
"""In place of a scope: where the mark of what is beside a tracker's scopes is kept."""


@dataclass(slots=True)
class Pulled:
    """What a pull did, for people and for the record."""

    items: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many items each scope showed: all of them, or those about the last changes."""
    how: dict[tuple[str, str], Reading] = field(default_factory=dict)
    failed: dict[tuple[str, str], TrackerError] = field(default_factory=dict)
    gone: int = 0
    read_directly: int = 0
    recovered: int = 0
    forgotten: int = 0
    """Items that could not be read for so long that the mirror let them go."""

    @property
    def uneventful(self) -> bool:
        """Whether nothing was found that was not known."""
        happened = self.failed or self.gone or self.read_directly or self.recovered
        return not happened and set(self.how.values()) <= {Reading.CHANGES, Reading.SWEEP}


@contextmanager
def scopes_held(ctx: Context, scopes: Iterable[tuple[str, str]]) -> Iterator[None]:
    """Hold the locks of these scopes, taken in one order so that no two wait for each other."""
    with ExitStack() as stack:
        for tracker, scope in sorted(scopes):
            stack.enter_context(ctx.store.lock(tracker, scope, wait=ctx.policy.lock_wait))
        yield


def pull(
    ctx: Context,
    scopes: Sequence[tuple[str, str]],
    names: Names,
    *,
    run: int,
    reading: Reading = Reading.AUTO,
) -> Pulled:
    """Read these scopes. The caller holds their locks."""
    pulled = Pulled()
    for tracker in sorted({tracker for tracker, _ in scopes}):
        mine = [scope for name, scope in scopes if name == tracker]
        again = reading is not Reading.CHANGES or _is_due(ctx, tracker)
        try:
            ctx.tracker(tracker)  # one that cannot be reached is tried once and not once a scope
            pulled.recovered += recover(ctx, tracker, mine, names)
            if again:
                pulled.read_directly += look_at_definitions(ctx, tracker, mine, names, run=run)
            for scope in mine:
                one = ScopeReading(ctx, tracker, scope, names, run)
                _pull_or_note(one, pulled, reading)
            hows = [how for (name, _), how in pulled.how.items() if name == tracker]
            if hows:
                again = again or set(hows) != {Reading.CHANGES}
                fresh = not pulled.uneventful
                read_ancestors(ctx, tracker, names, run=run, again=again, fresh=fresh)
            if again:
                _note_again(ctx, tracker)
            pulled.forgotten += _forget(ctx, tracker, hows)
        except TrackerError as error:
            pulled.failed |= dict.fromkeys(((tracker, scope) for scope in mine), error)
    return pulled


def _is_due(ctx: Context, tracker: str) -> bool:
    """Tell whether it is time again for what no reading of changes shows."""
    with ctx.store.begin() as tx:
        mark = tx.marks().get((tracker, BESIDE))
    return mark is None or mark.tried is None or ctx.now() - mark.tried >= AGAIN


def _note_again(ctx: Context, tracker: str) -> None:
    with ctx.store.begin() as tx:
        tx.put_mark(tracker, BESIDE, Mark(basis="", tried=ctx.now()))


def _pull_or_note(one: ScopeReading, pulled: Pulled, reading: Reading) -> None:
    place = (one.tracker, one.scope)
    try:
        pulled.how[place] = one.read(reading)
        pulled.items[place] = one.items
    except TrackerError as error:
        pulled.failed[place] = error
    pulled.gone += one.missed
    pulled.read_directly += one.direct


def _forget(ctx: Context, tracker: str, hows: Sequence[Reading]) -> int:
    if set(hows) <= {Reading.CHANGES}:
        return 0
    with ctx.store.begin() as tx:
        return tx.forget_unreachable(tracker, tx.run_before(ctx.now() - GRACE))
