"""How work ends, and what follows: errors stay where they are, and everybody can see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from okrsync.core.reading import Reading
from okrsync.core.work import ItemRef
from okrsync.daemon.board import Board
from okrsync.daemon.crew import Crew
from okrsync.daemon.desk import Desk
from okrsync.daemon.house import GOALS, SETTINGS, Fittings, House
from okrsync.daemon.passing import TRIES, Workshop, answer, make_pass
from okrsync.errors import (
    ConfigError,
    ItemGoneError,
    OkrsyncError,
    RefusedError,
    StoppedError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync.metrics import PrometheusTelemetry
from tests.daemon.conftest import until
from tests.daemon.test_metrics import values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from okrsync.app.context import Context
    from okrsync.app.passes import Pass
    from okrsync.ports.telemetry import Place

PAY, WEB = ("shop-jira", "PAY"), ("shop-jira", "WEB")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DOWN = TrackerUnavailableError("HTTP 503", tracker="shop-jira", retry_after=1800)
OKRS = """
teams: [{id: checkout, name: Checkout}]
cycles: [{id: C-ALL, from: 2020-01-01, to: 2099-12-31}]
objectives:
  - {id: O-PAY, title: Paying is easy, team: checkout, cycle: C-ALL, key_results: []}
"""
SETTINGS_FILE = """
okrs: {path: okrs.yaml}
store: sqlite:///okrsync.db
trackers:
  shop-jira: {adapter: jira, url: "http://127.0.0.1:9", email: a@shop.example, scopes: [PAY, WEB]}
"""
ENVIRON = {"OKRSYNC_TRACKERS__SHOP_JIRA__TOKEN": "a-token"}
"""The tracker is never asked: what passes do is told by each test."""


@dataclass
class Works:
    """A workshop in which passes end as a test says."""

    desk: Desk
    telemetry: PrometheusTelemetry
    folder: Path
    shop: Workshop = field(init=False)
    errors: list[OkrsyncError | Exception] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)

    def end(self, ctx: Context, *what: Any) -> Pass:
        """End a pass with the next error; the last one stays."""
        del ctx
        self.asked.append(what)
        raise self.errors.pop(0) if len(self.errors) > 1 else self.errors[0]

    def make(self, place: Place = PAY) -> str:
        return make_pass(self.shop, self.shop.seat(), self.desk, place, Reading.AUTO).outcome

    def answer(self, *items: str) -> None:
        self.desk.ring(items, NOW)
        bells = self.desk.next_bells()
        assert bells is not None
        answer(self.shop, self.shop.seat(), self.desk, "shop-jira", bells)


def furnished(folder: Path, environ: Mapping[str, str] = ENVIRON) -> Fittings:
    from okrsync.bootstrap.whole import build
    from okrsync.plugins import load_trackers
    from okrsync.settings.load import load

    models = {name: manifest.settings for name, manifest in load_trackers().items()}
    settings = load(folder / "okrsync.yaml", environ=environ, adapters=models)
    files = (folder / "okrsync.yaml", folder / "okrs.yaml", folder / "mapping.yaml")
    return Fittings(settings=settings, context=build(settings, folder), webhooks={}, files=files)


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    for name, text in (
        ("okrs.yaml", OKRS),
        ("mapping.yaml", "rules: []"),
        ("okrsync.yaml", SETTINGS_FILE),
    ):
        (tmp_path / name).write_text(text)
    telemetry = PrometheusTelemetry()
    board = Board(telemetry)
    first = furnished(tmp_path)
    works = Works(desk=Desk(), telemetry=telemetry, folder=tmp_path)
    works.shop = shop = Workshop(
        house=House(lambda: first, board),
        board=board,
        telemetry=telemetry,
        run_scope=works.end,
        run_items=works.end,
        first_rest=0.001,
        longest_rest=0.05,
        random=Random(1),
    )
    shop.house.settle_in()
    yield works
    first.context.close()


def test_a_scope_that_fails_is_left_alone_longer_each_time_and_tried_again(works: Works) -> None:
    works.errors = [TrackerRefusedError("HTTP 401", tracker="shop-jira")]
    with capture_logs() as logs:
        assert [works.make(), works.make()] == ["failed", "failed"]
    note = works.shop.board.scope(PAY)
    assert (note.failures, note.why) == (2, "HTTP 401")
    assert note.next_try is not None
    assert [entry["failures"] for entry in logs] == [1, 2]
    assert works.desk.next_pass() == ("PAY", Reading.AUTO)
    name = "okrsync_passes_total outcome=failed scope=PAY tracker=shop-jira"
    assert values(works.telemetry)[name] == 2


def test_a_wish_of_the_tracker_to_wait_is_never_shortened(works: Works) -> None:
    works.errors = [DOWN]
    with capture_logs() as logs:
        works.make()
    assert logs[0]["next_try_in"] == 1800


def test_a_mistake_of_ours_ends_one_pass_and_nothing_else(works: Works) -> None:
    works.errors = [ZeroDivisionError("division by zero")]
    with capture_logs() as logs:
        assert works.make() == "broken"
    assert logs[0]["event"] == "pass.broke"
    assert "ZeroDivisionError" in works.shop.board.scope(PAY).why


def test_waiting_for_another_okrsync_is_no_failure(works: Works) -> None:
    works.errors = [RefusedError("PAY is being written by another okrsync")]
    assert works.make() == "busy"
    assert works.shop.board.scope(PAY).failures == 0
    assert works.desk.next_pass() == ("PAY", Reading.AUTO)


def test_a_pass_that_was_stopped_is_no_failure(works: Works) -> None:
    works.errors = [StoppedError("asked to end")]
    assert works.make() == "stopped"
    assert works.shop.board.scope(PAY).failures == 0


def test_a_bell_that_always_fails_becomes_a_dead_letter(works: Works) -> None:
    works.errors = [DOWN.__class__("HTTP 503", tracker="shop-jira")]
    works.answer("1", "2")
    for _ in range(TRIES - 1):
        bells = works.desk.next_bells()
        assert bells is not None
        answer(works.shop, works.shop.seat(), works.desk, "shop-jira", bells)
    assert works.desk.waiting() == 0
    with works.shop.house.fittings.context.store.begin() as tx:
        letters = tx.dead_letters()
    assert [(each.ref, each.tries, each.why) for each in letters] == [
        (ItemRef("shop-jira", "1"), TRIES, "HTTP 503"),
        (ItemRef("shop-jira", "2"), TRIES, "HTTP 503"),
    ]
    assert values(works.telemetry)["okrsync_dead_letters"] == 2


def test_one_item_does_not_spoil_it_for_others(works: Works) -> None:
    gone = ItemGoneError("there is no item 2", tracker="shop-jira")
    works.errors = [gone, StoppedError(""), gone, StoppedError("")]
    works.answer("1", "2", "3")
    assert works.asked == [
        ("shop-jira", ("1", "2", "3")),
        ("shop-jira", ("1",)),
        ("shop-jira", ("2",)),
        ("shop-jira", ("3",)),
    ]
    bells = works.desk.next_bells()
    assert bells is not None
    assert [(bell.item, bell.tries) for bell in bells] == [("2", 1)]


def test_bells_wait_for_another_okrsync_as_long_as_it_takes(works: Works) -> None:
    works.errors = [RefusedError("PAY is being written by another okrsync")]
    works.answer("1")
    bells = works.desk.next_bells()
    assert bells is not None
    assert [bell.tries for bell in bells] == [0]


def test_workers_do_what_is_wanted_and_go_home(works: Works) -> None:
    works.errors = [StoppedError("")]
    crew = Crew(works.shop)
    crew.staff(["shop-jira"])
    crew.want([PAY, WEB, ("nobody", "X")], Reading.AUTO)
    assert crew.ring("shop-jira", ["7"], NOW)
    assert not crew.ring("nobody", ["7"], NOW)
    until(lambda: len(works.asked) == 3, lambda: str(works.asked))
    assert crew.missing() == []
    assert crew.go_home(deadline=monotonic() + 5) == []
    assert not crew.ring("shop-jira", ["7"], NOW)


def test_a_scope_that_is_configured_no_more_is_not_passed_over(works: Works) -> None:
    works.errors = [StoppedError("")]
    crew = Crew(works.shop)
    crew.staff(["shop-jira"])
    crew.want([("shop-jira", "OLD"), PAY], Reading.AUTO)
    until(lambda: bool(works.asked), lambda: "nothing was asked")
    crew.go_home(deadline=monotonic() + 5)
    assert works.asked == [(PAY, Reading.AUTO)]


def house_of(folder: Path, board: Board) -> tuple[House, Callable[[], Fittings]]:
    made: list[Fittings] = []

    def furnish() -> Fittings:
        made.append(furnished(folder))
        return made[-1]

    return House(furnish, board), lambda: made[-1]


def test_files_that_are_broken_leave_the_old_ones_in_force(works: Works) -> None:
    board = works.shop.board
    house, _ = house_of(works.folder, board)
    house.settle_in()
    (works.folder / "okrs.yaml").write_text("objectives: [")
    with capture_logs() as logs:
        assert not house.look()
        assert not house.look()
    assert [entry["event"] for entry in logs] == ["files.refused"]
    assert list(board.refused()) == [GOALS]
    goals = house.lend(house.fittings.context).goal_source.read().goals
    assert [objective.id for objective in goals.objectives] == ["O-PAY"]
    (works.folder / "okrs.yaml").write_text(OKRS.replace("Paying is easy", "Paying is fun"))
    assert house.look()
    assert board.refused() == {}
    goals = house.lend(house.fittings.context).goal_source.read().goals
    assert [objective.title for objective in goals.objectives] == ["Paying is fun"]


def test_goals_and_mapping_change_together_or_not_at_all(works: Works) -> None:
    house, _ = house_of(works.folder, works.shop.board)
    house.settle_in()
    rule = "rules: [{id: a, when: {title_matches: x}, serves: [O-NEW]}]"
    (works.folder / "mapping.yaml").write_text(rule)
    house.look()
    assert list(works.shop.board.refused()) == [GOALS]
    (works.folder / "okrs.yaml").write_text(OKRS.replace("O-PAY", "O-NEW"))
    assert house.look()
    lent = house.lend(house.fittings.context)
    assert lent.mapping_source.read(None, prefix="okr:").rules[0].serves == ("O-NEW",)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("okrsync.db", "other.db", "store"),
        ("store:", "web: {port: 9999}\nstore:", "web.port"),
        ("store:", "web: {host: localhost}\nstore:", "web.host"),
    ],
)
def test_what_cannot_change_while_it_runs_is_refused_by_name(
    works: Works, old: str, new: str, named: str
) -> None:
    house, _ = house_of(works.folder, works.shop.board)
    house.settle_in()
    (works.folder / "okrsync.yaml").write_text(SETTINGS_FILE.replace(old, new))
    assert not house.reload()
    assert works.shop.board.refused()[SETTINGS].startswith(f"{named} cannot change")
    assert house.fittings.settings.web.port == 8484


def test_other_settings_are_taken_over_and_connections_made_anew(works: Works) -> None:
    house, _ = house_of(works.folder, works.shop.board)
    house.settle_in()
    before = house.generation
    (works.folder / "okrsync.yaml").write_text(SETTINGS_FILE.replace("[PAY, WEB]", "[PAY]"))
    assert house.look()
    assert house.places() == [PAY]
    assert house.generation > before
    assert not house.reload()  # nothing is new


def test_without_goals_there_is_nothing_to_lend(works: Works) -> None:
    (works.folder / "okrs.yaml").write_text("objectives: [")
    (works.folder / "okrsync.yaml").write_text(SETTINGS_FILE.replace("okrsync.db", "fresh.db"))
    house, last = house_of(works.folder, works.shop.board)
    house.settle_in()
    assert not house.ready
    with pytest.raises(ConfigError, match="no goals"):
        house.lend(house.fittings.context)
    last().context.close()
