"""11: where a daemon may not write it judges what changed, tells it, and does nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app import passes
from okrsync.app.planning import approve_trackers

if TYPE_CHECKING:
    from collections.abc import Callable


WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


@pytest.fixture
def reporting(open_shop: Callable[..., Any]) -> Any:
    """A shop with something to do, judged once, in which nothing can have changed since."""
    shop = open_shop(writes=False)
    shop.tracker.create(title="wallet")
    shop.quiet()
    shop.light()
    return shop


@pytest.mark.paragraph(11)
def test_what_was_told_in_report_mode_is_not_judged_again(reporting: Any) -> None:
    (item,) = reporting.tracker.items
    assert reporting.judged(item).wish.edit.size
    assert reporting.light().planned is None


@pytest.mark.paragraph(11)
def test_in_report_mode_only_what_changed_is_judged(reporting: Any) -> None:
    created = reporting.tracker.create(title="search")
    made = reporting.light()
    assert made.planned.considered == 1
    assert made.planned.plan.labels == reporting.judged(created).wish.edit.size


@pytest.mark.paragraph(11)
def test_a_daemon_in_report_mode_stores_no_plan_that_nobody_asks_for(reporting: Any) -> None:
    reporting.tracker.create(title="search")
    made = reporting.light()
    assert made.planned.plan.items == 1
    assert reporting.edits(made.planned.plan.id) == {}


@pytest.mark.paragraph(11)
def test_what_was_told_in_report_mode_is_written_once_that_is_allowed(reporting: Any) -> None:
    (item,) = reporting.tracker.items
    reporting.restart(writes=True)
    approve_trackers(reporting.ctx, ["fake"])
    reporting.light()
    assert reporting.labels(item) == WALLET


@pytest.mark.paragraph(11)
def test_what_waits_for_the_first_approval_is_asked_once_and_written_after_it(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.quiet()
    (asked,) = shop.light().waiting
    assert asked.items == 1
    assert shop.light().planned is None
    other = shop.tracker.create(title="wallet again")
    shop.light()
    passes.run_approved(shop.ctx, asked.digest)
    assert (shop.labels(item), shop.labels(other)) == (WALLET, set())
    shop.light()
    assert shop.labels(other) == WALLET
