"""The promises of `okrsync.ports.goals`, as tests that goal sources inherit.

Usage, in a source's own tests::

    class TestMine(GoalSourceConformance):
        @pytest.fixture
        def world(self):
            with my_place() as place:
                yield MyWorld(place)

What a source makes of its own format is for its own tests.
"""
# ruff: noqa: D102 (the name of a test is its promise)

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol

import pytest

from okrsync.core.goaledits import Entry, same, with_entry
from okrsync.core.goals import CheckIn, Decision, Evidence
from okrsync.errors import ConfigError, OkrsyncError, UsageError
from okrsync.testing.example_goals import example_goals

if TYPE_CHECKING:
    from okrsync.core.goals import Goals
    from okrsync.ports.goals import GoalEditor, GoalSource

DAY = date(2027, 3, 1)
NOTE = "One: two, # three [four] {five} 'six' \"seven\" – acht\nneun"
ENTRIES: tuple[tuple[str, Entry], ...] = (
    ("KR-RIDE", CheckIn(date=DAY, value=12.5, confidence=0.25, note=NOTE, decision="Go on")),
    ("KR-BARE", CheckIn(date=DAY, value=-3.0)),
    ("H-MAP", Evidence(date=DAY, says="against", source="Rack 7", note=NOTE)),
    ("H-BARE", Evidence(date=DAY, says="unclear")),
    ("B-RAIN", Evidence(date=DAY, says="for", source="two weeks")),
    ("H-MAP", Decision(choice="pivot", date=DAY, because=NOTE, until=date(2027, 4, 1))),
    ("H-BARE", Decision(choice="kill", date=DAY, because="No", saved="A summer")),
)


class GoalWorld(Protocol):
    """A place that holds `example_goals`, and power over it."""

    @property
    def source(self) -> GoalSource:
        """The source, made anew: as another process would have it."""

    @property
    def editor(self) -> GoalEditor:
        """Its editor, made anew."""

    def put(self, goals: Goals) -> None:
        """Put other goals there, as whoever looks after the place would."""

    def spoil(self) -> str:
        """Make what is there unusable, and tell what a place in the messages must name."""

    def empty(self) -> None:
        """Take everything away."""


class GoalSourceConformance:
    """Inherit, provide ``world``, and every promise of the ports runs against your source."""

    @pytest.fixture
    def world(self) -> GoalWorld:
        """Return a world to try; override this."""
        raise NotImplementedError("a conformance class must define the fixture `world`")

    # reading

    def test_goals_are_read_as_they_were_written(self, world: GoalWorld) -> None:
        assert same(world.source.read().goals, example_goals())

    def test_every_goal_says_where_it_stands(self, world: GoalWorld) -> None:
        places = [goal.place for goal in world.source.read().goals.by_fold.values()]
        assert all(place.file for place in places)
        assert len(set(places)) == len(places)

    def test_the_digest_is_the_same_until_something_changes(self, world: GoalWorld) -> None:
        first, again = world.source.read(), world.source.read()
        assert first.digest == again.digest

    @pytest.mark.parametrize("part", ["strategies", "teams", "cycles", "objectives", "beliefs"])
    def test_a_change_anywhere_changes_the_digest(self, world: GoalWorld, part: str) -> None:
        before = world.source.read().digest
        goals = example_goals()
        word = {"strategies": "mission", "objectives": "title", "beliefs": "text"}.get(part)
        first, *rest = getattr(goals, part)
        told = {"ends": date(2028, 1, 1)} if part == "cycles" else {word or "name": "Other words"}
        world.put(replace(goals, **{part: (replace(first, **told), *rest)}))  # type: ignore[arg-type]
        assert world.source.read().digest != before

    def test_nothing_is_no_goals_but_a_mistake_that_is_told(self, world: GoalWorld) -> None:
        world.empty()
        with pytest.raises(ConfigError):
            world.source.read()

    def test_goals_that_cannot_be_used_are_refused_with_their_place(self, world: GoalWorld) -> None:
        place = world.spoil()
        with pytest.raises(ConfigError) as caught:
            world.source.read()
        assert any(place in str(problem.place) for problem in caught.value.problems)

    def test_a_half_written_state_is_never_read(self, world: GoalWorld) -> None:
        one, other = example_goals(), example_goals(suffix=" otherwise")
        done = Event()

        def write() -> None:
            for _ in range(10):
                world.put(other)
                world.put(one)
            done.set()

        writer = Thread(target=write)
        writer.start()
        try:
            while not done.is_set():
                read = self._read_or_refused(world)
                assert read is None or same(read, one) or same(read, other)
        finally:
            writer.join()
        assert same(world.source.read().goals, one)

    def _read_or_refused(self, world: GoalWorld) -> Goals | None:
        """Read; a source may also say that it changes all the time."""
        try:
            return world.source.read().goals
        except OkrsyncError:
            return None

    # editing

    @pytest.mark.parametrize(("goal_id", "entry"), ENTRIES)
    def test_an_entry_is_heard_at_the_next_reading_and_nothing_else_changes(
        self, world: GoalWorld, goal_id: str, entry: Entry
    ) -> None:
        before = world.source.read()
        goal = before.goals.goal(goal_id)
        place = world.editor.append(goal_id, entry)
        after = world.source.read()
        assert goal is not None
        assert same(after.goals, with_entry(before.goals, goal, entry))  # type: ignore[arg-type]
        assert after.digest != before.digest
        assert place.file

    def test_entries_stay_in_the_order_in_which_they_were_written(self, world: GoalWorld) -> None:
        for value in (3.0, 1.0, 2.0):
            world.editor.append("KR-BARE", CheckIn(date=DAY, value=value))
        kr = next(kr for kr in world.source.read().goals.key_results if kr.id == "KR-BARE")
        assert [each.value for each in kr.check_ins] == [3.0, 1.0, 2.0]

    def test_a_former_id_in_any_case_is_the_goal(self, world: GoalWorld) -> None:
        world.editor.append("kr-old", CheckIn(date=DAY, value=1.0))
        kr = next(kr for kr in world.source.read().goals.key_results if kr.id == "KR-RIDE")
        assert kr.check_ins[-1].value == 1.0

    @pytest.mark.parametrize(
        ("goal_id", "entry", "hint"),
        [
            ("KR-RIDEE", CheckIn(date=DAY, value=1.0), "KR-RIDE"),
            ("H-MAPS", Decision(choice="kill", date=DAY, because="No"), "H-MAP"),
            ("B-RAINY", Evidence(date=DAY, says="for"), "B-RAIN"),
            ("O-TOWN", CheckIn(date=DAY, value=1.0), "KR-RIDE"),
            ("KR-RIDE", Evidence(date=DAY, says="for"), "H-MAP"),
            ("B-RAIN", Decision(choice="kill", date=DAY, because="No"), "H-MAP"),
        ],
    )
    def test_what_takes_no_such_entry_is_refused_with_what_could_be_meant(
        self, world: GoalWorld, goal_id: str, entry: Entry, hint: str
    ) -> None:
        before = world.source.read().digest
        with pytest.raises(UsageError) as caught:
            world.editor.append(goal_id, entry)
        assert hint in str(caught.value.hint)
        assert world.source.read().digest == before

    @pytest.mark.parametrize(
        ("goal_id", "entry"),
        [
            ("KR-RIDE", CheckIn(date=DAY, confidence=1.5)),
            ("KR-RIDE", CheckIn(date=DAY, value=float("nan"))),
            ("KR-RIDE", CheckIn(date=DAY)),
            ("KR-RIDE", CheckIn(date=DAY, note="nothing\0")),
            ("H-MAP", Evidence(date=DAY, says="perhaps")),
            ("H-MAP", Decision(choice="wait", date=DAY, because="No")),
        ],
    )
    def test_an_entry_that_says_nothing_that_can_be_is_refused(
        self, world: GoalWorld, goal_id: str, entry: Entry
    ) -> None:
        before = world.source.read().digest
        with pytest.raises(UsageError):
            world.editor.append(goal_id, entry)
        assert world.source.read().digest == before

    def test_nothing_is_added_to_goals_that_cannot_be_used(self, world: GoalWorld) -> None:
        world.spoil()
        with pytest.raises(ConfigError):
            world.editor.append("KR-RIDE", CheckIn(date=DAY, value=1.0))

    def test_many_who_write_at_once_lose_nothing(self, world: GoalWorld) -> None:
        def write(start: int) -> None:
            for number in range(start, start + 5):
                world.editor.append("KR-BARE", CheckIn(date=DAY, value=float(number)))

        writers = [Thread(target=write, args=(start,)) for start in (0, 10, 20)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        kr = next(kr for kr in world.source.read().goals.key_results if kr.id == "KR-BARE")
        told = sorted(each.value or 0.0 for each in kr.check_ins)
        assert told == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24]
