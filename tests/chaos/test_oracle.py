"""The oracle of chaos finds what must never happen, and forgives only what nobody can prevent."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from okrsync.core.work import ItemRef
from okrsync.ports.store import Entry
from okrsync.storage import open_store
from okrsync_simulators.jira import Deployment
from okrsync_simulators.people import BOT, MIRA
from tests.chaos.oracle import WINDOW, judge
from tests.chaos.papers import MAIL, NOTHING, WALLET, Papers
from tests.chaos.place import Word
from tests.chaos.places import JiraPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from okrsync.ports.store import Store
    from tests.chaos.oracle import Verdict

RIGHT = ("okr:H-WALLET", "okr:KR-PAY", "okr:aligned")


class Scene:
    """One item of which okrsync and people write the history, far apart unless they hurry."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.place = JiraPlace("shop-jira", ("PAY",), Deployment.CLOUD)
        self.papers = Papers(folder, Random(1))
        self.store = store
        for title in (NOTHING, NOTHING, WALLET):
            self.place.create(title, "PAY")
        for epic in self.place.epics:
            self.place.touched.add(epic)
        self.item = self.place.others[0]
        self.at: datetime = self.place.world.now()
        self.apart = 2 * WINDOW

    def we(self, add: Sequence[str] = (), remove: Sequence[str] = (), *, told: bool = True) -> None:
        at = self._tick()
        self.place.world.edit_labels(
            self.item, add=add, remove=remove, account=BOT, at=at, over_api=True
        )
        if told:
            self.journal(add, remove, at)

    def mira(self, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        self.place.world.edit_labels(
            self.item, add=add, remove=remove, account=MIRA, at=self._tick()
        )
        self.place.touched.add(self.item)
        own = self.place.own[self.item] - {*remove}
        self.place.own[self.item] = own | {each for each in add if not each.startswith("okr:")}

    def borrow(self, add: Sequence[str]) -> None:
        """Let a person add labels under okrsync's own name."""
        self._tick()
        self.place.edit(self.item, add, [], BOT)
        *_, entry = self.place._entries(self.item)
        self.at = entry.at

    def verdict(self, looks: Sequence[datetime] = ()) -> Verdict:
        return judge([self.place], self.papers, self.store, looks)

    def _tick(self) -> datetime:
        self.at += self.apart
        return self.at

    def journal(self, add: Sequence[str], remove: Sequence[str], at: datetime) -> None:
        entry = Entry(
            run=self._run(at),
            ref=ItemRef("shop-jira", self.item),
            key="PAY-3",
            scope="PAY",
            at=at,
            before=(),
            after=(),
            added=tuple(add),
            removed=tuple(remove),
        )
        with self.store.begin() as tx:
            tx.add_entries([entry])

    def _run(self, at: datetime) -> int:
        with self.store.begin() as tx:
            return tx.start_run("pass", at).id


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    store = open_store(f"sqlite:///{tmp_path / 'okrsync.db'}")
    yield Scene(tmp_path, store)
    store.close()


def test_a_history_as_it_should_be_is_not_blamed(scene: Scene) -> None:
    scene.we(add=RIGHT)
    assert scene.verdict().wrongs == []
    scene.mira(remove=["okr:KR-PAY"], add=["theirs"])
    scene.we(remove=["okr:aligned"])
    scene.mira(add=["okr:KR-PAY"])
    scene.we(add=["okr:aligned"])
    found = scene.verdict()
    assert (found.wrongs, found.crossed) == ([], [])


def test_a_stolen_label_is_found(scene: Scene) -> None:
    scene.mira(add=["okr:KR-SIDE"])
    scene.we(remove=["okr:KR-SIDE"])
    assert "somebody's okr:KR-SIDE was taken" in scene.verdict().wrongs[0]


@pytest.mark.parametrize("asked", [True, False])
def test_what_came_under_our_name_is_ours_only_if_we_were_adding_the_same(
    scene: Scene, asked: bool
) -> None:
    scene.borrow(add=["okr:KR-SIDE"])
    scene.apart = timedelta(seconds=1)
    scene.we(add=RIGHT)
    if asked:
        scene.journal(["okr:KR-SIDE"], [], scene.at)
    scene.apart = 2 * WINDOW
    scene.we(remove=["okr:KR-SIDE"])
    stolen = [each for each in scene.verdict().wrongs if "was taken" in each]
    assert bool(stolen) is not asked


def test_a_label_that_is_none_of_our_words_is_found(scene: Scene) -> None:
    scene.mira(add=["theirs"])
    scene.we(remove=["theirs"])
    assert "none of our words" in "".join(scene.verdict().wrongs)


def test_a_link_that_was_taken_and_put_back_is_found(scene: Scene) -> None:
    scene.we(add=RIGHT)
    scene.mira(remove=["okr:KR-PAY"])
    scene.place.stir(scene.item)
    scene.we(add=["okr:KR-PAY"])
    assert "okr:KR-PAY was put back" in scene.verdict().wrongs[0]


def test_a_verdict_may_come_back_only_after_something_changed(scene: Scene) -> None:
    scene.we(add=RIGHT)
    scene.mira(remove=["okr:aligned"])
    scene.we(add=["okr:aligned"])
    assert "okr:aligned was put back" in scene.verdict().wrongs[0]
    *_, taken, back = scene.place.history(scene.item)
    scene.place.stirred[scene.item].append(taken.at + (back.at - taken.at) / 2)
    assert scene.verdict().wrongs == []


def test_a_verdict_may_not_come_back_after_something_that_does_not_concern_it(
    scene: Scene,
) -> None:
    scene.we(add=RIGHT)
    scene.mira(remove=["okr:aligned"])
    scene.papers.changed.append((scene.at + scene.apart / 2, frozenset({MAIL})))
    scene.we(add=["okr:aligned"])
    assert "okr:aligned was put back" in scene.verdict().wrongs[0]
    scene.papers.changed.append((scene.at - scene.apart / 2, frozenset({WALLET})))
    assert scene.verdict().wrongs == []


def test_a_link_of_people_that_okrsync_knew_and_that_is_gone_is_a_veto(scene: Scene) -> None:
    scene.mira(add=["okr:KR-PAGE"])
    look = scene.at + scene.apart / 2
    scene.mira(remove=["okr:KR-PAGE"])
    scene.we(add=["okr:KR-PAGE"])
    assert scene.verdict().wrongs == []
    assert "okr:KR-PAGE was put back" in scene.verdict([look]).wrongs[0]


@pytest.mark.parametrize(
    ("word", "right"),
    [
        (Word(vetoed=frozenset({"okr:KR-PAY"})), ("okr:H-WALLET", "okr:aligned")),
        (Word(vetoed=frozenset({"okr:H-WALLET"})), ("okr:unaligned",)),
        (Word(linked=frozenset({"okr:KR-PAGE"})), ("okr:KR-PAGE", "okr:weak")),
        (Word(muted=frozenset({"okr:aligned"})), ("okr:H-WALLET", "okr:KR-PAY")),
    ],
)
def test_an_item_must_be_as_the_last_word_on_it_asks_for(
    scene: Scene, word: Word, right: Sequence[str]
) -> None:
    scene.we(add=RIGHT)
    assert scene.verdict().wrongs == []
    scene.place.said[scene.item] = word
    assert "should have" in scene.verdict().wrongs[0]
    scene.we(add=sorted({*right} - {*RIGHT}), remove=sorted({*RIGHT} - {*right}))
    found = scene.verdict()
    assert (found.wrongs, found.heeded) == ([], 1)


def test_a_label_of_people_that_went_without_a_trace_is_found(scene: Scene) -> None:
    scene.we(add=RIGHT)
    scene.place.own[scene.item].add("theirs-3")
    assert "people left" in scene.verdict().wrongs[0]


def test_anything_but_labels_changed_by_okrsync_is_found(scene: Scene) -> None:
    scene.we(add=RIGHT)
    scene.place.world.set_summary(scene.item, "Something nicer", BOT)
    assert "okrsync changed ['summary at" in scene.verdict().wrongs[0]


def test_what_people_left_alone_must_be_as_the_files_say(scene: Scene) -> None:
    assert "should have" in scene.verdict().wrongs[0]
    scene.we(add=[*RIGHT, "okr:KR-PAGE"])
    assert "should have" in scene.verdict().wrongs[0]
    scene.we(remove=["okr:KR-PAGE"])
    assert scene.verdict().wrongs == []


def test_a_write_that_was_not_journalled_and_a_line_without_a_write_are_found(
    scene: Scene,
) -> None:
    scene.we(add=RIGHT[:2])
    scene.we(add=RIGHT[2:], told=False)
    assert "{'+okr:aligned': 1}; in the journal and never done: {}" in scene.verdict().wrongs[0]
    scene.journal(RIGHT[1:], (), scene.at)
    assert "{'+okr:KR-PAY': 1}" in scene.verdict().wrongs[0]


def test_somebody_quicker_than_a_write_is_counted_and_forgiven(scene: Scene) -> None:
    scene.we(add=[*RIGHT, "okr:KR-PAGE"])
    scene.apart = timedelta(seconds=1)
    scene.mira(remove=["okr:KR-PAGE"])
    scene.mira(add=["okr:KR-PAGE"])
    scene.we(remove=["okr:KR-PAGE"])
    found = scene.verdict()
    assert (found.wrongs, len(found.crossed)) == ([], 1)
