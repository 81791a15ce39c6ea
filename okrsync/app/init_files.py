"""The files that `okrsync init` writes, as text: settings, mapping, and goals to start from.

They load as they are, `okrsync check` accepts them, and no token is ever in them. What came from a
tracker is quoted, so that no name can be read as anything but a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.init import distinct, word
from okrsync.app.init_goals import STARTER, goals, objectives
from okrsync.app.init_quoting import comment, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.app.init import Chosen, Suggestion

SETTINGS, MAPPING, GOALS = "okrsync.yaml", "mapping.yaml", "okrs/okrs.yaml"


def files(chosen: Chosen, suggestions: Sequence[Suggestion]) -> dict[str, str]:
    """Return the text of each file, by its path."""
    imported = chosen.initiatives
    rules = _initiative_rules(chosen) if imported else _rules(chosen, suggestions)
    return {
        SETTINGS: _text(_settings(chosen)),
        MAPPING: _text([*_MAPPING_HEAD, *(list(rules) or _NO_RULES)]),
        GOALS: _text(goals(chosen)),
    }


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _settings(chosen: Chosen) -> Iterator[str]:
    yield "# Settings of okrsync. `okrsync config show` lists all there are, with their defaults;"
    yield "# `okrsync doctor` says whether these work. Tokens never stand here."
    yield f"timezone: {quoted(chosen.timezone)}   # decides what today is"
    yield "okrs: {source: yaml, path: okrs}"
    yield "mapping: {source: yaml, path: mapping.yaml}"
    yield "store: sqlite:///var/okrsync.db   # what okrsync remembers; keep it"
    yield ""
    yield "trackers:"
    yield f"  {chosen.name}:"
    yield f"    adapter: {chosen.adapter}"
    for key, value in chosen.section.items():
        yield f"    {key}: {quoted(value)}"
    if chosen.token_file is not None:
        yield f"    token_file: {quoted(chosen.token_file)}"
    listed = ", ".join(quoted(scope.key) for scope in chosen.scopes)
    yield f"    scopes: [{listed}]   # nothing outside of them is ever written"
    yield ""
    yield "sync:"
    yield "  mode: report   # reads and plans; `write` lets okrsync change labels"


_MAPPING_HEAD = (
    "# Which tickets serve which goals. For one ticket the first rule that matches wins.",
    "# `okrsync explain KEY` says which rule that is; `okrsync map coverage` what none matches.",
)
_NO_RULES = (
    "rules: []",
    "# A rule looks like this:",
    "#   - {id: one-tap, when: {component: wallet}, serves: [H-ONE-TAP]}",
)


def _rules(chosen: Chosen, suggestions: Sequence[Suggestion]) -> Iterator[str]:
    if not suggestions:
        return
    yield "# These were suggested by what is in your tracker. Each waits for you: say which goal it"
    yield "# serves (a hypothesis is best, a key result will do), then take out `enabled: false`."
    yield "rules:"
    for one in suggestions:
        key, value = one.condition
        called = f": {comment(one.called)}" if one.called else ""
        yield f"  # {one.count} items{called}"
        yield f"  - id: {quoted(one.id)}"
        where = f"scope: {quoted(one.scope)}, " if one.scope else ""
        when = f"tracker: {chosen.name}, {where}{key}: {quoted(value)}"
        yield f"    when: {{{when}}}"
        yield from _serving("exempt: {because: this keeps the lights on}" if one.exempt else None)


def _serving(instead: str | None = None, goal: str = STARTER) -> Iterator[str]:
    yield f"    {instead}" if instead else f"    serves: [{goal}]"
    yield "    enabled: false"


def _initiative_rules(chosen: Chosen) -> Iterator[str]:
    pairs = [
        (id_, project)
        for id_, initiative in objectives(chosen).items()
        for project in initiative.projects
    ]
    names = distinct(word(project).lower() or "project" for _, project in pairs)
    if pairs:
        yield "# One rule for each project of an initiative. Write key results and hypotheses into"
        yield "# okrs/okrs.yaml, let each rule serve one of those, and take out `enabled: false`."
        yield "rules:"
    for (id_, project), name in zip(pairs, names, strict=True):
        yield f"  - id: {quoted(name)}"
        yield f"    when: {{tracker: {chosen.name}, project: {quoted(project)}}}"
        yield from _serving(goal=id_)
