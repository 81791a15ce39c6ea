"""A finding keeps its first day as long as it is there, or is back before anybody could mend it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okrsync.core.place import Place
from okrsync.core.work import Amount
from okrsync.ports.findings import FLICKER, Change, Coverage, Identity, SeenFinding
from okrsync.storage import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from okrsync.ports.findings import StoredFinding
    from okrsync.ports.store import Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WHOLE = Coverage(codes=frozenset({"WI401", "KR201", "WI405"}), whole=True)


def only(tracker: str, scope: str) -> Coverage:
    return Coverage(codes=WHOLE.codes, scopes=frozenset({(tracker, scope)}))


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store of either kind."""
    url = f"sqlite:///{tmp_path}/findings.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database()
    opened = open_store(url)
    opened.upgrade()
    yield opened
    opened.close()


def about_item(key: str, *, code: str = "WI401", other: str = "", **given) -> SeenFinding:
    plain = {"severity": "warning", "message": f"{key} serves no goal", "action": "link it"}
    return SeenFinding(
        identity=Identity("jira", key, code, other),
        name=key,
        place=Place(""),
        scope=key.partition("-")[0],
        title="Nicer buttons",
        url=f"https://jira.example.com/browse/{key}",
        teams=("checkout",),
        **{**plain, **given},
    )


def about_goal(goal: str, *, code: str = "KR201", other: str = "") -> SeenFinding:
    return SeenFinding(
        identity=Identity("", goal.casefold(), code, other),
        name=goal,
        severity="error",
        message=f"{goal} is a task",
        action="reword it",
        place=Place("okrs/team.yaml", 3, 5),
        confidence=0.85,
        amount=Amount(7, 12.5),
    )


def look(
    store: Store, seen: Iterable[SeenFinding], at: datetime = NOW, coverage: Coverage = WHOLE
) -> None:
    with store.begin() as tx:
        number = tx.start_round()
        tx.see_findings(seen, number, at)
        tx.end_round(number, at, coverage)


def known(store: Store, since: datetime | None = None) -> dict[str, StoredFinding]:
    with store.begin() as tx:
        found = tx.findings_after(None, 1000, since=since)
        return {f"{x.seen.identity.code} {x.seen.name}": x for x in found}


def test_what_was_seen_comes_back_as_it_was(store):
    seen = [about_item("PAY-1"), about_goal("KR-A")]
    look(store, seen)
    assert {each.seen for each in known(store).values()} == set(seen)


def test_the_first_day_stays_while_words_and_severity_change(store):
    look(store, [about_item("PAY-1")])
    look(store, [about_item("PAY-1", message="other words", severity="error")], NOW + DAY)
    found = known(store)["WI401 PAY-1"]
    assert (found.first_seen, found.last_seen) == (NOW, NOW + DAY)
    assert (found.seen.message, found.seen.severity) == ("other words", "error")


def test_new_fixed_and_persisting_since_a_moment(store):
    look(store, [about_item("PAY-1"), about_item("PAY-2")])
    week = NOW + 7 * DAY
    look(store, [about_item("PAY-1"), about_item("PAY-3")], week)
    changes = {name: found.change(week) for name, found in known(store, since=week).items()}
    assert changes == {
        "WI401 PAY-1": Change.PERSISTING,
        "WI401 PAY-2": Change.FIXED,
        "WI401 PAY-3": Change.NEW,
    }


def test_what_came_and_went_in_between_is_nobodys_concern(store):
    look(store, [about_item("PAY-1")], NOW + DAY)
    look(store, [], NOW + 2 * DAY)
    assert known(store, since=NOW)["WI401 PAY-1"].change(NOW) is None


@pytest.mark.parametrize(
    ("away", "first"), [(FLICKER, NOW), (FLICKER + timedelta(seconds=1), None)]
)
def test_a_finding_that_flickers_keeps_its_age(store, away, first):
    look(store, [about_item("PAY-1")])
    look(store, [], NOW + DAY)
    back = NOW + DAY + away
    look(store, [about_item("PAY-1")], back)
    found = known(store)["WI401 PAY-1"]
    assert found.first_seen == (first or back)
    assert found.change(back) is (Change.PERSISTING if first else Change.NEW)


@pytest.mark.parametrize(
    ("coverage", "gone"),
    [
        (WHOLE, {"WI401 PAY-1", "WI401 WEB-1", "KR201 KR-A"}),
        (
            Coverage(codes=WHOLE.codes, scopes=frozenset({("jira", "PAY")})),
            {"WI401 PAY-1", "KR201 KR-A"},
        ),
        (Coverage(codes=WHOLE.codes, scopes=frozenset({("linear", "PAY")})), {"KR201 KR-A"}),
        (Coverage(codes=frozenset({"WI401"}), whole=True), {"WI401 PAY-1", "WI401 WEB-1"}),
        (Coverage(codes=frozenset(), whole=True), set()),
    ],
)
def test_only_what_was_looked_at_can_be_gone(store, coverage, gone):
    look(store, [about_item("PAY-1"), about_item("WEB-1"), about_goal("KR-A")])
    look(store, [], NOW + DAY, coverage)
    found = known(store, since=NOW)
    assert {name for name, one in found.items() if one.gone_since is not None} == gone


def test_of_two_rounds_at_once_neither_ends_what_the_other_saw(store):
    look(store, [about_item("PAY-1")])
    with store.begin() as tx:
        early, late = tx.start_round(), tx.start_round() + 1
        tx.see_findings([about_item("PAY-1")], late, NOW + DAY)
        tx.end_round(early, NOW + DAY, WHOLE)
    assert known(store)["WI401 PAY-1"].gone_since is None


def test_a_renamed_goal_takes_its_findings_along(store):
    look(store, [about_goal("KR-OLD"), about_item("PAY-1", code="WI405", other="kr-b kr-old")])
    with store.begin() as tx:
        tx.rename_findings({"kr-old": "kr-new"})
    later = NOW + DAY
    look(
        store, [about_goal("KR-NEW"), about_item("PAY-1", code="WI405", other="kr-b kr-new")], later
    )
    found = known(store, since=NOW)
    assert {name: one.first_seen for name, one in found.items()} == {
        "KR201 KR-NEW": NOW,
        "WI405 PAY-1": NOW,
    }


def test_a_goal_that_is_part_of_another_name_is_left_alone(store):
    look(store, [about_goal("KR-OLDER"), about_item("PAY-1", code="WI405", other="kr-older x")])
    before = known(store)
    with store.begin() as tx:
        tx.rename_findings({"kr-old": "kr-new"})
    assert known(store) == before


def test_where_both_names_are_known_the_older_day_stays(store):
    look(store, [about_goal("KR-OLD")])
    look(store, [about_goal("KR-OLD"), about_goal("KR-NEW")], NOW + DAY)
    with store.begin() as tx:
        tx.rename_findings({"kr-old": "kr-new"})
    assert {n: x.first_seen for n, x in known(store).items()} == {"KR201 KR-NEW": NOW}


def test_pages_go_on_where_the_last_one_ended(store):
    look(store, [about_item(f"PAY-{n}") for n in range(7)])
    told, after = [], None
    while True:
        with store.begin() as tx:
            page = tx.findings_after(after, 3)
        if not page:
            break
        told += [one.seen.identity for one in page]
        after = told[-1]
    assert told == sorted(told)
    assert len(set(told)) == 7


def test_what_is_long_gone_is_forgotten_and_what_is_open_never(store):
    look(store, [about_item("PAY-1"), about_item("PAY-2")])
    look(store, [about_item("PAY-2")], NOW + DAY)
    with store.begin() as tx:
        tx.forget_findings(NOW + 2 * DAY)
    assert set(known(store, since=NOW)) == {"WI401 PAY-2"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.frozensets(st.sampled_from("ABC"))), max_size=8))
def test_ages_are_those_of_a_plain_diary(tmp_path_factory, rounds):
    """However findings come and go, the store says what a diary kept day by day would say."""
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('diary')}/x.db")
    diary: dict[str, tuple[datetime, datetime | None]] = {}
    at = NOW
    for days, names in rounds:
        at += timedelta(days=days)
        look(opened, [about_item(name) for name in sorted(names)], at)
        for name in "ABC":
            first, gone = diary.get(name, (at, None))
            if name in names:
                forgotten = gone is not None and at - gone > FLICKER
                diary[name] = (at if forgotten else first, None)
            elif name in diary and gone is None:
                diary[name] = (first, at)
    found = known(opened, since=NOW)
    told = {x.seen.name: (x.first_seen, x.gone_since) for x in found.values()}
    opened.close()
    assert told == diary


def test_a_snapshot_is_found_on_its_day_and_later(store):
    with store.begin() as tx:
        tx.put_snapshot("rules", date(2026, 11, 2), {"wallet": 3})
        tx.put_snapshot("rules", date(2026, 11, 9), {"wallet": 4})
        tx.put_snapshot("rules", date(2026, 11, 9), {"wallet": 5})
        tx.put_snapshot("other", date(2026, 11, 9), [])
        assert tx.snapshot("rules", date(2026, 11, 1)) is None
        assert tx.snapshot("rules", date(2026, 11, 8)) == (date(2026, 11, 2), {"wallet": 3})
        assert tx.snapshot("rules", date(2026, 12, 1)) == (date(2026, 11, 9), {"wallet": 5})
        tx.forget_snapshots(date(2026, 11, 9))
        assert tx.snapshot("rules", date(2026, 11, 8)) is None
