"""One piece of work and what follows from how it ended: passes over scopes, and answered bells.

An error stays where it was. A scope that fails is left alone for a while, longer each time; a bell
that nothing comes of is rung again later and in the end becomes a dead letter for a person.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

import structlog
from structlog.contextvars import bound_contextvars

from okrsync.core.work import ItemRef
from okrsync.daemon.reporting import Ended, failure, report
from okrsync.daemon.seat import Seat
from okrsync.errors import OkrsyncError, StoppedError, StoreError
from okrsync.ports.store import DeadLetter, PlanStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okrsync.app.context import Context
    from okrsync.app.passes import Pass
    from okrsync.core.reading import Reading
    from okrsync.daemon.board import Board
    from okrsync.daemon.desk import Bell, Desk
    from okrsync.daemon.house import House
    from okrsync.ports.telemetry import Place, Telemetry

ITEMS = "items"
"""What passes over single items are called where others name a scope."""
TRIES = 8
"""How often a bell is answered before it becomes a dead letter."""


WHILE_BUSY = 0.5
"""Seconds after which bells for a scope that somebody else writes are answered again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What every worker uses."""

    house: House
    board: Board
    telemetry: Telemetry
    run_scope: Callable[[Context, Place, Reading], Pass]
    run_items: Callable[[Context, str, tuple[str, ...]], Pass]
    stopping: Callable[[], bool] = field(default=lambda: False)
    """Whether somebody asked to end: what fails then fails because of it."""
    longest_rest: float = 900.0
    """Seconds that a failing scope is left alone at most."""
    first_rest: float = 5.0
    random: Random = field(default_factory=Random)

    def seat(self) -> Seat:
        """Return a seat for one more thread."""
        return Seat(self.house)

    def rest(self, failures: int, asked: float | None) -> float:
        """Return how long to leave alone what failed so often in a row; a tracker's wish counts."""
        doubled = min(self.first_rest * 2.0 ** min(failures - 1, 30), self.longest_rest)
        return max(doubled * self.random.uniform(0.5, 1.0), asked or 0.0)


def make_pass(shop: Workshop, seat: Seat, desk: Desk, place: Place, reading: Reading) -> Ended:
    """Make one pass over a scope, and say when the next may be if it failed."""
    ended = _run(shop, seat, place, lambda ctx: shop.run_scope(ctx, place, reading))
    if ended.outcome == "stopped":
        return ended
    if ended.why is None:
        shop.board.succeeded(place, ended.began)
        if ended.changed or not shop.board.has_counted(place):
            _count(shop, place)
        _heal(shop, place)
        _tell_waiting(shop)
        return ended
    if ended.outcome == "busy":
        desk.put_off(place[1], shop.rest(1, None))
        desk.want(place[1], reading)
        return ended
    failures = shop.board.failed(place, ended.why)
    seconds = shop.rest(failures, ended.retry_after)
    shop.board.tried_again_at(place, ended.began + timedelta(seconds=ended.seconds + seconds))
    desk.put_off(place[1], seconds)
    desk.want(place[1], reading)
    structlog.get_logger().warning(
        "pass.failed",
        tracker=place[0],
        scope=place[1],
        why=ended.why,
        failures=failures,
        next_try_in=round(seconds, 1),
    )
    return ended


def answer(shop: Workshop, seat: Seat, desk: Desk, tracker: str, bells: Sequence[Bell]) -> None:
    """Look at the items that somebody rang for; what fails is for later, or for a person."""
    items = tuple(bell.item for bell in bells)
    ended = _run(shop, seat, (tracker, ITEMS), lambda ctx: shop.run_items(ctx, tracker, items))
    if ended.outcome == "stopped" or ended.why is None:
        return
    if ended.outcome == "busy":
        desk.ring_again(bells, WHILE_BUSY, ended.why, counted=False)
        return
    if len(bells) > 1 and not ended.everybodys:
        for bell in bells:  # one of them spoils it for the others
            answer(shop, seat, desk, tracker, [bell])
        return
    tries = max(bell.tries for bell in bells) + 1
    again = [bell for bell in bells if bell.tries + 1 < TRIES]
    desk.ring_again(again, shop.rest(tries, ended.retry_after), ended.why)
    _bury(shop, tracker, [bell for bell in bells if bell.tries + 1 >= TRIES], ended)
    structlog.get_logger().warning(
        "bells.failed", tracker=tracker, items=items, why=ended.why, tries=tries
    )


def _run(shop: Workshop, seat: Seat, place: Place, work: Callable[[Context], Pass]) -> Ended:
    """Do the work; whatever happens becomes a value."""
    began, started = shop.house.now(), monotonic()
    at_work = shop.board.at_work(place[0])
    with at_work, bound_contextvars(tracker=place[0], scope=place[1]):
        try:
            ctx = seat.context()
            made = work(ctx)
            spent = monotonic() - started
            ended = report(shop.telemetry, ctx, made, place, began=began, seconds=spent)
            shop.board.noticed(change=ended.changed)
        except StoppedError:
            ended = Ended(began, monotonic() - started, "stopped")
        except OkrsyncError as error:
            ended = failure(error, began, monotonic() - started)
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not end other scopes
            structlog.get_logger().exception("pass.broke")
            why = f"{type(error).__name__}, a mistake of okrsync's own"
            ended = Ended(began, monotonic() - started, "broken", why, exit_code=1)
    if ended.why is not None and shop.stopping():
        ended = Ended(ended.began, ended.seconds, "stopped")
    shop.telemetry.passed(place, ended.outcome, ended.seconds)
    if ended.why is not None:
        seat.leave()
    return ended


def _count(shop: Workshop, place: Place) -> None:
    """Tell how many items a scope has."""
    with suppress(StoreError), shop.house.fittings.context.store.begin() as tx:
        counts = tx.count_items(*place)
        shop.board.counted(place, counts.get(place[1], 0))


def _heal(shop: Workshop, place: Place) -> None:
    """Let go of letters about items of a scope that a pass has just made true."""
    tracker, scope = place
    with suppress(StoreError), shop.house.fittings.context.store.begin() as tx:
        refs = [each.ref for each in tx.dead_letters() if each.ref.tracker == tracker]
        known = tx.items(refs)
        inside = [r for r in refs if r in known and known[r].item.scope == scope]
        if tx.drop_dead_letters(inside):
            structlog.get_logger().info("dead_letters.healed", items=[ref.id for ref in inside])
        shop.telemetry.dead_letters(tx.count_dead_letters())


def _tell_waiting(shop: Workshop) -> None:
    """Tell how many plans wait for a yes."""
    with suppress(StoreError), shop.house.fittings.context.store.begin() as tx:
        waiting = [plan for plan in tx.plans(PlanStatus.WAITING) if plan.why and plan.items]
    shop.telemetry.plans_waiting(len(waiting))


def _bury(shop: Workshop, tracker: str, bells: Sequence[Bell], ended: Ended) -> None:
    """Keep what nothing came of for a person."""
    if not bells:
        return
    letters = [
        DeadLetter(
            id=0,
            ref=ItemRef(tracker, bell.item),
            since=bell.since,
            at=ended.began,
            tries=bell.tries + 1,
            why=ended.why or "",
        )
        for bell in bells
    ]
    try:
        with shop.house.fittings.context.store.begin() as tx:
            tx.put_dead_letters(letters)
            shop.telemetry.dead_letters(tx.count_dead_letters())
    except StoreError as error:
        items = [bell.item for bell in bells]
        structlog.get_logger().error(
            "dead_letters.lost", tracker=tracker, items=items, why=str(error)
        )
