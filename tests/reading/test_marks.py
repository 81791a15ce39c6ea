"""How much is read, and from when on."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.reading import FULL_EVERY, Mark, Reading, due, is_news, moved_on

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MARK = Mark(basis="b", watermark=NOW, swept=NOW, read=NOW)
MOMENTS = st.datetimes(timezones=st.just(UTC))


def test_a_scope_never_read_or_asked_for_otherwise_is_read_whole() -> None:
    assert due(None, Reading.CHANGES, basis="b", now=NOW) is Reading.FULL
    assert due(MARK, Reading.CHANGES, basis="other", now=NOW) is Reading.FULL
    assert due(Mark(basis="b"), Reading.AUTO, basis="b", now=NOW) is Reading.FULL


def test_a_person_gets_a_sweep_and_after_a_week_a_full_read() -> None:
    assert due(MARK, Reading.AUTO, basis="b", now=NOW) is Reading.SWEEP
    assert due(MARK, Reading.AUTO, basis="b", now=NOW + FULL_EVERY) is Reading.FULL


@pytest.mark.parametrize("asked", [Reading.CHANGES, Reading.SWEEP, Reading.FULL])
def test_who_asks_for_one_way_gets_it(asked: Reading) -> None:
    assert due(MARK, asked, basis="b", now=NOW) is asked


@given(newest=st.none() | MOMENTS, began=st.none() | MOMENTS, before=st.none() | MOMENTS)
def test_the_watermark_never_moves_back_nor_beyond_what_was_seen(
    newest: datetime | None, began: datetime | None, before: datetime | None
) -> None:
    mark = replace(MARK, watermark=before)
    after = moved_on(mark, Reading.CHANGES, basis="b", newest=newest, began=began, now=NOW)
    if before is not None:
        assert after.watermark is not None
        assert after.watermark >= before
    for bound in (newest, began):
        if newest is not None and bound is not None and after.watermark != before:
            assert after.watermark is not None
            assert after.watermark <= bound


def test_nothing_new_leaves_the_watermark_where_it_is() -> None:
    later = NOW + timedelta(hours=1)
    after = moved_on(MARK, Reading.CHANGES, basis="b", newest=None, began=later, now=later)
    assert (after.watermark, after.tried) == (NOW, later)


def test_only_a_whole_read_counts_as_one() -> None:
    later = NOW + timedelta(days=1)
    swept = moved_on(MARK, Reading.SWEEP, basis="b", newest=NOW, began=later, now=later)
    assert (swept.swept, swept.read) == (later, NOW)
    whole = moved_on(swept, Reading.FULL, basis="b", newest=NOW, began=later, now=later)
    assert (whole.swept, whole.read) == (later, later)


@given(updated=MOMENTS, known=MOMENTS, began=st.none() | MOMENTS)
def test_what_is_newer_is_news_and_what_is_older_never_is(
    updated: datetime, known: datetime, began: datetime | None
) -> None:
    mark = replace(MARK, began=began)
    assert is_news(updated, None, mark)
    if updated != known:
        assert is_news(updated, known, mark) is (updated > known)


def test_a_second_change_in_the_instant_of_the_reading_is_not_missed() -> None:
    mark = replace(MARK, began=NOW)
    assert is_news(NOW, NOW, mark)
    assert not is_news(NOW - timedelta(minutes=1), NOW - timedelta(minutes=1), mark)


def test_a_policy_is_told_alike_by_every_process() -> None:
    told = "from okrsync.app.choosing import told_alike; from okrsync.app.context import Policy"
    program = f"{told}; print(told_alike(Policy(link_kinds=frozenset('abcdefgh'))))"
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
