"""Streams in pieces, so that memory does not grow with the tracker."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.app.context import Context
    from okrsync.ports.store import MirroredItem, PlannedEdit, Role

T = TypeVar("T")

PAGE = 500


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of up to *size* values."""
    stream = iter(values)
    while batch := list(islice(stream, size)):
        yield batch


def mirrored(
    ctx: Context,
    *,
    tracker: str | None = None,
    scope: str | None = None,
    role: Role | None = None,
    unsettled_only: bool = False,
) -> Iterator[list[MirroredItem]]:
    """Yield pages of the mirror in the order of refs."""
    after = None
    while True:
        with ctx.store.begin() as tx:
            page = list(
                tx.items_after(
                    after,
                    PAGE,
                    tracker=tracker,
                    scope=scope,
                    role=role,
                    unsettled_only=unsettled_only,
                )
            )
        if not page:
            return
        yield page
        after = page[-1].item.ref


def alike(ctx: Context, plan: int, size: int) -> Iterator[list[PlannedEdit]]:
    """Yield pages of a stored plan's edits, equal ones of a tracker beside each other."""
    after = None
    while True:
        with ctx.store.begin() as tx:
            page = list(tx.edits_alike_after(plan, after, size))
        if not page:
            return
        yield page
        after = page[-1]


def planned(ctx: Context, plan: int, size: int = PAGE) -> Iterator[list[PlannedEdit]]:
    """Yield pages of a stored plan's edits in the order of refs."""
    after = None
    while True:
        with ctx.store.begin() as tx:
            page = list(tx.edits_after(plan, after, size))
        if not page:
            return
        yield page
        after = page[-1].ref
