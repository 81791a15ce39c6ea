"""``status``: how things stand, from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.options import (
    Format,
    FormatOption,
    ScopeOption,
    TrackerOption,
    print_json,
    shell,
)
from okrsync.cli.show_daemon import daemon_lines, daemon_values, span
from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from okrsync.app.context import Context
    from okrsync.app.status import Status
    from okrsync.cli.options import Shell
    from okrsync.core.ledger import Vanishing


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(status)


def status(
    ctx: typer.Context,
    tracker: TrackerOption = None,
    scope: ScopeOption = None,
    health: Annotated[
        bool, typer.Option("--health", help="Only ask the daemon on this machine if it is well.")
    ] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show what is mirrored, what waits for whom, and what is odd; offline."""
    if health:
        raise typer.Exit(_ask_daemon(shell(ctx)))
    from okrsync.app.status import status as looked_at
    from okrsync.app.strategy import read_strategy
    from okrsync.errors import ConfigError

    with shell(ctx).context(online=False) as okr:
        now = okr.now()
        try:
            strategy = read_strategy(okr)
        except ConfigError:  # a daemon may go on with older ones; what it says is still true
            _tell_of_daemon(okr)
            raise
        found = looked_at(okr, strategy, list(okr.scopes(tracker or (), scope or ())))
    if output is Format.JSON:
        print_json(_values(found))
        return
    for line in _lines(found, now):
        say(line)


def _ask_daemon(words: Shell) -> int:
    """Ask over HTTP, as a watcher does; return the exit code."""
    from okrsync.cli.ask_daemon import ask

    settings, _ = words.settings()
    answer = ask(settings.web)
    say(answer.told)
    return 0 if answer.well else 5


def _tell_of_daemon(okr: Context) -> None:
    from okrsync.app.daemon_note import daemon_status

    for line in daemon_lines(daemon_status(okr), okr.now()):
        say(line, err=True)


def _lines(found: Status, now: datetime) -> Iterator[str]:
    yield f"Mode: {'write' if found.writes else 'report (nothing is ever written)'}"
    yield from daemon_lines(found.daemon, now)
    yield from _scopes(found, now)
    for name, counts in found.changed.items():
        told = ", ".join(f"{count} because of {cause}" for cause, count in counts.items())
        limit = f"at most {found.max_changes} of each"
        yield f"{name}: labels changed unasked in the last 24 hours: {told} ({limit})"
    yield from _waiting(found, now)
    yield from _odd(found)
    yield "Last runs:" if found.runs else "No runs yet: `okrsync pull` reads the trackers."
    for run in found.runs:
        end = "has not ended" if run.exit_code is None else f"exit {run.exit_code}"
        yield f"  {run.id:>4}  {run.started:%Y-%m-%d %H:%M}  {run.kind:<6} {end}"


def _scopes(found: Status, now: datetime) -> Iterator[str]:
    for (tracker, scope), one in found.scopes.items():
        when = "never pulled" if one.pulled is None else f"pulled {span(now, one.pulled)} ago"
        verdicts = ", ".join(f"{n} {word}" for word, n in sorted(one.verdicts.items()))
        alone = f", {one.left_alone} finished long ago" if one.left_alone else ""
        yield f"{tracker} {scope}: {one.items} items, {when}: {verdicts or 'none judged'}{alone}"


def _waiting(found: Status, now: datetime) -> Iterator[str]:
    for plan in found.waiting:
        age = span(now, plan.created)
        yield f"Waiting for {age}: {plan.labels} labels on {plan.items} items: {plan.why}"
        yield f"  okrsync apply --approve {plan.digest}"
    if found.unfinished:
        yield f"Writes not finished, found out by the next run: {', '.join(found.unfinished)}"
    for one in found.questions:
        yield f"Labels vanished from {_place(one)} ({len(one.lost)}); nothing is written there"
        yield f"  okrsync labels vanished {one.id} people|accident"


def _place(one: Vanishing) -> str:
    return f"{one.tracker} {one.scope}" if one.scope else f"{one.tracker}: {one.label}"


def _odd(found: Status) -> Iterator[str]:
    from okrsync.app.status import ODDITIES

    for goal, count in found.carried.items():
        yield f"{goal} is gone from the files and stays in force: {count} labels hold it"
        yield f"  okrsync okrs drop {goal}"
    for kind, odd in found.oddities.items():
        if odd.count:
            more = ", …" if odd.count > len(odd.keys) else ""
            yield f"{odd.count} {ODDITIES[kind]}: {', '.join(odd.keys)}{more}"


def _values(found: Status) -> dict[str, Any]:
    from okrsync.cli.labels import question_values

    return {
        "mode": "write" if found.writes else "report",
        "daemon": daemon_values(found.daemon),
        "scopes": [
            {
                "tracker": tracker,
                "scope": scope,
                "items": one.items,
                "pulled": one.pulled,
                "verdicts": dict(one.verdicts),
                "left_alone": one.left_alone,
            }
            for (tracker, scope), one in found.scopes.items()
        ],
        "changed_in_24_hours": {name: dict(counts) for name, counts in found.changed.items()},
        "max_changes": found.max_changes,
        "waiting": [
            {
                "digest": plan.digest,
                "created": plan.created,
                "purpose": plan.purpose,
                "items": plan.items,
                "labels": plan.labels,
                "why": plan.why,
                "command": f"okrsync apply --approve {plan.digest}",
            }
            for plan in found.waiting
        ],
        "unfinished": list(found.unfinished),
        "questions": [question_values(one, found.keys) for one in found.questions],
        "carried": dict(found.carried),
        "oddities": {
            kind: {"items": odd.count, "examples": list(odd.keys)}
            for kind, odd in found.oddities.items()
        },
        "runs": [
            {"run": run.id, "kind": run.kind, "started": run.started, "exit_code": run.exit_code}
            for run in found.runs
        ],
    }
