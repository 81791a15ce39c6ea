"""Waivers written as comments: ``# okrsync: waive KR205 because … until 2026-12-31``.

A comment waives for the goal it stands beside. One that is not understood, has no reason, or stands
beside no goal is a mistake: who wrote it believes that it works.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from okrsync.core.goals import Waiver
from okrsync.core.place import Problem
from okrsync.documents.comments import comments, innermost

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from okrsync.documents.comments import Comment
    from okrsync.documents.read import Document, Steps

_WAIVER = re.compile(
    r"waive\s+(?P<codes>[A-Z]{2,3}[0-9]{3}(?:\s*,\s*[A-Z]{2,3}[0-9]{3})*)"
    r"\s+because:?\s+(?P<reason>.*?\w.*?)(?:\s+until\s+(?P<until>[0-9]\S*))?",
    re.IGNORECASE,
)
_GRAMMAR = "write: # okrsync: waive KR205 because REASON, at the end perhaps until YYYY-MM-DD"


def inline_waivers(
    text: bytes, document: Document
) -> tuple[Mapping[Steps, tuple[Waiver, ...]], list[Problem]]:
    """Return the waivers in comments by the path of their goal, and what is wrong with others."""
    waivers: defaultdict[Steps, list[Waiver]] = defaultdict(list)
    problems: list[Problem] = []
    goals: dict[Steps, str] | None = None
    for comment in comments(text, document):
        if not comment.said.casefold().startswith("waive"):
            continue
        goals = dict(_goals(document)) if goals is None else goals
        held = innermost(comment.about, goals)
        try:
            said = _read(comment)
            path = _one_goal(held)
        except ValueError as error:
            problems.append(Problem(comment.place, str(error), _GRAMMAR))
            continue
        waivers[path] += [_waiver(code, said, goals[path], comment) for code in _codes(said)]
    return {path: tuple(found) for path, found in waivers.items()}, problems


def _goals(document: Document) -> Iterator[tuple[Steps, str]]:
    """Yield path and id of every goal."""
    data = document.data if isinstance(document.data, dict) else {}
    for section in ("objectives", "hypotheses", "beliefs"):
        for path, goal in _listed((section,), data.get(section)):
            yield path, _id(goal)
            for below, kr in _listed((*path, "key_results"), goal.get("key_results")):
                yield below, _id(kr)


def _listed(path: Steps, things: object) -> Iterator[tuple[Steps, dict[str, object]]]:
    for index, each in enumerate(things if isinstance(things, list) else ()):
        if isinstance(each, dict):
            yield (*path, index), each


def _id(goal: Mapping[str, object]) -> str:
    given = goal.get("id")
    return str(getattr(given, "source", given))


def _read(comment: Comment) -> re.Match[str]:
    said = _WAIVER.fullmatch(comment.said)
    if said is None:
        reason = re.search(r"\bbecause\b.*\w", comment.said[6:], re.IGNORECASE)
        told = "is no waiver that can be read" if reason else "is a waiver without a reason"
        raise ValueError(f"this comment {told}")
    if said["until"] is None and re.search(r"\buntil \d", said["reason"]):
        raise ValueError("the last day of this waiver must stand at the end")
    _day(said["until"])
    return said


def _one_goal(held: tuple[Steps, ...]) -> Steps:
    if not held:
        raise ValueError("this waiver stands beside no goal")
    if len(held) > 1:
        raise ValueError("this waiver stands beside several goals; give each a line of its own")
    return held[0]


def _codes(said: re.Match[str]) -> list[str]:
    return [code.strip().upper() for code in said["codes"].split(",")]


def _waiver(code: str, said: re.Match[str], goal: str, comment: Comment) -> Waiver:
    return Waiver(
        code=code, reason=said["reason"], goal=goal, until=_day(said["until"]), place=comment.place
    )


def _day(word: str | None) -> date | None:
    """Read a day.

    Raises:
        ValueError: it is none.

    """
    if word is None:
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"{word!r} is no day such as 2026-12-31") from None
