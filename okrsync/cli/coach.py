"""``coach``: says kindly what a key result lacks, and offers a frame to say it better."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.options import Format, FormatOption, print_json, spare_the_collector
from okrsync.cli.text import say
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from okrsync.lint.coaching import Advice

_LACKING = {
    "KR202": "who does it",
    "KR203": "what they do",
    "KR204": "by how much",
    "KR205": "where it starts",
}
_KINDS = {
    "task": "a task: it is done or not, whatever anybody does then",
    "system": "a measure of the system: no human does anything in it",
    "impact": "a result of the business, which no team moves alone",
    "outcome": "an outcome",
    "unclear": "neither clearly an outcome nor clearly anything else",
}


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(coach)


def coach(
    text: Annotated[
        str,
        typer.Argument(
            help="A key result, or - to read one a line: as text, or as JSON with id and text."
        ),
    ],
    output: FormatOption = Format.TEXT,
) -> None:
    """Say what a key result is and lacks, as if it were a team's.

    With - one JSON object a line is written, whatever the format.
    """
    from okrsync.bootstrap.clock import SystemClock
    from okrsync.lint.coaching import coach as coached
    from okrsync.wording import reader

    spare_the_collector()
    today, reading = SystemClock().now().date(), reader()
    if text == "-":
        for name, line in _lines():
            told = {"id": name, **_values(coached(line, reading, today))}
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    advice = coached(text, reading, today)
    if output is Format.JSON:
        print_json({"id": None, **_values(advice)})
    else:
        for line in _told(advice):
            say(line)


def _lines() -> Iterator[tuple[Any, str]]:
    """Yield id and text of every line that is not blank."""
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        line = raw.decode("utf-8", "replace").strip()
        if line.startswith("{"):
            yield _of_object(line, number)
        elif line:
            yield None, line


def _of_object(line: str, number: int) -> tuple[Any, str]:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise UsageError(f"line {number} is no JSON object: {error}") from None
    if not isinstance(given.get("text"), str):
        raise UsageError(f"line {number} has no text", hint='{"id": …, "text": "…"}')
    return given.get("id"), given["text"]


def _values(advice: Advice) -> dict[str, Any]:
    return {
        "kind": advice.kind.value,
        "confidence": round(advice.confidence, 2),
        "because": list(advice.because),
        "who": advice.who,
        "does_what": advice.does_what,
        "by_how_much": advice.by_how_much,
        "baseline": advice.baseline,
        "target": advice.target,
        "unit": advice.unit,
        "findings": [
            {"code": each.code, "message": each.message, "action": each.action}
            for each in advice.findings
        ],
        "rewrite": advice.rewrite,
    }


def _told(advice: Advice) -> Iterator[str]:
    words = ", ".join(f'"{word}"' for word in advice.because)
    sure = f"{advice.confidence:.0%} sure" + (f", because of {words}" if words else "")
    kind = _KINDS[advice.kind.value if advice.sure else "unclear"]
    yield f"This reads as {kind} ({sure})."
    lacking = [_LACKING[each.code] for each in advice.findings if each.code in _LACKING]
    if lacking:
        yield f"It does not say {_and(lacking)} yet."
    for each in advice.findings:
        if each.code not in _LACKING:
            yield f"{each.code}: {each.action}{'' if each.action.endswith('?') else '.'}"
    if advice.rewrite:
        yield f"A frame to fill in: {advice.rewrite}"
    elif not advice.findings:
        yield "It says who does what by how much. Nothing to add."


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
