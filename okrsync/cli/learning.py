"""``check-in``, ``decide``, ``evidence add``: what was learnt, where the goals are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion
from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import say
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from okrsync.app.learning import Learning, Noted

evidence = typer.Typer(no_args_is_help=True)

DateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="The day; default today."),
]


class Chosen(StrEnum):
    """What a team does with a hypothesis."""

    PERSEVERE = "persevere"
    PIVOT = "pivot"
    KILL = "kill"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("check-in")(check_in)
    app.command()(decide)
    app.add_typer(evidence, name="evidence", help="Note what was seen for or against.")


def check_in(
    ctx: typer.Context,
    key_result: Annotated[
        str,
        typer.Argument(metavar="KR", help="Id of a key result.", autocompletion=completion.goals),
    ],
    value: Annotated[float | None, typer.Option(help="Where its number stands.")] = None,
    confidence: Annotated[
        float | None, typer.Option(help="How sure the team is to get there, from 0 to 1.")
    ] = None,
    note: Annotated[str, typer.Option(help="What was learnt.")] = "",
    decision: Annotated[str, typer.Option(help="What the team does about it.")] = "",
    on: DateOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Note where a key result stands, in its OKR file or the database."""
    from okrsync.app import learning as use
    from okrsync.core.goals import CheckIn

    def noted(learning: Learning, day: date) -> Noted:
        entry = CheckIn(date=day, value=value, confidence=confidence, note=note, decision=decision)
        return use.check_in(learning, key_result, entry)

    _write(ctx, noted, on, output)


def decide(
    ctx: typer.Context,
    hypothesis: Annotated[
        str,
        typer.Argument(metavar="HYPOTHESIS", help="Its id.", autocompletion=completion.goals),
    ],
    choice: Annotated[Chosen, typer.Argument(help="Go on, change the tactics, or stop.")],
    because: Annotated[str, typer.Option(help="Why; what was learnt.")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When to decide again.")
    ] = None,
    saved: Annotated[str, typer.Option(help="With kill: what stopping it saved.")] = "",
    on: DateOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Note what the team does with a hypothesis; the newest decision rules."""
    from okrsync.app import learning as use
    from okrsync.core.goals import Decision

    def noted(learning: Learning, day: date) -> Noted:
        again = until.date() if until else None
        entry = Decision(choice=choice.value, date=day, because=because, until=again, saved=saved)
        return use.decide(learning, hypothesis, entry)

    _write(ctx, noted, on, output)


@evidence.command("add")
def add(
    ctx: typer.Context,
    goal: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="Id of a hypothesis or belief.", autocompletion=completion.goals
        ),
    ],
    speaks_for: Annotated[bool, typer.Option("--for", help="It speaks for it.")] = False,
    against: Annotated[bool, typer.Option("--against", help="It speaks against it.")] = False,
    unclear: Annotated[bool, typer.Option("--unclear", help="It says neither.")] = False,
    note: Annotated[str, typer.Option(help="What was seen.")] = "",
    source: Annotated[str, typer.Option(help="Where it was seen.")] = "",
    on: DateOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Note what was seen for or against a hypothesis or belief."""
    from okrsync.app import learning as use
    from okrsync.core.goals import Evidence

    says = [w for w, g in (("for", speaks_for), ("against", against), ("unclear", unclear)) if g]
    if len(says) != 1:
        raise UsageError("evidence says one thing", hint="give --for, --against or --unclear")

    def noted(learning: Learning, day: date) -> Noted:
        entry = Evidence(date=day, says=says[0], note=note, source=source)
        return use.add_evidence(learning, goal, entry)

    _write(ctx, noted, on, output)


def _write(
    ctx: typer.Context,
    write: Callable[[Learning, date], Noted],
    on: datetime | None,
    output: Format,
) -> None:
    from okrsync.bootstrap.learning import learning

    settings, folder = shell(ctx).settings(secrets_needed=False)
    wired = learning(settings, folder)
    noted = write(wired, on.date() if on else wired.today)
    if output is Format.JSON:
        print_json(_values(noted))
        return
    told = ", ".join(f"{key} {value}" for key, value in _entry(noted).items())
    say(f"{noted.goal.id}: {told}")
    say(f"written at {noted.place}", err=True)
    if noted.ruled_out_by is not None:
        newer = noted.ruled_out_by
        say(f"The newer decision of {newer.date} still rules: {newer.choice}.", err=True)


def _entry(noted: Noted) -> dict[str, Any]:
    from okrsync.core.goaledits import placeless

    said = placeless(noted.entry)
    return {key: value for key, value in said.items() if value not in (None, "")}


def _values(noted: Noted) -> dict[str, Any]:
    return {
        "goal": noted.goal.id,
        "entry": _entry(noted),
        "place": str(noted.place),
        "rules": noted.ruled_out_by is None,
    }
