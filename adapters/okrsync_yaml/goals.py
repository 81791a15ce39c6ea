"""Goals from YAML files: all of them, or every mistake in them at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from okrsync.core.goalcheck import build
from okrsync.documents.read import parse
from okrsync.documents.salvage import salvaged
from okrsync.documents.validate import validated
from okrsync.errors import ConfigError
from okrsync.ports.goals import GoalsRead
from okrsync_yaml.convert import Written, converted
from okrsync_yaml.files import read_texts
from okrsync_yaml.format import OkrFile
from okrsync_yaml.inline import inline_waivers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from okrsync.core.goals import Goals
    from okrsync.core.place import Place, Problem

_LISTS = (
    "strategies",
    "customers",
    "journey",
    "units",
    "teams",
    "cycles",
    "objectives",
    "hypotheses",
    "beliefs",
)


@dataclass(frozen=True, slots=True)
class YamlGoals:
    """A folder of OKR files, or one file."""

    path: Path
    folder: Path
    """Where the settings are; messages name files relative to it."""

    def read(self) -> GoalsRead:
        """Read all goals, in the order of the files' names and of the positions in them.

        Raises:
            ConfigError: they cannot be used; all mistakes at once.

        """
        texts = read_texts(self.path, folder=self.folder)
        return GoalsRead(goals_of(texts.files), texts.digest)


def open_goals(options: Mapping[str, Any], folder: Path) -> YamlGoals:
    """Make the source that the ``okrs:`` section asks for."""
    return YamlGoals(folder / options.get("path", "okrs"), folder)


def goals_of(files: Mapping[str, bytes]) -> Goals:
    """Read goals from the content of files, by name.

    Raises:
        ConfigError: they cannot be used; all mistakes at once.

    """
    found = _Found()
    for name, text in files.items():
        found.add(name, text)
    goals, problems = None, found.problems
    if not found.unparsed:
        goals, more = found.built()
        problems = problems + more
    if goals is None or problems:
        count = f"{len(problems)} mistakes" if len(problems) > 1 else "a mistake"
        raise ConfigError(f"the OKR files hold {count}", problems=sorted(problems))
    return goals


@dataclass(slots=True)
class _Found:
    """What the files hold so far, with the mistakes seen."""

    written: list[Written] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    unparsed: bool = False
    """References cannot be judged: nobody knows what an unparsed file would hold."""

    def add(self, name: str, text: bytes) -> None:
        try:
            document = parse(text, name)
        except ConfigError as error:
            self.problems += error.problems
            self.unparsed = True
            return
        file, problems = validated(OkrFile, document)
        self.problems += problems
        if file is None:
            self.unreadable |= set(_ids(document.data))
            sound = salvaged(OkrFile, document)
        else:
            sound = file, document
        if sound is not None:
            inline, problems = inline_waivers(text, sound[1])
            self.problems += problems
            self.written.append(converted(*sound, inline))

    def built(self) -> tuple[Goals | None, list[Problem]]:
        everything = {
            name: [one for file in self.written for one in getattr(file, name)] for name in _LISTS
        }
        spots: dict[tuple[Place, str, str], Place] = {}
        for file in self.written:
            spots.update(file.spots)
        return build(**everything, spots=spots, unreadable=self.unreadable)


def _ids(data: Any) -> Iterator[str]:
    """Yield the ids of everything in a file that has mistakes, also of what cannot be read."""
    if not isinstance(data, dict):
        return
    for key in ("strategy", "value_map", "units", "teams", "cycles", "objectives", "key_results"):
        things = data.get(key)
        for thing in things if isinstance(things, list) else [things]:
            if isinstance(thing, dict):
                given = thing.get("id")
                yield str(getattr(given, "source", given))
                yield from _ids(thing)
