"""Mapping rules from a YAML file, held against the goals they name.

Rules that name okrsync's own labels are refused: labels it writes are never its input. Which
trackers exist is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import re2

from okrsync.core.conditions import compile_pattern
from okrsync.core.mapping import Condition, Mapping, MappingRule
from okrsync.core.mapping_check import never_reached
from okrsync.core.place import Problem, did_you_mean
from okrsync.documents.read import parse
from okrsync.documents.salvage import salvaged
from okrsync.documents.validate import validated
from okrsync.errors import ConfigError
from okrsync_yaml.files import read_texts
from okrsync_yaml.mapping_format import ConditionIn, MappingFile, RuleIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as MappingType
    from pathlib import Path

    from okrsync.core.goals import Goals
    from okrsync.core.place import Place
    from okrsync.documents.read import Document, Steps

_NESTED = ("any", "all", "none")
_PATTERNS = ("title_matches", "text_matches")
_PLAIN = (
    "tracker",
    "scope",
    "project",
    "team",
    "type",
    "label",
    "component",
    "status",
    "parent",
    "milestone",
    "initiative",
)


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """One mapping file, or a folder of them."""

    path: Path
    folder: Path
    """Where the settings are; messages name files relative to it."""

    def read(self, goals: Goals | None, *, prefix: str) -> Mapping:
        """Read all rules in order; without goals, names of goals and teams are not looked up.

        Raises:
            ConfigError: they cannot be used; all mistakes at once.

        """
        texts = read_texts(self.path, folder=self.folder)
        return Mapping(rules=rules_of(texts.files, goals, prefix=prefix), digest=texts.digest)


def open_mapping(options: MappingType[str, Any], folder: Path) -> YamlMapping:
    """Make the source that the ``mapping:`` section asks for."""
    return YamlMapping(folder / options.get("path", "mapping.yaml"), folder)


def rules_of(
    files: MappingType[str, bytes], goals: Goals | None, *, prefix: str
) -> tuple[MappingRule, ...]:
    """Read rules from the content of files, by name.

    Raises:
        ConfigError: they cannot be used; all mistakes at once.

    """
    rules: list[MappingRule] = []
    problems: list[Problem] = []
    for name, text in files.items():
        try:
            document = parse(text, name)
        except ConfigError as error:
            problems += error.problems
            continue
        file, more = validated(MappingFile, document)
        problems += more
        sound = (file, document) if file else salvaged(MappingFile, document)
        if sound is not None:
            reader = _Reader(sound[1], goals, prefix)
            rules += [reader.rule(rule, index) for index, rule in enumerate(sound[0].rules)]
            problems += reader.problems
    problems += _twice(rules)
    if not problems:  # what is left of rules with mistakes takes more than its author means
        problems += never_reached(rules)
    if problems:
        count = f"{len(problems)} mistakes" if len(problems) > 1 else "a mistake"
        raise ConfigError(f"the mapping holds {count}", problems=sorted(problems, key=_by_place))
    return tuple(rules)


def _by_place(problem: Problem) -> tuple[Place, str]:
    return problem.place, problem.message


def _twice(rules: list[MappingRule]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for rule in rules:
        before = first.setdefault(rule.id.casefold(), rule.place)
        if before is not rule.place:
            yield Problem(
                rule.place, f"the rule id {rule.id!r} is given twice", f"first at {before}"
            )


class _Reader:
    """Turns the rules of one file into values, and collects what is wrong with them."""

    def __init__(self, document: Document, goals: Goals | None, prefix: str) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._goals = goals
        self._teams = [team.id for team in goals.teams] if goals else []
        self._prefix = prefix

    def rule(self, rule: RuleIn, index: int) -> MappingRule:
        at: Steps = ("rules", index)
        if rule.contact is not None:
            self._check_team(rule.contact, (*at, "contact"))
        return MappingRule(
            id=rule.id,
            when=self._condition(rule.when, (*at, "when")),
            serves=tuple(self._served(rule.serves, (*at, "serves"))),
            learning=rule.learning,
            exempt=rule.exempt.because if rule.exempt else None,
            enabled=rule.enabled,
            contact=rule.contact,
            place=self._document.place((*at, "id")),
        )

    def _condition(self, written: ConditionIn, at: Steps) -> Condition:
        self._check(written, at)
        nested: dict[str, Any] = {
            key: tuple(
                self._condition(one, self._step(at, key, index))
                for index, one in enumerate(getattr(written, key))
            )
            for key in _NESTED
        }
        plain = {key: getattr(written, key) for key in (*_PLAIN, *_PATTERNS)}
        place = self._document.place(at)
        return Condition(**plain, **nested, field=dict(written.field), place=place)

    def _step(self, at: Steps, key: str, index: int) -> Steps:
        """Find one of several conditions; a single one may stand without a list."""
        listed = (*at, key, index)
        return listed if self._document.has(listed) else (*at, key)

    def _check(self, written: ConditionIn, at: Steps) -> None:
        for key in _PATTERNS:
            for index, pattern in enumerate(getattr(written, key)):
                self._check_pattern(pattern, (*at, key, index))
        for index, team in enumerate(written.team):
            self._check_team(team, (*at, "team", index))
        values = {key: getattr(written, key) for key in _PLAIN}
        for key, words in values.items():
            for index, word in enumerate(words):
                self._check_vocabulary(word, (*at, key, index))
        for name, words in written.field.items():
            for index, word in enumerate(words):
                self._check_vocabulary(word, (*at, "field", name, index))

    def _check_pattern(self, pattern: str, at: Steps) -> None:
        try:
            compile_pattern(pattern)
        except re2.error as error:
            self._note(at, f"RE2 does not accept the pattern {pattern!r}: {_reason(error)}")

    def _check_team(self, team: str, at: Steps) -> None:
        if self._goals is None:
            return
        if team.casefold() not in {known.casefold() for known in self._teams}:
            self._note(at, f"there is no team {team!r}", did_you_mean(team, self._teams))

    def _check_vocabulary(self, word: str, at: Steps) -> None:
        if word.casefold().startswith(self._prefix.casefold()):
            told = f"{word!r} is a label of okrsync's own, which rules may not look at"
            self._note(at, told, "people's labels of goals count without any rule")

    def _served(self, words: tuple[str, ...], at: Steps) -> Iterator[str]:
        if self._goals is None:
            return
        for index, word in enumerate(words):
            goal = self._goals.goal(word)
            if goal is None:
                known = self._goals.order
                hint = did_you_mean(word, known)
                self._note((*at, index), f"serves {word!r}, which is no goal", hint)
            else:
                yield goal.id

    def _note(self, at: Steps, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(self._document.place(at), message, hint))


def _reason(error: re2.error) -> str:
    told = error.args[0] if error.args else ""
    return told.decode() if isinstance(told, bytes) else str(told)
