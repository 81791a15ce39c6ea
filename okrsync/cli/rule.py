"""``rule``: what a rule wants, why, and how to please it; without a code, all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion
from okrsync.cli.options import Format, FormatOption, print_json
from okrsync.cli.text import say
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from okrsync.lint.rule import Rule


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(rule)


def rule(
    code: Annotated[
        str | None,
        typer.Argument(help="Code or name, such as KR205.", autocompletion=completion.codes),
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Explain a rule; without CODE, list all rules."""
    from okrsync.lint.rules import ALL

    shown = ALL if code is None else (_named(code),)
    if output is Format.JSON:
        values = [_values(each) for each in shown]
        print_json(values if code is None else values[0])
    elif code is None:
        for each in shown:
            say(f"{each.code:<6}  {each.severity:<7}  {each.summary}")
    else:
        from okrsync.lint.document import page

        say(page(shown[0]), nl=False)


def _named(code: str) -> Rule:
    from okrsync.core.place import did_you_mean
    from okrsync.lint.rules import ALL, rule_named

    found = rule_named(code)
    if found is None:
        known = [word for each in ALL for word in (each.code, each.name)]
        hint = did_you_mean(code, known) or "`okrsync rule` lists all rules"
        raise UsageError(f"there is no rule {code!r}", hint=hint)
    return found


def _values(rule: Rule) -> dict[str, Any]:
    told = ("code", "name", "summary", "why", "bad", "good", "fix", "configuration")
    return {**{name: getattr(rule, name) for name in told}, "severity": rule.severity.value}
