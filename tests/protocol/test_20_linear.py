"""20: okrsync on Linear, through the adapter and over HTTP: groups, definitions, swaps."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.core.backoff import Retry
from okrsync.core.ledger import Origin
from okrsync.core.work import ItemRef
from okrsync.ports.tracker import Connection
from okrsync.testing.world import START
from okrsync_linear import MANIFEST
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.linear import LinearWorld, serve_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.paragraph(20)

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


@dataclass
class Linear:
    """Linear as the shop's tracker, and as its people know it. Time passes with all they do."""

    world: LinearWorld
    clock: ManualClock
    port: Any
    connect: Callable[[], Any]
    name: str = "linear"

    def __getattr__(self, method: str) -> Any:
        return getattr(self.port, method)

    def create(self, title: str, team: str = "PAY") -> str:
        """Write an issue, long enough ago for its history to be whole."""
        issue = self.world.create_issue(team, title)
        self.later()
        return issue

    def person(self, issue: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
        self.later()
        self.world.person_edits_labels(issue, add, remove)
        self.later()

    def later(self) -> None:
        self.clock.advance(timedelta(minutes=10))

    def labels(self, issue: str) -> frozenset[str]:
        return self.world.labels(issue)

    def definition(self, name: str) -> tuple[str | None, bool, str | None]:
        """Return a label's group, whether it is one, and its team."""
        label = self.world.label_named(name)
        group = self.world.label_book.by_id[label.parent_id].name if label.parent_id else None
        return group, label.is_group, label.team_id

    def operations(self, issue: str | None = None) -> list[str]:
        """Return which mutations arrived about an issue, or about definitions."""
        return [write.operation for write in self.world.writes if write.issue_id == issue]


@pytest.fixture
def shop(open_shop: Any) -> Iterator[Any]:
    """Open the shop on a Linear with the teams PAY and WEB."""
    clock = ManualClock(START, tick=timedelta(milliseconds=20))
    world = LinearWorld(clock)
    for team in ("PAY", "WEB"):
        world.create_team(team)
    with serve_world(world) as running, ExitStack() as opened:
        given = {key: value for key, value in running.settings.items() if key != "adapter"}
        retry = Retry(sleep=lambda _seconds: None, random=Random(1))

        def connect() -> Any:
            port = MANIFEST.connect(
                MANIFEST.settings.model_validate(given), Connection(name="linear", retry=retry)
            )
            opened.callback(port.close)
            return port

        shop = open_shop()
        shop.clock, shop.trackers = clock, {"linear": Linear(world, clock, connect(), connect)}
        shop.restart()
        yield shop
        assert world.protocol_breaches == []


def refusals(made: Any) -> list[str]:
    return [why for _, why in made.applied.refused]


def test_verdicts_are_children_of_one_group_and_links_stand_outside(shop: Any) -> None:
    items = [shop.tracker.create(title) for title in ("wallet", "page", "nothing")]
    shop.sync()
    assert [shop.labels(item) for item in items] == [
        WALLET,
        {"okr:KR-2", "okr:weak"},
        {"okr:unaligned"},
    ]
    for verdict in ("okr:aligned", "okr:weak", "okr:unaligned"):
        assert shop.tracker.definition(verdict) == ("OKR", False, None)
    for link in ("okr:H-1", "okr:KR-1", "okr:KR-2"):
        assert shop.tracker.definition(link) == (None, False, None)
    assert shop.tracker.definition("OKR") == (None, True, None)


def test_every_definition_is_created_once(shop: Any) -> None:
    for team in ("PAY", "WEB"):
        shop.tracker.create("wallet", team)
    shop.sync()
    shop.tracker.create("wallet")
    shop.sync()
    assert shop.tracker.operations() == ["issueLabelCreate"] * 4
    assert shop.sync().planned.empty


def test_a_sibling_put_there_by_a_person_stops_ours_and_is_reported(shop: Any) -> None:
    """Linear itself takes ours off when a person chooses a sibling."""
    other, item = shop.tracker.create("page"), shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, add=("okr:weak",))
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:weak"}
    made = shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:weak"}
    assert shop.state(item).foreign == {"okr:weak"}
    assert shop.judged(item).wish.withheld == (
        ("okr:aligned", "okrsync did not write the verdict that is there: okr:weak"),
    )
    assert made.planned.withheld == 1
    shop.tracker.person(other, remove=("okr:weak",))
    shop.sync()
    assert shop.state(other).mutes == {"okr:weak"}


def test_once_the_persons_sibling_is_gone_ours_may_come_back_unless_it_was_muted(
    shop: Any,
) -> None:
    """Choosing a sibling took ours away, a person's doing: it stays away until it changes."""
    shop.tracker.create("page")
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, add=("okr:weak",))
    shop.sync()
    shop.tracker.person(item, remove=("okr:weak",))
    shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1"}
    shop.goals.kill("H-1")
    shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}


@pytest.mark.parametrize(
    ("two_steps", "mutations"), [(False, ["issueUpdate"] * 2), (True, ["issueUpdate"] * 3)]
)
def test_a_swap_is_one_mutation_or_a_removal_and_then_an_addition(
    shop: Any, two_steps: bool, mutations: list[str]
) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.world.swap_needs_two_steps = two_steps
    shop.goals.kill("H-1")
    made = shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}
    assert shop.tracker.operations(item) == mutations
    assert (made.applied.added, made.applied.removed, refusals(made)) == (1, 1, [])
    assert shop.sync().planned.empty
    state = shop.state(item)
    assert (state.ours, state.acts, state.mutes) == (shop.labels(item), (), frozenset())


def _team_label(world: LinearWorld, name: str) -> None:
    world.create_label(name, team="WEB")


def _retired(world: LinearWorld, name: str) -> None:
    world.create_label(name)
    world.retire_label(name)


def _archived(world: LinearWorld, name: str) -> None:
    world.create_label(name)
    world.archive_label(name)


def _other_case(world: LinearWorld, name: str) -> None:
    world.create_label(name.upper())


def _in_a_group(world: LinearWorld, name: str) -> None:
    world.create_label(f"Theirs {name}", is_group=True)
    world.create_label(name, parent=f"Theirs {name}")


def _a_group(world: LinearWorld, name: str) -> None:
    world.create_label(name, is_group=True)


TAKEN = [
    (_team_label, "Make it a label of the workspace"),
    (_retired, "Restore it in Linear's label settings"),
    (_archived, "Restore it in Linear's label settings"),
    (_other_case, "is spelled differently"),
    (_in_a_group, "in the group 'Theirs"),
    (_a_group, "Rename that group"),
]


@pytest.mark.parametrize(("take", "remedy"), TAKEN)
def test_a_name_taken_elsewhere_is_refused_with_the_remedy_and_nothing_else_breaks(
    shop: Any, take: Any, remedy: str
) -> None:
    world = shop.tracker.world
    for label in ("okr:KR-3", "okr:unaligned"):
        take(world, label)
    theirs = dict(world.label_book.by_id)
    concerned = [shop.tracker.create(title) for title in ("search", "nothing")]
    other = shop.tracker.create("wallet")
    made = shop.sync()
    assert [remedy in why for why in refusals(made)] == [True, True]
    assert [shop.labels(item) for item in (*concerned, other)] == [set(), set(), WALLET]
    assert theirs.items() <= world.label_book.by_id.items()
    assert [shop.state(item).rows for item in concerned] == [(), ()]


def test_a_verdict_outside_every_group_is_refused(shop: Any) -> None:
    shop.tracker.world.create_label("okr:weak")
    item = shop.tracker.create("page")
    assert "Move it into the group 'OKR'" in refusals(shop.sync())[0]
    assert shop.labels(item) == set()


def test_once_the_remedy_was_applied_the_label_is_written(shop: Any) -> None:
    shop.tracker.world.create_label("OKR", is_group=True)
    shop.tracker.world.create_label("okr:weak", parent="OKR")
    shop.tracker.world.retire_label("okr:weak")
    item = shop.tracker.create("page")
    assert len(refusals(shop.sync())) == 1
    weak = shop.tracker.world.label_named("okr:weak")
    shop.tracker.world.label_book.update(weak.id, {"retired_at": None})
    shop.sync()
    assert shop.labels(item) == {"okr:KR-2", "okr:weak"}
    assert shop.tracker.world.label_named("okr:weak").id == weak.id


def test_peoples_definitions_in_the_right_place_are_adopted(shop: Any) -> None:
    world = shop.tracker.world
    world.create_label("OKR", is_group=True)
    made = {world.create_label("okr:weak", parent="OKR"), world.create_label("okr:KR-2")}
    item = shop.tracker.create("page")
    shop.sync()
    assert set(world.issue(item).label_ids) == made
    assert shop.tracker.operations() == []


def _deleted(world: LinearWorld) -> None:
    world.delete_label("okr:KR-1")


def _merged(world: LinearWorld) -> None:
    world.create_label("theirs")
    world.merge_labels("okr:KR-1", "theirs")


def _converted(world: LinearWorld) -> None:
    world.convert_to_team_label("okr:KR-1", "WEB")


def _renamed(world: LinearWorld) -> None:
    world.label_book.update(world.label_named("okr:KR-1").id, {"name": "Kitchen"})


@pytest.mark.parametrize(
    ("vanish", "word", "comes_back"),
    [
        (_deleted, "accident", True),
        (_deleted, "people", False),
        (_merged, "accident", True),
        (_converted, "people", False),
        (_renamed, "accident", True),
    ],
)
def test_a_definition_that_vanishes_between_passes_makes_a_question_and_no_veto(
    shop: Any, vanish: Any, word: str, comes_back: bool
) -> None:
    items = [shop.tracker.create("wallet") for _ in range(2)]
    shop.sync()
    vanish(shop.tracker.world)
    shop.tracker.later()
    fresh = shop.tracker.create("wallet")
    shop.sync()
    (vanishing,) = shop.vanishings()
    assert (vanishing.kind.value, vanishing.label) == ("definition", "okr:KR-1")
    assert {ref.id for ref, _ in vanishing.lost} == set(items)
    assert [shop.state(item).acts for item in items] == [(), ()]
    assert "okr:KR-1" not in shop.labels(fresh)
    if vanish is _converted:  # it has to be the workspace's again before it can be written
        shop.tracker.world.delete_label("okr:KR-1")
    shop.answer(vanishing.id, word)
    shop.sync()
    assert [("okr:KR-1" in shop.labels(item)) for item in items] == [comes_back] * 2
    assert "okr:KR-1" in shop.labels(fresh)


def test_a_label_merged_into_one_of_ours_is_found_and_no_persons_word(shop: Any) -> None:
    items = [shop.tracker.create("wallet") for _ in range(2)]
    shop.tracker.create("search")
    shop.sync()
    shop.tracker.world.merge_labels("okr:KR-1", "okr:KR-3")
    shop.sync()
    for item in items:
        row = shop.state(item).row("okr:KR-3")
        assert (row.origin, shop.state(item).acts) == (Origin.FOUND, ())


@pytest.mark.parametrize("restarted", [False, True])
def test_a_person_seen_in_the_history_before_the_definition_went_is_heard(
    shop: Any, restarted: bool
) -> None:
    by_hand, by_deletion = shop.tracker.create("wallet"), shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(by_hand, remove=("okr:KR-1",))
    shop.tracker.world.delete_label("okr:KR-1")
    shop.tracker.later()
    if restarted:  # whoever knew the label's name by heart is gone
        shop.tracker.port = shop.tracker.connect()
        shop.restart()
    shop.sync()
    (vanishing,) = shop.vanishings()
    assert [ref.id for ref, _ in vanishing.lost] == [by_deletion]
    shop.answer(vanishing.id, "accident")
    shop.sync()
    assert ("okr:KR-1" in shop.labels(by_hand), "okr:KR-1" in shop.labels(by_deletion)) == (
        False,
        True,
    )


def test_a_retired_label_stays_where_it_is_and_is_refused_to_others(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.world.retire_label("okr:KR-1")
    fresh = shop.tracker.create("wallet")
    made = shop.sync()
    assert "Restore it in Linear's label settings" in refusals(made)[0]
    assert (shop.labels(item), shop.labels(fresh)) == (WALLET, set())
    assert (shop.state(item).acts, shop.vanishings()) == ((), [])


def test_a_verdict_whose_definition_went_is_not_muted(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.world.delete_label("okr:aligned")
    shop.tracker.later()
    shop.sync()
    (vanishing,) = shop.vanishings()
    assert (vanishing.label, shop.state(item).mutes) == ("okr:aligned", frozenset())
    shop.answer(vanishing.id, "accident")
    shop.sync()
    assert shop.labels(item) == WALLET
    assert shop.tracker.definition("okr:aligned") == ("OKR", False, None)


def test_no_verdict_is_written_beside_one_of_ours_that_may_not_go_before_somebody_answers(
    shop: Any,
) -> None:
    heard, unheard = shop.tracker.create("wallet"), shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.world.delete_label("okr:aligned")
    shop.tracker.later()
    shop.ring(heard)
    shop.answer(shop.vanishings()[0].id, "accident")
    shop.ring(heard)
    assert shop.labels(heard) == WALLET
    shop.sync()
    (vanishing,) = shop.vanishings()
    shop.goals.kill("H-1")
    assert shop.sync().planned.empty
    assert shop.labels(heard) == WALLET
    shop.answer(vanishing.id, "accident")
    shop.sync()
    killed = WALLET - {"okr:aligned"} | {"okr:stale"}
    assert (shop.labels(heard), shop.labels(unheard)) == (killed, killed)


def test_without_our_group_verdicts_are_refused_and_those_there_stay(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.world.delete_label("OKR")
    fresh = shop.tracker.create("wallet")
    made = shop.sync()
    assert "Move it into the group 'OKR'" in refusals(made)[0]
    assert (shop.labels(item), shop.labels(fresh), shop.vanishings()) == (WALLET, set(), [])


def test_a_definition_that_a_person_made_anew_and_applied_is_not_ours_to_remove(
    shop: Any,
) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.world.delete_label("okr:KR-1")
    shop.tracker.world.create_label("okr:KR-1")
    shop.tracker.person(item, add=("okr:KR-1",))
    shop.mapping.rules = []
    shop.sync()
    shop.sync()
    assert shop.labels(item) == {"okr:KR-1", "okr:aligned"}


def test_a_sibling_chosen_between_our_look_and_our_write_is_left_there(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.tracker.create("page")
    shop.sync()
    world, todo = shop.tracker.world, ["okr:weak"]

    def somebody_is_quicker(operation: str) -> None:
        if operation == "mutation:issueUpdate" and todo:
            world.person_edits_labels(item, (todo.pop(),))

    shop.goals.kill("H-1")
    world.before_request = somebody_is_quicker
    made = shop.sync()
    assert not todo
    assert "okr:weak, of the same group" in refusals(made)[0]
    shop.tracker.later()
    shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:weak"}
    assert shop.state(item).foreign == {"okr:weak"}


def test_an_issue_that_changes_its_team_keeps_its_identity_and_its_veto(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, remove=("okr:H-1",))
    shop.sync()
    shop.tracker.world.move(item, "WEB")
    shop.tracker.later()
    shop.sync()
    assert shop.judged(item).item.key == "WEB-1"
    assert shop.judged(item).item.ref == ItemRef("linear", item)
    assert shop.labels(item) == {"okr:unaligned"}
