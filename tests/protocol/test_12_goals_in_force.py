"""12: goals in real files, which people save in the middle of a sentence: what stays in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app import people
from okrsync.app.strategy import drop_goal
from okrsync.errors import ConfigError, UsageError
from okrsync.testing import Fault, FaultKind
from okrsync_yaml.goals import YamlGoals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AROUND = """\
teams: [{id: pay, name: Pay}]
cycles: [{id: Q4, from: 2026-10-01, to: 2026-12-31}]
"""
KR_1 = "{id: KR-1, statement: Shoppers pay with the wallet, kind: outcome}"
KR_2 = "{id: KR-2, statement: Launch the page, kind: task}"
KR_3 = "{id: KR-3, statement: Shoppers find more, kind: outcome}"
GOALS = f"""\
objectives:
  - {{id: O-1, title: Easy, team: pay, cycle: Q4, key_results: [{KR_1}, {KR_2}]}}
  - {{id: O-2, title: Quick, team: pay, cycle: Q4, key_results: [{KR_3}]}}
hypotheses:
  - {{id: H-1, cycle: Q4, serves: KR-1}}
  - {{id: H-2, cycle: Q4, serves: KR-3}}
"""
WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}
SEARCH = {"okr:KR-3", "okr:aligned"}


class Files:
    """The goal files of a shop that okrsync has labelled, as people edit them."""

    def __init__(self, shop: Any, folder: Path) -> None:
        self.shop = shop
        self.folder = folder
        folder.mkdir()
        (folder / "around.yaml").write_text(AROUND)
        self.write(GOALS)
        shop.goals = YamlGoals(folder, folder)
        shop.restart()
        self.wallet, self.search = (shop.tracker.create(title=x) for x in ("wallet", "search"))
        shop.sync()

    def write(self, text: str) -> None:
        (self.folder / "goals.yaml").write_text(text)

    def without(self, *words: str) -> None:
        """Save the goals without the lines that begin with these ids, or without a key result."""
        text = GOALS
        for word in words:
            lines = [line for line in text.splitlines() if f"- {{id: {word}," not in line]
            text = "\n".join(lines)
        self.write(text)

    @property
    def labels(self) -> tuple[set[str], set[str]]:
        return self.shop.labels(self.wallet), self.shop.labels(self.search)


@pytest.fixture
def files(shop: Any, tmp_path: Path) -> Files:
    made = Files(shop, tmp_path / "okrs")
    assert made.labels == (WALLET, SEARCH)
    return made


@pytest.mark.paragraph(12)
def test_wherever_a_save_was_cut_off_no_label_is_lost(files: Files) -> None:
    """Each cut is refused, or what labels hold stays in force."""
    used = 0
    for end in range(0, len(GOALS), 3):
        files.write(GOALS[:end])
        try:
            plan = files.shop.plan(offline=True)
        except ConfigError:
            continue
        used += 1
        assert plan.planned.empty, GOALS[:end]
    assert used > 0


@pytest.mark.paragraph(12)
def test_a_save_that_cannot_be_read_stops_every_command_before_it_does_anything(
    files: Files,
) -> None:
    files.write(GOALS[: GOALS.index("hypotheses") - 20])
    shop = files.shop
    asked = dict(shop.tracker.requests)
    commands: list[Callable[[], Any]] = [
        shop.pull,
        shop.plan,
        shop.sync,
        lambda: shop.undo(1),
        lambda: drop_goal(shop.ctx, "H-1"),
        lambda: shop.say(people.link, files.search, "H-1", ""),
    ]
    for command in commands:
        with pytest.raises(ConfigError) as refused:
            command()
        assert refused.value.exit_code == 6
    assert dict(shop.tracker.requests) == asked
    assert files.labels == (WALLET, SEARCH)


@pytest.mark.paragraph(12)
def test_an_empty_folder_is_not_a_company_without_goals(files: Files) -> None:
    for file in files.folder.iterdir():
        file.unlink()
    with pytest.raises(ConfigError, match="holds no"):
        files.shop.sync()
    assert files.labels == (WALLET, SEARCH)


@pytest.mark.paragraph(12)
def test_what_vanished_after_an_unreadable_save_is_still_known(files: Files) -> None:
    files.write("objectives: [")
    with pytest.raises(ConfigError):
        files.shop.sync()
    files.without("H-1")
    files.shop.sync()
    assert files.shop.strategy().carried == ("H-1",)
    assert files.labels == (WALLET, SEARCH)


@pytest.mark.paragraph(12)
@pytest.mark.parametrize(
    ("gone", "carried"),
    [
        (("H-1",), {"H-1"}),
        (("H-1", "O-1"), {"H-1", "KR-1", "O-1"}),
        (("H-2", "O-2"), {"KR-3", "O-2"}),
    ],
)
def test_ids_that_hold_labels_and_vanish_stay_in_force_with_what_they_rest_on(
    files: Files, gone: tuple[str, ...], carried: set[str]
) -> None:
    files.without(*gone)
    for _ in range(3):
        assert files.shop.sync().planned.empty
        assert set(files.shop.strategy().carried) == carried
    assert files.labels == (WALLET, SEARCH)


@pytest.mark.paragraph(12)
def test_an_id_that_holds_no_label_goes_when_it_vanishes(files: Files) -> None:
    files.without("H-2")
    assert files.shop.strategy().carried == ()
    assert files.shop.strategy().goals.goal("H-2") is None


@pytest.mark.paragraph(12)
def test_a_label_of_a_person_holds_its_goal_too(files: Files) -> None:
    files.shop.tracker.person(files.wallet, add=["okr:H-2"])
    files.shop.sync()
    labels = files.labels
    files.without("H-2")
    files.shop.sync()
    assert files.shop.strategy().carried == ("H-2",)
    assert files.labels == labels


@pytest.mark.paragraph(12)
def test_a_carried_goal_can_be_linked_to_new_work(files: Files) -> None:
    files.without("H-1")
    item = files.shop.tracker.create(title="wallet")
    files.shop.sync()
    assert files.shop.labels(item) == WALLET


@pytest.mark.paragraph(12)
def test_a_goal_dropped_by_name_lets_go_of_its_labels(files: Files) -> None:
    files.without("H-1")
    drop_goal(files.shop.ctx, "h-1")
    files.shop.sync()
    assert files.shop.strategy().carried == ()
    assert files.labels == ({"okr:unaligned"}, SEARCH)


@pytest.mark.paragraph(12)
def test_to_drop_a_goal_that_others_rest_on_is_to_wait_for_them(files: Files) -> None:
    files.without("H-1", "O-1")
    drop_goal(files.shop.ctx, "H-1")
    assert set(files.shop.strategy().carried) == {"KR-1", "O-1"}
    drop_goal(files.shop.ctx, "KR-1")
    files.shop.sync()
    assert files.shop.strategy().carried == ()
    assert files.labels == ({"okr:unaligned"}, SEARCH)


@pytest.mark.paragraph(12)
def test_a_goal_in_the_files_cannot_be_dropped(files: Files) -> None:
    with pytest.raises(UsageError, match="not a goal that vanished"):
        drop_goal(files.shop.ctx, "H-1")


@pytest.mark.paragraph(12)
def test_a_dropped_goal_that_comes_back_is_in_force_and_no_longer_dropped(files: Files) -> None:
    files.without("H-1")
    drop_goal(files.shop.ctx, "H-1")
    files.shop.sync()
    files.write(GOALS)
    files.shop.sync()
    assert files.labels == (WALLET, SEARCH)
    files.without("H-1")
    files.shop.sync()
    assert files.labels == (WALLET, SEARCH)


@pytest.mark.paragraph(12)
def test_a_goal_renamed_with_previously_is_not_carried(files: Files) -> None:
    files.write(GOALS.replace("{id: H-1,", "{id: H-7, previously: H-1,"))
    files.shop.sync()
    assert files.shop.strategy().carried == ()
    assert files.labels == ({"okr:H-7", "okr:KR-1", "okr:aligned"}, SEARCH)


@pytest.mark.paragraph(12)
def test_a_tracker_that_breaks_off_in_the_middle_is_not_a_small_tracker(files: Files) -> None:
    shop = files.shop
    shop.tracker.faults.put(Fault(kind=FaultKind.LOST_BEFORE, on="stamps", after=1, times=9))
    shop.mapping.rules = []
    assert shop.sync().exit_code == 5
    assert files.labels == (WALLET, SEARCH)
