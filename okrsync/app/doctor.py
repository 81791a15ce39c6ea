"""Find what keeps okrsync from working, or from working well. Reads only, and writes nothing.

Every finding is one line: what is wrong, and what mends it. What a look cannot tell is not
guessed: a right of which a tracker does not speak is not reported as missing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.app.doctor_house import examine_goals, examine_store, examine_webhooks
from okrsync.app.doctor_mail import examine_mail
from okrsync.app.doctor_trackers import examine_tracker
from okrsync.app.doctor_values import Cause, Code, Grade, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from okrsync.app.check import Checking
    from okrsync.app.doctor_trackers import Door, Place
    from okrsync.core.clock import Clock
    from okrsync.core.goals import Goals
    from okrsync.core.vocabulary import Vocabulary
    from okrsync.ports.health import Disk, StoreLook
    from okrsync.ports.mailer import Mailer
    from okrsync.ports.store import Store

WARNED, FAILED_OUTSIDE, FILES_UNUSABLE = 1, 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Everything that is looked at. Nothing is opened before it is used."""

    checking: Checking
    doors: Sequence[Door]
    look_at_store: Callable[[], StoreLook]
    look_at_disk: Callable[[StoreLook], Disk | None]
    """Nothing where the store is in no file."""
    open_store: Callable[[], Store]
    vocabulary: Vocabulary
    link_kinds: frozenset[str]
    clock: Clock
    mailer: Mailer | None = None
    """Nothing where no mail server is configured."""


def examine(patient: Patient) -> Iterator[Seen]:
    """Look at goals, store and trackers, in this order, and tell as it goes."""
    goals: list[Goals] = []
    yield from examine_goals(patient.checking, goals)
    yield from examine_store(patient.look_at_store, patient.look_at_disk)
    labels = [*_verdict_labels(patient), *_link_labels(patient, goals)]
    places: dict[tuple[str, str], Place] = {}
    for door in patient.doors:
        here: dict[str, Place] = {}
        yield from examine_tracker(door, labels, patient.clock, here)
        places |= {(door.name, scope): place for scope, place in here.items()}
    yield from _shared(places)
    ringing = [door.name for door in patient.doors if door.webhooks]
    if ringing:
        yield from examine_webhooks(ringing, patient.look_at_store, patient.open_store)
    if patient.mailer is not None:
        yield examine_mail(patient.mailer)


def exit_code(seen: Iterable[Seen]) -> int:
    """Return 0, or whose matter the worst of it is: files, something outside, or a warning."""
    grades = defaultdict(set)
    for each in seen:
        grades[each.grade].add(each.cause)
    if Cause.FILES in grades[Grade.ERROR]:
        return FILES_UNUSABLE
    if grades[Grade.ERROR]:
        return FAILED_OUTSIDE
    return WARNED if grades[Grade.WARNING] else 0


def _verdict_labels(patient: Patient) -> Iterator[str]:
    for verdict in patient.vocabulary.verdicts:
        yield patient.vocabulary.label(verdict)


def _link_labels(patient: Patient, goals: Iterable[Goals]) -> Iterator[str]:
    for one in goals:
        for kind in sorted(patient.link_kinds):
            for goal in getattr(one, kind):
                yield patient.vocabulary.label(goal.id)


def _shared(places: Mapping[tuple[str, str], Place]) -> Iterator[Seen]:
    """Find scopes that are one scope under two names: each would undo the other's labels."""
    names = defaultdict(list)
    for (tracker, scope), place in places.items():
        names[place].append(f"{tracker} {scope}")
    for same in names.values():
        if len(same) > 1:
            yield Seen(
                code=Code.SHARED_ITEMS,
                grade=Grade.ERROR,
                about=same[0],
                message=f"{' and '.join(same)} are the same scope, so their items are shared",
                remedy="Keep it in one tracker's `scopes`: an item belongs to one tracker.",
                cause=Cause.FILES,
            )
