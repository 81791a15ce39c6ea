"""People at work in all trackers: they edit, clone, move, delete, and hardly think of okrsync."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okrsync.core.work import ItemRef
from okrsync_simulators.jira import Deployment
from okrsync_simulators.people import BOT, JONAS, MIRA
from tests.chaos.papers import LASTING, LINKS, NOTHING, TITLES, VERDICTS, WALLET
from tests.chaos.place import ARCHIVE, Word
from tests.chaos.places import JiraPlace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from okrsync.ports.store import Store
    from tests.chaos.place import Place


def _veto(random: Random, there: Sequence[str]) -> tuple[str, Word]:
    links = [label for label in there if label in LINKS]
    label = random.choice(links) if links else ""
    return label, Word(vetoed=frozenset({label}))


def _link(random: Random, there: Sequence[str]) -> tuple[str, Word]:
    missing = [label for label in LASTING if label not in there]
    label = random.choice(missing) if missing else ""
    return label, Word(linked=frozenset({label}))


def _mute(_random: Random, there: Sequence[str]) -> tuple[str, Word]:
    label = next((each for each in there if each in VERDICTS), "")
    return label, Word(muted=frozenset({label}))


SPOKEN = (_veto, _mute, _link, _veto, _mute)
BUSY = 0.6
"""Share of what is new or moved that comes to the first scope of a place."""
MOST = 80
"""Items of a place, above which more are deleted than created."""


class People:
    """Do one thing at a time, at random."""

    def __init__(self, places: Sequence[Place], random: Random) -> None:
        self._places = places
        self._random = random
        self.did: Counter[str] = Counter()
        self._deeds: Sequence[tuple[float, Callable[[Place, str], None]]] = (
            (5, self.label_of_their_own),
            (4, self.retitle),
            (2, self.take_away),
            (2, self.put_on),
            (0.7, self.toggle),
            (0.3, self.foreign_verdict),
            (1.5, self.create),
            (1.2, self.delete),
            (0.4, self.clone),
            (0.7, self.move),
            (0.7, self.hang),
            (0.4, self.hide),
            (0.2, self.show),
        )

    def act(self) -> None:
        """Do something."""
        place = self._random.choice(self._places)
        weights, deeds = zip(*self._deeds, strict=True)
        deed = self._random.choices(deeds, weights)[0]
        deed(place, self._random.choice(place.others))
        self.did[deed.__name__.replace("_", " ")] += 1

    def act_with_our_account(self, store: Store) -> None:
        """Change okrsync's labels under okrsync's own name, as many companies do.

        Not such as okrsync may be changing itself: nobody could tell whose entry that is.
        """
        place = self._random.choice(self._places)
        item = self._random.choice(place.others)
        label = self._random.choice(self._words_on(place, item) or [*LINKS])
        with store.begin() as tx:
            ref = ItemRef(place.name, item)
            asked = tx.intents_of([ref])[ref]
        if any(
            intent.after is None or (label in intent.after) is not (label in intent.add)
            for intent in asked
            if label in (*intent.add, *intent.remove)
        ):
            return
        there = label in place.labels(item)
        place.edit(item, [] if there else [label], [label] if there else [], BOT)
        self.did["with okrsync's account"] += 1

    def speak(self) -> None:
        """Veto, link and mute where it is known what must follow from that for ever.

        Only for when all is quiet: okrsync's own labels must be there, and known to it.
        """
        for place in self._places:
            items = self._random.sample(place.plain, min(len(place.plain), len(SPOKEN)))
            for item, speak in zip(items, SPOKEN, strict=False):
                there = sorted(place.labels(item) & frozenset((*LINKS, *VERDICTS)))
                label, word = speak(self._random, there)
                if label in there:
                    place.say(item, [], [label], word)
                elif label:
                    place.say(item, [label], [], word)
                self.did["words in the calm"] += bool(label)

    def label_of_their_own(self, place: Place, item: str) -> None:
        label = f"theirs-{self._random.randint(0, 5)}"
        there = label in place.labels(item)
        who = self._random.choice((MIRA, JONAS, BOT))
        place.edit(item, [] if there else [label], [label] if there else [], who)

    def retitle(self, place: Place, item: str) -> None:
        place.retitle(item, self._title_for(place))

    def take_away(self, place: Place, item: str) -> None:
        if words := self._words_on(place, item):
            place.edit(item, [], [self._random.choice(words)], MIRA)

    def put_on(self, place: Place, item: str) -> None:
        place.edit(item, [self._random.choice(LINKS)], [], MIRA)

    def toggle(self, place: Place, item: str) -> None:
        if words := self._words_on(place, item):
            word = self._random.choice(words)
            place.edit(item, [], [word], MIRA)
            place.edit(item, [word], [], JONAS)

    def foreign_verdict(self, place: Place, item: str) -> None:
        """Put a verdict there, or take away what is there."""
        there = sorted(place.labels(item) & VERDICTS)
        if there and self._random.random() < 0.7:
            place.edit(item, [], there, JONAS)
        elif isinstance(place, JiraPlace):
            place.edit(item, [self._random.choice(sorted(VERDICTS))], [], JONAS)

    def create(self, place: Place, _item: str) -> None:
        if len(place.items) < MOST:
            busiest = self._random.random() < BUSY
            scope = place.scopes[0] if busiest else self._random.choice(place.scopes)
            place.create(self._title_for(place), scope)

    def delete(self, place: Place, item: str) -> None:
        if len(place.items) > MOST / 4:
            place.delete(item)

    def clone(self, place: Place, item: str) -> None:
        if len(place.items) < MOST:
            place.clone(item)

    def move(self, place: Place, item: str) -> None:
        busiest = self._random.random() < BUSY
        anywhere = self._random.choice([*place.scopes, ARCHIVE])
        place.move(item, place.scopes[0] if busiest else anywhere)

    def hang(self, place: Place, item: str) -> None:
        """Hang an item below an epic, or below none; some inherit then."""
        place.hang(item, self._random.choice([*place.epics, None]))
        if self._random.random() < 0.5:
            place.retitle(item, NOTHING)

    def hide(self, place: Place, item: str) -> None:
        if isinstance(place, JiraPlace):
            place.hide(item)

    def show(self, place: Place, _item: str) -> None:
        if isinstance(place, JiraPlace):
            place.show_all()

    def _title_for(self, place: Place) -> str:
        """Name mostly one thing where many equal edits go as one task, so that there are many."""
        share = 0.8 if place.deployment == Deployment.CLOUD.value else 0.3
        return WALLET if self._random.random() < share else self._random.choice(TITLES)

    def _words_on(self, place: Place, item: str) -> list[str]:
        return sorted(label for label in place.labels(item) if label.startswith("okr:"))
