"""Check-ins, evidence and decisions, added to the file in which their goal stands.

The changed text is read as a whole before it takes the old one's place, in one step that survives
a power cut. A file that somebody else is changing meanwhile is left to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from okrsync.core.goaledits import LISTS, same, target, with_entry
from okrsync.core.goals import CheckIn, Decision
from okrsync.errors import ConfigError
from okrsync_yaml import insert
from okrsync_yaml.emit import flow, given
from okrsync_yaml.extent import NoRoomError
from okrsync_yaml.files import read_texts
from okrsync_yaml.goals import goals_of
from okrsync_yaml.swap import alone, swap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from okrsync.core.goaledits import Entry
    from okrsync.core.goals import Belief, Goals, Hypothesis, KeyResult
    from okrsync.core.place import Place


@dataclass(frozen=True, slots=True)
class YamlEditor:
    """A folder of OKR files, or one file."""

    path: Path
    folder: Path
    """Where the settings are; messages name files relative to it."""

    def append(self, goal_id: str, entry: Entry) -> Place:
        """Add a check-in, a piece of evidence or a decision to a goal.

        Raises:
            UsageError: there is no such goal, or it takes no such entry.
            ConfigError: the goals cannot be used, or the file has no safe place for the entry.
            RefusedError: the file was changed by somebody else at this moment.
            UnavailableError: it cannot be written.

        """
        before = read_texts(self.path, folder=self.folder)
        target(goals_of(before.files), goal_id, entry)
        with alone(self.path):
            files = read_texts(self.path, folder=self.folder).files
            goals = goals_of(files)
            goal = target(goals, goal_id, entry)
            name = goal.place.file
            after, text = _added(files, goals, goal, entry)
            swap(self.folder / name, files[name], text, name)
        added: list[Entry] = getattr(after.goal(goal.id), LISTS[type(entry)])
        return added[-1].place


def open_editor(options: Mapping[str, Any], folder: Path) -> YamlEditor:
    """Make the editor of what the ``okrs:`` section names."""
    return YamlEditor(folder / options.get("path", "okrs"), folder)


def entry_data(entry: Entry) -> dict[str, Any]:
    """Return an entry as it is written, key by key."""
    match entry:
        case CheckIn():
            return given(
                date=entry.date,
                value=entry.value,
                confidence=entry.confidence,
                note=entry.note,
                decision=entry.decision,
            )
        case Decision():
            return given(
                choice=entry.choice,
                date=entry.date,
                because=entry.because,
                until=entry.until,
                saved=entry.saved,
            )
        case _:
            return given(date=entry.date, says=entry.says, source=entry.source, note=entry.note)


def _added(
    files: Mapping[str, bytes],
    goals: Goals,
    goal: KeyResult | Hypothesis | Belief,
    entry: Entry,
) -> tuple[Goals, bytes]:
    """Return the goals with the entry and the text of its file, which hold nothing else new."""
    name, data = goal.place.file, entry_data(entry)
    try:
        text = insert.with_entry(files[name], goal.place, LISTS[type(entry)], data)
        after = goals_of({**files, name: text})
    except (NoRoomError, ConfigError) as error:
        raise _no_room(goal, entry, str(error)) from error
    if not same(after, with_entry(goals, goal, entry)):
        raise _no_room(goal, entry, "something else would change with it")
    return after, text


def _no_room(goal: KeyResult | Hypothesis | Belief, entry: Entry, why: str) -> ConfigError:
    return ConfigError(
        f"this cannot be added to {goal.id} in {goal.place.file}: {why}",
        hint=f"add it by hand to its {LISTS[type(entry)]}: {flow(entry_data(entry))}",
    )
