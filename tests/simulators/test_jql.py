"""JQL finds what Jira would find: zones, empties, case, order, and its refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira.catalog import TEAM
from okrsync_simulators.jira.jql import JqlError, Op, parse
from okrsync_simulators.jira.matching import search

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def world() -> JiraWorld:
    world = JiraWorld(ManualClock(NOW), user_zone="America/New_York")
    epic = world.create_issue(
        project="PAY", summary="Wallet", type="Epic", created=NOW - timedelta(days=9)
    )
    world.create_issue(
        project="PAY",
        summary="One-tap button",
        labels=["iOS", "wallet"],
        parent=epic,
        components=["Wallet"],
        created=NOW - timedelta(days=8),
        due=date(2026, 11, 21),
        custom={TEAM.id: "Checkout"},
    )
    world.create_issue(
        project="PAY",
        summary="Refund twice",
        type="Bug",
        status="Done",
        resolution="Won't Do",
        labels=["urgent"],
        created=NOW - timedelta(days=7),
        updated=NOW - timedelta(days=2),
    )
    world.create_issue(
        project="WEB",
        summary="Search",
        status="In Progress",
        created=NOW - timedelta(days=6),
        updated=NOW - timedelta(minutes=10),
    )
    return world


def keys(world: JiraWorld, jql: str) -> list[str]:
    return [world.issues[each].key for each in search(world, parse(jql))]


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ("project = PAY", "PAY-1 PAY-2 PAY-3"),
        ("project in (pay, 'Web shop')", "PAY-1 PAY-2 PAY-3 WEB-1"),
        ("project != PAY", "WEB-1"),
        ("labels = IOS", "PAY-2"),
        ("labels not in (ios)", "PAY-3"),
        ("labels is empty", "PAY-1 WEB-1"),
        ("labels is not EMPTY and project = PAY", "PAY-2 PAY-3"),
        ("(labels is EMPTY OR labels not in (ios)) AND project = PAY", "PAY-1 PAY-3"),
        ("labels in (EMPTY, urgent)", "PAY-1 PAY-3 WEB-1"),
        ("not labels = ios", "PAY-1 PAY-3 WEB-1"),
        ("component = wallet", "PAY-2"),
        ("type = Epic", "PAY-1"),
        ("issuetype in (Bug, Epic)", "PAY-1 PAY-3"),
        ("status = done", "PAY-3"),
        ("statusCategory != Done", "PAY-1 PAY-2 WEB-1"),
        ("statusCategory = 'In Progress'", "WEB-1"),
        ("resolution = Unresolved", None),
        ("resolution is EMPTY", "PAY-1 PAY-2 WEB-1"),
        ('resolution != "Won\'t Do"', ""),
        ("key = pay-2", "PAY-2"),
        ("issuekey in (WEB-1, PAY-1)", "PAY-1 WEB-1"),
        ("id = 10001", "PAY-1"),
        ("parent = PAY-1", "PAY-2"),
        ("parent is empty", "PAY-1 PAY-3 WEB-1"),
        ("summary ~ 'twice refund'", "PAY-3"),
        ("text ~ wallet", "PAY-1"),
        ("updated >= -15m", "WEB-1"),
        ("updated >= '-3d'", "PAY-3 WEB-1"),
        ("resolved >= -3d", "PAY-3"),
        ("created < '-6d' and created > '-8d'", "PAY-3"),
        ("due <= '2026-11-21'", "PAY-2"),
        ("Team = checkout", "PAY-2"),
        ("cf[10031] is not empty", "PAY-2"),
        ("project = PAY and (type = Bug or parent = PAY-1)", "PAY-2 PAY-3"),
    ],
)
def test_a_query_finds_what_it_says(world, jql, expected):
    if expected is None:
        with pytest.raises(JqlError, match="does not exist"):
            keys(world, jql)
    else:
        assert keys(world, f"{jql} ORDER BY project, key") == expected.split()


@pytest.mark.parametrize(
    "literal",
    ["2026-11-20 06:50", "2026/11/20 06:50"],
)
def test_a_literal_is_in_the_callers_zone(world, literal):
    assert keys(world, f"updated >= '{literal}'") == ["WEB-1"]
    assert keys(world, f"updated > '{literal}'") == []


def test_an_utc_literal_would_find_nothing(world):
    assert keys(world, "updated >= '2026-11-20 11:50'") == []


def test_bare_epoch_milliseconds_know_no_zone(world):
    at = int((NOW - timedelta(minutes=10)).timestamp() * 1000)
    assert keys(world, f"updated >= {at}") == ["WEB-1"]
    assert keys(world, f"updated >= {at + 1}") == []
    with pytest.raises(JqlError, match="Valid formats"):
        keys(world, f"updated >= '{at}'")


def test_orders_are_applied_from_the_first_field_on(world):
    assert keys(world, "project in (PAY, WEB) ORDER BY updated DESC, id ASC") == [
        "WEB-1",
        "PAY-3",
        "PAY-2",
        "PAY-1",
    ]
    assert keys(world, "project = PAY ORDER BY status, id DESC") == ["PAY-2", "PAY-1", "PAY-3"]


def test_without_an_order_the_newest_come_first(world):
    assert keys(world, "project = PAY") == ["PAY-3", "PAY-2", "PAY-1"]


@pytest.mark.parametrize(
    ("jql", "message"),
    [
        ("", "Unbounded"),
        ("ORDER BY updated", "Unbounded"),
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'"),
        ("type = Sub-bug", "The value 'Sub-bug' does not exist"),
        ("component = nope", "does not exist"),
        ("key = PAY-99", "An issue with key 'PAY-99' does not exist for field 'key'"),
        ("colour = red", "Field 'colour' does not exist"),
        ("project = PAY ORDER BY colour", "Field 'colour' does not exist"),
        ("project = PAY ORDER BY id,id,id,id,id,id,id,id", "sort fields is 7"),
        ("labels = #urgent", "reserved JQL character"),
        ("labels > a", "operator '>' is not supported"),
        ("updated ~ today", "not supported"),
        ("updated >= yesterday", "Date value 'yesterday'"),
        ("labels is 'ios'", "only supports EMPTY"),
        ("project PAY", "Expecting an operator but got 'PAY'"),
        ("project = ", "Expecting a value but the query ended"),
        ("project = PAY and", "Expecting a field name but the query ended"),
        ("(project = PAY", "Expecting '\\)' but the query ended"),
        ("project = PAY labels = a", "Expecting AND, OR or ORDER BY but got 'labels'"),
        ("labels = 'a", "unexpected text"),
    ],
)
def test_a_wrong_query_is_refused_with_the_reason(world, jql, message):
    with pytest.raises(JqlError, match=message):
        keys(world, jql)


def test_quotes_protect_everything():
    clause = parse(r'labels = "a \"b\" \\c, (d) and"').condition
    assert clause.op is Op.EQ
    assert clause.operands[0].text == r'a "b" \c, (d) and'
