"""``map add|set|move|rm``: change mapping rules without opening a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion
from okrsync.cli.options import Format, FormatOption, YesOption, can_ask, print_json, shell
from okrsync.cli.text import say
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.mapping_admin import Proposed
    from okrsync.app.mapping_trial import RuleTrial
    from okrsync.core.mapping_edits import Edit, Spot

RuleArgument = Annotated[str, typer.Argument(help="Id of a rule.", autocompletion=completion.rules)]
WhenOption = Annotated[
    list[str] | None,
    typer.Option(
        help="A condition, KEY=VALUE or KEY!=VALUE, such as type=Bug; all keys must hold, "
        "and of several values of one key any.",
        autocompletion=completion.conditions,
    ),
]
ServesOption = Annotated[
    list[str] | None,
    typer.Option(help="A goal that such items serve; repeatable.", autocompletion=completion.goals),
]
ExemptOption = Annotated[
    str | None, typer.Option(metavar="BECAUSE", help="Why such work needs no outcome.")
]
BeforeOption = Annotated[
    str | None,
    typer.Option(help="Put it directly before this rule.", autocompletion=completion.rules),
]
AfterOption = Annotated[
    str | None,
    typer.Option(help="Put it directly after this rule.", autocompletion=completion.rules),
]
ContactOption = Annotated[
    str | None, typer.Option(help="The team to ask about the rule; with set, '' for none.")
]


def register(rules: typer.Typer) -> None:
    """Add the commands of this file."""
    rules.command()(add)
    rules.command("set")(set_)
    rules.command()(move)
    rules.command("rm")(remove)


def add(
    ctx: typer.Context,
    rule: Annotated[str, typer.Argument(help="Id of the new rule.")],
    when: WhenOption = None,
    serves: ServesOption = None,
    exempt: ExemptOption = None,
    before: BeforeOption = None,
    after: AfterOption = None,
    learning: Annotated[
        bool, typer.Option("--learning", help="It tests a hypothesis or a belief.")
    ] = False,
    contact: ContactOption = None,
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Add a rule, behind all others unless a place is named."""
    from okrsync.core.mapping import MappingRule
    from okrsync.core.mapping_edits import Add, condition_of

    if bool(serves) is bool(exempt):
        raise UsageError("a rule decides one thing", hint="give --serves GOAL or --exempt BECAUSE")
    made = MappingRule(
        id=rule,
        when=condition_of(when or ()),
        serves=tuple(serves or ()),
        exempt=exempt or None,
        learning=learning,
        contact=contact or None,
    )
    _change(ctx, Add(made, _spot(before, after)), yes, output)


def set_(
    ctx: typer.Context,
    rule: RuleArgument,
    when: WhenOption = None,
    serves: ServesOption = None,
    exempt: ExemptOption = None,
    learning: Annotated[
        bool | None,
        typer.Option("--learning/--no-learning", help="Whether it tests a hypothesis or belief."),
    ] = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Whether the rule counts.")
    ] = None,
    contact: ContactOption = None,
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Let a rule say something else; what is given takes the place of what was there."""
    from okrsync.core.mapping_edits import Change, condition_of

    if serves and exempt:
        raise UsageError("a rule decides one thing", hint="give --serves GOAL or --exempt BECAUSE")
    change = Change(
        rule=rule,
        when=condition_of(when) if when else None,
        serves=tuple(serves) if serves else None,
        exempt=exempt,
        learning=learning,
        enabled=enabled,
        contact=contact,
    )
    if change == Change(rule=rule):
        raise UsageError("nothing is to be changed", hint="`okrsync map set --help`")
    _change(ctx, change, yes, output)


def move(
    ctx: typer.Context,
    rule: RuleArgument,
    before: BeforeOption = None,
    after: AfterOption = None,
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Put a rule elsewhere in the order, with the comments directly above it."""
    from okrsync.core.mapping_edits import Move

    spot = _spot(before, after)
    if spot is None:
        raise UsageError("where to?", hint="give --before RULE or --after RULE")
    _change(ctx, Move(rule, spot), yes, output)


def remove(
    ctx: typer.Context,
    rule: RuleArgument,
    yes: YesOption = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Take a rule out; comments above it stay."""
    from okrsync.core.mapping_edits import Remove

    _change(ctx, Remove(rule), yes, output)


def _spot(before: str | None, after: str | None) -> Spot | None:
    from okrsync.core.mapping_edits import Spot

    if before and after:
        raise UsageError("a rule stands in one place", hint="give --before or --after, not both")
    if before:
        return Spot(before, after=False)
    return Spot(after, after=True) if after else None


def _change(ctx: typer.Context, edit: Edit, yes: bool, output: Format) -> None:
    from okrsync.app.mapping_admin import propose
    from okrsync.app.strategy import read_strategy
    from okrsync.bootstrap.goals import mapping_editor

    settings, folder = shell(ctx).settings(secrets_needed=False)
    editor = mapping_editor(settings, folder)
    with shell(ctx).context(online=False) as okr:
        proposed = propose(okr, read_strategy(okr), editor, edit)
    if output is Format.TEXT or not yes:
        _show(proposed, err=output is Format.JSON)
    saved = bool(proposed.draft.texts) and (yes or _agreed())
    if saved:
        editor.save(proposed.draft)
    if output is Format.JSON:
        print_json(_values(proposed, saved=saved))
    elif saved:
        say("saved; `okrsync plan` shows what that changes in the trackers", err=True)
    else:
        say("nothing was changed", err=True)


def _agreed() -> bool:
    if not can_ask():
        raise UsageError("this would ask, and there is no terminal", hint="give --yes")
    return bool(typer.prompt("Save this? Only 'yes' does", default="no", err=True) == "yes")


def _show(proposed: Proposed, *, err: bool) -> None:
    say(proposed.draft.diff, nl=False, err=err)
    for line in meaning(proposed.trial):
        say(line, err=err)


def meaning(trial: RuleTrial) -> Iterator[str]:
    """Tell what other rules would mean for the work, in a few lines."""
    told = f"It takes {trial.takes} of {trial.items} items"
    sources = ", ".join(
        f"{count} from {rule or 'no rule'}" for rule, count in trial.taken_from.most_common()
    )
    yield f"{told}: {sources}" if sources else told
    changes = ", ".join(
        f"{count} from {before} to {after}"
        for (before, after), count in trial.verdicts.most_common()
    )
    yield f"Labels of {trial.changed} items would change" + (f": {changes}" if changes else "")


def meaning_values(trial: RuleTrial) -> dict[str, Any]:
    """Return the same for scripts."""
    return {
        "items": trial.items,
        "takes": trial.takes,
        "taken_from": [{"rule": rule, "items": n} for rule, n in trial.taken_from.most_common()],
        "changed": trial.changed,
        "verdicts": [
            {"from": before, "to": after, "items": count}
            for (before, after), count in trial.verdicts.most_common()
        ],
    }


def _values(proposed: Proposed, *, saved: bool) -> dict[str, Any]:
    return {
        "saved": saved,
        "files": list(proposed.draft.texts),
        "diff": proposed.draft.diff,
        **meaning_values(proposed.trial),
    }
