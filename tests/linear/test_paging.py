"""Lists are read to their end, in pages Linear can bear, or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from okrsync.errors import TrackerUnavailableError
from okrsync.testing.tracker_world import shown_items

if TYPE_CHECKING:
    import respx

    from okrsync.ports.tracker import Tracker
    from tests.linear.conftest import Lab

    Scripted = tuple[Lab, respx.Route]


def issue(number: int) -> dict[str, Any]:
    return {
        "id": f"id-{number}",
        "identifier": f"GRO-{number}",
        "title": "One",
        "url": "https://linear.app/x",
        "createdAt": "2026-03-02T09:00:00.000Z",
        "updatedAt": "2026-03-02T09:00:00.000Z",
        "archivedAt": None,
        "trashed": None,
        "completedAt": None,
        "canceledAt": None,
        "dueDate": None,
        "estimate": None,
        "labelIds": [],
        "team": {"key": "GRO"},
        "parent": None,
        "project": None,
        "projectMilestone": None,
        "state": {"name": "Todo", "type": "unstarted"},
    }


def page(root: str, nodes: list[Any], *, more: bool = False, cursor: str | None = None) -> Any:
    info = {"hasNextPage": more, "endCursor": cursor}
    return httpx.Response(200, json={"data": {root: {"nodes": nodes, "pageInfo": info}}})


def pulled(scripted: Scripted, *answers: httpx.Response) -> list[str]:
    lab, route = scripted
    route.side_effect = [page("issueLabels", []), *answers]
    return [item.key for item in shown_items(lab.connect(), "GRO")]


def test_an_empty_page_with_a_cursor_is_not_the_end(scripted: Scripted) -> None:
    answers = [page("issues", [], more=True, cursor="a"), page("issues", [issue(1)])]
    assert pulled(scripted, *answers) == ["GRO-1"]


def test_an_issue_met_on_two_pages_is_no_mistake(scripted: Scripted) -> None:
    answers = [
        page("issues", [issue(1), issue(2)], more=True, cursor="a"),
        page("issues", [issue(2), issue(3)]),
    ]
    assert pulled(scripted, *answers) == ["GRO-1", "GRO-2", "GRO-2", "GRO-3"]


def test_more_without_a_cursor_is_an_error_where_there_were_rows(scripted: Scripted) -> None:
    with pytest.raises(TrackerUnavailableError, match="not where"):
        pulled(scripted, page("issues", [issue(1)], more=True))


def test_more_without_a_cursor_ends_an_empty_list(scripted: Scripted) -> None:
    assert pulled(scripted, page("issues", [], more=True)) == []


def test_a_cursor_that_comes_again_is_an_error(scripted: Scripted) -> None:
    again = page("issues", [issue(1)], more=True, cursor="a")
    with pytest.raises(TrackerUnavailableError, match="repeats"):
        pulled(scripted, again, again, again)


@pytest.mark.parametrize("missing", ["nodes", "pageInfo"])
def test_a_list_that_is_none_is_an_error(scripted: Scripted, missing: str) -> None:
    answer = {"nodes": [], "pageInfo": {"hasNextPage": False}}
    del answer[missing]
    with pytest.raises(TrackerUnavailableError, match="not the list"):
        pulled(scripted, httpx.Response(200, json={"data": {"issues": answer}}))


def test_an_issue_without_what_was_asked_for_is_an_error(scripted: Scripted) -> None:
    half = issue(1)
    del half["state"]
    with pytest.raises(TrackerUnavailableError, match="understood"):
        pulled(scripted, page("issues", [half]))


def test_a_page_that_is_too_complex_is_asked_for_at_half_its_size(scripted: Scripted) -> None:
    errors = [{"message": "Query too complex", "extensions": {"code": "INPUT_ERROR"}}]
    too_complex = httpx.Response(400, json={"errors": errors})
    answers = [
        too_complex,
        too_complex,
        page("issues", [issue(1)], more=True, cursor="a"),
        page("issues", [issue(2)]),
    ]
    assert pulled(scripted, *answers) == ["GRO-1", "GRO-2"]
    sizes = [json.loads(call.request.content)["variables"]["first"] for call in scripted[1].calls]
    assert sizes == [250, 100, 50, 25, 25]


def test_the_largest_page_is_within_what_one_query_may_cost(lab: Lab) -> None:
    issues = {lab.world.create_issue("GRO", f"Issue {n}") for n in range(260)}
    tracker = lab.connect(page_size=250)
    assert {item.ref.id for item in shown_items(tracker, "GRO")} == issues
    assert lab.counts["search"] == 2


def test_pages_cost_little(lab: Lab, tracker: Tracker) -> None:
    issues = [lab.world.create_issue("GRO", f"Issue {n}", project="Wallet") for n in range(20)]
    costs = []
    for ask in (lambda: shown_items(tracker, "GRO"), lambda: tracker.histories(issues)):
        before = lab.world.complexity
        assert len(list(ask())) == 20
        costs.append(lab.world.complexity - before)
    assert max(costs) < 6_000


def test_a_label_that_nobody_explains_goes_by_its_id(scripted: Scripted) -> None:
    lab, route = scripted
    puzzling = issue(1) | {"labelIds": ["x", "y"]}
    known = {
        "id": "y",
        "name": "kept from lists",
        "isGroup": False,
        "archivedAt": None,
        "retiredAt": None,
        "parent": None,
        "team": None,
    }
    route.side_effect = [
        page("issueLabels", []),
        page("issues", [puzzling], more=True, cursor="a"),
        page("issueLabels", []),
        page("issueLabels", [known]),
        page("issues", [puzzling | {"id": "id-2"}]),
    ]
    assert [set(item.labels) for item in shown_items(lab.connect(), "GRO")] == [
        {"x", "kept from lists"},
        {"x", "kept from lists"},
    ]
