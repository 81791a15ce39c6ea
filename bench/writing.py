"""Counts the calls that change labels of a thousand items, by how many of the edits are equal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stage import ask, at_work

from okrsync_simulators import jira, linear
from okrsync_simulators.clock import SystemClock
from okrsync_simulators.jira.generate import generated as jira_of
from okrsync_simulators.linear.generate import generated as linear_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from okrsync_simulators.manifest import Running

ITEMS = 1_000
DIFFERENT = (1, 40, ITEMS)
"""Of how many sorts the edits are."""


def report_writes() -> None:
    """Tell the calls, and what they cost."""
    trackers: dict[str, Callable[[], AbstractContextManager[Running]]] = {
        "Jira Cloud": lambda: jira.serve_world(jira_of(ITEMS)),
        "Linear": lambda: linear.serve_world(linear_of(ITEMS, 1, SystemClock())),
    }
    print(f"calls to change the labels of {ITEMS:,} items")
    for tracker, served in trackers.items():
        for kinds in DIFFERENT:
            with served() as running:
                print(f"  {tracker}, {kinds:,} different edits: {_written(running, kinds)}")


def _written(running: Running, kinds: int) -> str:
    with at_work(running.settings, okrs=_okrs(kinds), mapping=_mapping(kinds)) as okrsync:
        ask(okrsync, do="plan")
        told: dict[str, Any] = ask(okrsync, do="write")
    counts = {kind.partition(" ")[2]: count for kind, count in told["requests"].items()}
    writes = counts.pop("write", 0)
    rest = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    return (
        f"{writes} writes, beside them {rest}; {told['count']:,} labels, "
        f"{told['seconds']:.1f} s ({told['cpu']:.2f} s of CPU)"
    )


def _okrs(kinds: int) -> str:
    statement = "Shoppers who pay on page {n} at once: 40% to 60%"
    results = [{"id": f"KR-{n}", "statement": statement.format(n=n)} for n in range(kinds)]
    return json.dumps(
        {
            "customers": [{"id": "shopper", "name": "Shopper"}],
            "teams": [{"id": "shop", "name": "Shop"}],
            "cycles": [{"id": "C-ALL", "from": "2020-01-01", "to": "2099-12-31"}],
            "objectives": [
                {"id": "O-PAY", "title": "Easy", "team": "shop", "cycle": "C-ALL"}
                | {"key_results": results}
            ],
        }
    )


def _mapping(kinds: int) -> str:
    """Share the items among the key results by the number in their title."""
    rules = [
        {"id": f"rule-{n}", "when": {"title_matches": _numbers(n, kinds)}, "serves": [f"KR-{n}"]}
        for n in range(kinds)
    ]
    return json.dumps({"rules": rules})


def _numbers(first: int, step: int) -> str:
    if step == 1:
        return "issue|[(]"
    mine = "|".join(str(number) for number in range(first, ITEMS + 1, step))
    return f"\\b(?:{mine})\\b"
