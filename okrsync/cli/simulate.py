"""``simulate``: trackers on the loopback interface to try okrsync on, until interrupted.

Their tokens open nothing but themselves.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli.text import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from threading import Event

    from okrsync.ports.simulator import Running, Simulator

OURS = "# Made by `okrsync simulate`."


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(simulate)


def simulate(
    names: Annotated[
        list[str] | None, typer.Argument(help="Which trackers; by default all installed ones.")
    ] = None,
    jira_issues: Annotated[
        Path | None, typer.Option(help="Issues for Jira, as its REST interface gives them.")
    ] = None,
    linear_issues: Annotated[
        Path | None, typer.Option(help="Issues for Linear, as its interface gives them.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the example company.")] = 1,
    lag: Annotated[float, typer.Option(min=0, help="Seconds by which searching is behind.")] = 0.0,
    jira_port: Annotated[int, typer.Option(help="Port for Jira; default: a free one.")] = 0,
    linear_port: Annotated[int, typer.Option(help="Port for Linear; default: a free one.")] = 0,
    write_config: Annotated[
        Path | None, typer.Option(help="Write the settings to this file as well.")
    ] = None,
) -> None:
    """Run simulated trackers until interrupted, and print the settings that reach them."""
    simulators = _wanted(names or [])
    _refuse_to_overwrite(write_config)
    issues = {"jira": jira_issues, "linear": linear_issues}
    ports = {"jira": jira_port, "linear": linear_port}
    with ExitStack() as stack:
        running = {
            name: _opened(
                stack,
                simulator,
                issues=issues.get(name),
                seed=seed,
                lag_seconds=lag,
                port=ports.get(name, 0),
            )
            for name, simulator in simulators.items()
        }
        text = fragment({name: one.settings for name, one in running.items()})
        stop = _interrupted()
        say(text)
        if write_config is not None:
            write_config.write_text(f"{text}\n", encoding="utf-8")
        say("Serving until interrupted (Ctrl-C).", err=True)
        stop.wait()


def fragment(trackers: Mapping[str, Mapping[str, object]]) -> str:
    """Return a section of okrsync.yaml that reaches these trackers, tokens apart."""
    lines = [OURS, "# Tokens belong into the environment:"]
    lines += [
        f"#   export {token_variable(name)}={settings['token']}"
        for name, settings in trackers.items()
    ]
    lines.append("trackers:")
    for name, settings in trackers.items():
        lines.append(f"  {name}:")
        lines += [
            f"    {key}: {json.dumps(value)}" for key, value in settings.items() if key != "token"
        ]
    return "\n".join(lines)


def token_variable(tracker: str) -> str:
    """Name the environment variable of a tracker's token."""
    from okrsync.settings.environment import variable_of

    return variable_of(("trackers", tracker, "token"))


def find_simulators(names: Iterable[str]) -> dict[str, Simulator]:
    """Return installed simulators by name.

    Raises:
        UsageError: one is not installed.

    """
    from okrsync.core.place import did_you_mean
    from okrsync.errors import UsageError
    from okrsync.plugins import load_simulators

    installed = load_simulators()
    found = {}
    for name in names:
        if name not in installed:
            known = f"installed: {', '.join(sorted(installed)) or 'none'}"
            raise UsageError(
                f"no simulator is called {name!r}", hint=did_you_mean(name, installed) or known
            )
        found[name] = installed[name]
    return found


def _wanted(names: list[str]) -> dict[str, Simulator]:
    from okrsync.plugins import load_simulators

    return find_simulators(names or sorted(load_simulators()))


def _opened(stack: ExitStack, simulator: Simulator, **options: Any) -> Running:
    from okrsync.errors import UsageError

    try:
        return stack.enter_context(simulator.open(**options))
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(f"{simulator.name} cannot be simulated: {error}") from error


def _refuse_to_overwrite(path: Path | None) -> None:
    from okrsync.errors import UsageError

    if path is None or not path.exists():
        return
    if not path.is_file() or not path.read_text(encoding="utf-8").startswith(OURS):
        raise UsageError(f"{path} exists and was not made by `okrsync simulate`")


def _interrupted() -> Event:
    """Return what happens when somebody wants the command to end."""
    import signal
    from threading import Event

    stop = Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, lambda *_: stop.set())
    return stop
