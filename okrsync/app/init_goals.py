"""Goals to start from: an example to overwrite, or what initiatives say, to be completed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.init import cycle_around, distinct, word
from okrsync.app.init_quoting import comment, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.init import Chosen
    from okrsync.ports.survey import PlannedInitiative

STARTER = "H-START"
"""The goal of the example that suggested rules name until a person names another."""
MOST_LINES = 5
"""Lines of an initiative's text that are shown beside it."""

_HEAD = (
    "# Your goals: who does what by how much. `okrsync check` tells every mistake with its line,",
    "# `okrsync rule CODE` why it is one, and `okrsync coach TEXT` how a key result reads.",
)


def goals(chosen: Chosen) -> Iterator[str]:
    """Yield the lines of the file of goals."""
    yield from _HEAD
    yield from _frame(chosen)
    yield from _imported(chosen) if chosen.initiatives else _starter(chosen)


def objectives(chosen: Chosen) -> dict[str, PlannedInitiative]:
    """Return the initiatives by the ids of the objectives that they become."""
    wanted = [_id(number, each) for number, each in enumerate(chosen.initiatives, start=1)]
    return dict(zip(distinct(wanted), chosen.initiatives, strict=True))


def _id(number: int, initiative: PlannedInitiative) -> str:
    """Make an id; one of digits alone could be the key of an item in a project O."""
    name = word(initiative.name).upper()
    return f"O-INITIATIVE-{name or number}" if name.isdecimal() or not name else f"O-{name}"


def _frame(chosen: Chosen) -> Iterator[str]:
    """Yield what goals of any kind need around them."""
    cycle, first, last = cycle_around(chosen.today)
    yield "strategy:"
    yield "  id: S-START"
    yield "  mission: Why we are here, in one sentence   # yours goes here"
    yield ""
    yield "customers:   # whoever uses what you make; colleagues count"
    yield "  - {id: newcomer, name: Newcomer, also: [newcomers], role: user}"
    yield ""
    yield "teams:   # and where their tickets are"
    ids = distinct(word(scope.key).lower() or "team" for scope in chosen.scopes)
    for scope, id_ in zip(chosen.scopes, ids, strict=True):
        works = f"{{tracker: {chosen.name}, scope: {quoted(scope.key)}}}"
        yield f"  - {{id: {quoted(id_)}, name: {quoted(scope.name)}, works_in: [{works}]}}"
    yield ""
    yield "cycles:"
    yield f"  - {{id: {cycle}, from: {first}, to: {last}, level: company}}"
    yield ""


def _starter(chosen: Chosen) -> Iterator[str]:
    cycle, _, _ = cycle_around(chosen.today)
    yield "# An example to overwrite: one objective, two key results, one hypothesis."
    yield "objectives:"
    yield "  - id: O-START"
    yield "    title: Newcomers feel at home from the first day"
    yield "    level: company   # or unit, or team with `team: ID` and `parents:`"
    yield f"    cycle: {cycle}"
    yield "    strategy: [S-START]"
    yield "    key_results:"
    yield "      - id: KR-START"
    yield "        who: newcomer"
    yield "        does_what: finish their first piece of work without asking for help"
    yield "        by_how_much: {from: 40, to: 60, unit: percent}"
    yield "        indicator: leading"
    yield "        measured_by: usage"
    yield "      - id: KR-STAY"
    yield "        who: newcomer"
    yield "        does_what: come back in their second week"
    yield "        by_how_much: {from: 30, to: 45, unit: percent}"
    yield "        indicator: lagging"
    yield "        measured_by: usage"
    yield ""
    yield "hypotheses:"
    yield f"  - id: {STARTER}"
    yield "    we_believe: a first task that explains itself"
    yield "    for: newcomer"
    yield "    will: finish their first piece of work without asking for help"
    yield "    serves: [KR-START, KR-STAY]"
    yield f"    cycle: {cycle}"
    yield "    stop_if: as many newcomers ask as before"


def _imported(chosen: Chosen) -> Iterator[str]:
    cycle, _, _ = cycle_around(chosen.today)
    yield "# Each initiative became an objective. Missing are its key results (who does what by"
    yield "# how much), and the hypotheses that its projects are. Titles should name no solution."
    yield "objectives:"
    for id_, initiative in objectives(chosen).items():
        for line in initiative.text.splitlines()[:MOST_LINES]:
            if told := comment(line):
                yield f"  # {told}"
        yield f"  - id: {id_}"
        yield f"    title: {quoted(initiative.name)}"
        yield "    level: company"
        yield f"    cycle: {cycle}"
        yield "    strategy: [S-START]"
        yield "    key_results: []"
