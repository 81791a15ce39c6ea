"""Judged work as rules see it: one item with its verdict, and what verdicts rest on.

Nothing here reads a store or a tracker; items come as they pass, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from okrsync.core.work import Category

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from okrsync.core.goals import KeyResult
    from okrsync.core.judge import Court, Judgement
    from okrsync.core.ledger import ItemState, Vanishing
    from okrsync.core.signals import OwnWord
    from okrsync.core.work import ItemRef, WorkItem
    from okrsync.lint.rule import LintInput

COMPANY = ""
"""Stands for the whole where counts are kept by team."""

_EPICS = frozenset({"epic", "initiative", "theme", "saga", "capability"})


class Seen(Protocol):
    """An item with what okrsync thinks of it."""

    @property
    def item(self) -> WorkItem:
        """The item as last read."""

    @property
    def state(self) -> ItemState:
        """What is remembered of it."""

    @property
    def judgement(self) -> Judgement:
        """What okrsync thinks of it."""

    @property
    def above(self) -> Sequence[WorkItem]:
        """Its ancestors: the parent chain, nearest first, then what holds these."""

    @property
    def words(self) -> Sequence[OwnWord]:
        """What each of them says at its own level."""

    @property
    def alone(self) -> bool:
        """It was finished too long ago to be touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What judged work is held against."""

    court: Court
    now: datetime
    """In the organisation's time zone."""
    twins: frozenset[str] = frozenset()
    """Case-folded scopes that several trackers have: there a key alone names no item."""
    carried: tuple[str, ...] = ()
    """Goals that are gone from the files and in force because labels hold them."""
    held: Mapping[str, int] = field(default_factory=dict)
    """Goal id -> how many labels hold it."""
    vanished: tuple[Vanishing, ...] = ()
    """Labels that went without a person's word; not answered yet."""

    @property
    def zone(self) -> ZoneInfo | None:
        """The organisation's time zone."""
        return self.now.tzinfo  # type: ignore[return-value] # set by whoever made it

    def day(self, at: datetime) -> date:
        """Return the day it was where the organisation is."""
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """An item as findings name it."""

    ref: ItemRef
    key: str
    """Also with the tracker in front, where the key alone names several items."""
    title: str
    scope: str
    url: str | None = None
    team: str | None = None
    """The team whose item it is."""


def brief(item: WorkItem, ground: Ground) -> Brief:
    """Return what findings say of an item."""
    twin = item.scope.casefold() in ground.twins
    key = f"{item.ref.tracker}:{item.key}" if twin else item.key
    return Brief(
        ref=item.ref,
        key=key,
        title=item.title,
        scope=item.scope,
        url=item.url,
        team=ground.court.matcher.team_of(item),
    )


def is_open(item: WorkItem) -> bool:
    """Whether anybody is still expected to work on it."""
    return item.category is Category.TODO or item.category is Category.DOING


def is_epic(item: WorkItem) -> bool:
    """Whether it is by its type no piece of work but a heap of them."""
    return _means_epic(item.type)


@lru_cache(maxsize=1_000)
def _means_epic(kind: str) -> bool:
    return kind.casefold() in _EPICS


def parents(seen: Seen) -> Iterator[WorkItem]:
    """Yield the parent chain, nearest first, without what holds its members."""
    up = seen.item.parent
    for one in seen.above:
        if one.ref != up:
            return
        yield one
        up = one.parent


def about(seen: Seen, given: LintInput) -> Brief:
    """Return what findings say of an item that is being looked at."""
    if given.ground is None:
        raise ValueError("items are judged on some ground")
    return brief(seen.item, given.ground)


def led_to(seen: Seen, given: LintInput) -> tuple[KeyResult, ...]:
    """Return the live key results that an item's goals lead to, each once."""
    if given.ground is None:
        return ()
    outlook = given.ground.court.outlook
    led = (
        kr
        for signal in seen.judgement.signals
        for kr in outlook.leads_to(signal.goal, learning=signal.learning)
        if outlook.is_live(kr)
    )
    return tuple({kr.id: kr for kr in led}.values())
