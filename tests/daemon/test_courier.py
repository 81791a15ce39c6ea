"""The daemon mails on its weekly time, makes up for what it missed, and outlives a bad day."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from okrsync.daemon.courier import Courier
from okrsync.daemon.timetable import Timetable
from okrsync.settings.tree import SyncSettings
from tests.mail.conftest import LEADS, PAYERS, Inbox, mailer, post_office, serving
from tests.protocol.conftest import empty_store, open_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.protocol.conftest import Shop

__all__ = ["empty_store", "open_shop"]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with serving(Inbox()) as running:
        yield running


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    made = open_shop()
    made.clock.at = datetime(2026, 11, 3, 8, tzinfo=UTC)
    return made


def courier(shop: Shop, office: object) -> Courier:
    seat = SimpleNamespace(context=lambda: shop.ctx, leave=lambda: None)
    house = SimpleNamespace(fittings=SimpleNamespace(office=office))
    return Courier(SimpleNamespace(seat=lambda: seat, house=house))  # type: ignore[arg-type]


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_wishes_too_many_send_nothing_twice(shop: Shop, inbox: Inbox) -> None:
    mine = courier(shop, post_office(inbox))
    mine.thread.start()
    for _ in range(3):
        mine.want()
        until(lambda: len(inbox.arrived) == 2)
    mine.close()
    mine.thread.join(10)
    assert inbox.counted() == {LEADS: 1, PAYERS: 1}


def test_a_mail_server_that_is_away_ends_nothing(shop: Shop, inbox: Inbox) -> None:
    office = post_office(inbox, mailer=mailer(Inbox(port=1)))
    mine = courier(shop, office)
    mine.thread.start()
    mine.want()
    shop.goals.broken = True
    mine.want()
    mine.close()
    mine.thread.join(10)
    assert not mine.thread.is_alive()
    assert inbox.arrived == []


def test_the_timetable_mails_at_its_hour_where_the_organisation_is() -> None:
    table = Timetable(lambda _reading: None, lambda: None, lambda: None)
    table.start(SyncSettings(), ZoneInfo("Europe/Amsterdam"), "Tue 07:30")
    (job,) = [job for job in table._scheduler.get_jobs() if job.name == "weekly report"]
    at = job.next_run_time.astimezone(ZoneInfo("Europe/Amsterdam"))
    table.stop()
    assert f"{at:%a %H:%M}" == "Tue 07:30"
