"""Projects, milestones and initiatives are read by their refs, with texts and what is above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okrsync.core.work import Category, ItemRef

if TYPE_CHECKING:
    from okrsync.core.work import WorkItem
    from okrsync.ports.tracker import Tracker
    from tests.linear.conftest import Lab

LINEAR_ALLOWS = 10_000


@pytest.fixture
def planned(lab: Lab) -> dict[str, str]:
    """Plan an issue into a milestone of a project that two initiatives share, one above another."""
    top = lab.world.create_initiative("Grow the shop")
    low = lab.world.create_initiative("Sell on day one", projects=["Wallet"], parent=top)
    other = lab.world.create_initiative("Fewer clicks", projects=["Wallet"])
    issue = lab.world.create_issue("GRO", "One-tap", project="Wallet", milestone="Beta")
    milestone = lab.world.create_milestone("Wallet", "Beta")
    project = lab.world.project("Wallet").id
    return {
        "issue": issue,
        "project": f"project:{project}",
        "milestone": f"milestone:{milestone}",
        "top": f"initiative:{top}",
        "low": f"initiative:{low}",
        "other": f"initiative:{other}",
    }


def above(item: WorkItem) -> list[str]:
    return [ref.id for ref in item.containers]


def bare(container: str) -> str:
    return container.partition(":")[2]


def test_each_container_names_what_directly_holds_it(
    lab: Lab, tracker: Tracker, planned: dict[str, str]
) -> None:
    held = {name: above(lab.item(tracker, each)) for name, each in planned.items()}
    initiatives = held.pop("project")
    assert sorted(initiatives) == sorted([planned["low"], planned["other"]])
    assert held == {
        "issue": [planned["project"], planned["milestone"]],
        "milestone": [planned["project"]],
        "low": [planned["top"]],
        "other": [],
        "top": [],
    }


def test_a_milestone_is_called_by_its_project_too(
    lab: Lab, tracker: Tracker, planned: dict[str, str]
) -> None:
    item = lab.item(tracker, planned["milestone"])
    assert (item.ref, item.type) == (ItemRef("linear", planned["milestone"]), "Milestone")
    assert (item.key, item.title, item.milestone) == ("Wallet / Beta", "Beta", "Beta")
    assert (item.scope, item.projects, item.category) == ("", ("Wallet",), Category.TODO)
    assert item.url == lab.item(tracker, planned["project"]).url


def test_an_initiative_is_called_by_its_name(
    lab: Lab, tracker: Tracker, planned: dict[str, str]
) -> None:
    item = lab.item(tracker, planned["low"])
    assert (item.ref, item.type) == (ItemRef("linear", planned["low"]), "Initiative")
    assert (item.key, item.title, item.scope) == ("Sell on day one", "Sell on day one", "")
    assert (item.initiatives, item.category) == (("Sell on day one",), Category.DOING)


@pytest.mark.parametrize("kind", ["project", "low"])
def test_the_short_and_the_long_description_are_one_text(
    lab: Lab, planned: dict[str, str], kind: str
) -> None:
    lab.world.change_container(bare(planned[kind]), description="For KR-1", content="é" * 40_000)
    assert lab.item(lab.connect(), planned[kind]).text is None
    lab.connection["with_text"] = True
    text = lab.item(lab.connect(), planned[kind]).text
    assert text is not None
    assert text.startswith("For KR-1\né")
    assert len(text.encode()) <= 32 * 1024


def test_a_milestones_description_is_its_text(lab: Lab, planned: dict[str, str]) -> None:
    lab.connection["with_text"] = True
    tracker = lab.connect()
    assert lab.item(tracker, planned["milestone"]).text is None
    lab.world.change_container(bare(planned["milestone"]), description="For KR-1")
    assert lab.item(tracker, planned["milestone"]).text == "For KR-1"


def test_what_is_archived_or_trashed_is_not_there(
    lab: Lab, tracker: Tracker, planned: dict[str, str]
) -> None:
    lab.world.archive_container(bare(planned["low"]))
    lab.world.change_container(bare(planned["top"]), trashed=True)
    ids = list(planned.values())
    left = {each.ref.id for each in tracker.read(ids)}
    assert left == {planned[name] for name in ("issue", "project", "milestone", "other")}
    assert above(lab.item(tracker, planned["project"])) == [planned["other"]]
    lab.world.archive_container(bare(planned["project"]))
    left = {each.ref.id for each in tracker.read(ids)}
    assert left == {planned["issue"], planned["other"]}


def test_what_is_no_containers_id_is_left_out(tracker: Tracker, planned: dict[str, str]) -> None:
    wrong = ["initiative:", "initiative:Grow", "cycle:1", planned["top"].upper(), "milestone:GRO-1"]
    swapped = f"milestone:{bare(planned['top'])}"
    assert list(tracker.read([*wrong, swapped])) == []


def test_many_containers_are_read_at_a_price_that_linear_allows(lab: Lab) -> None:
    lab.connection["with_text"] = True
    ids = [f"initiative:{lab.world.create_initiative(f'I {n}')}" for n in range(120)]
    ids += [f"project:{lab.world.project(f'P {n}').id}" for n in range(120)]
    spent = lab.world.complexity
    assert {each.ref.id for each in lab.connect().read([*ids, *ids])} == set(ids)
    assert lab.counts["read"] == 6
    assert (lab.world.complexity - spent) / 6 < LINEAR_ALLOWS / 2
