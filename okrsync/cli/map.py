"""``map list|test|coverage``: the mapping rules, what they match, and what none of them does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from okrsync.cli import completion, map_edit
from okrsync.cli.options import Format, FormatOption, print_json, shell
from okrsync.cli.text import one_line, say

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from okrsync.app.coverage import Coverage
    from okrsync.app.mapping_counts import Counted, RuleCount
    from okrsync.app.mapping_trial import RuleTrial

rules = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this file, and those that change rules."""
    map_edit.register(rules)
    app.add_typer(rules, name="map", help="Look at mapping rules, try them, and change them.")


@rules.command("list")
def list_(ctx: typer.Context, output: FormatOption = Format.TEXT) -> None:
    """Show the rules in the order in which they are tried, with what they match; offline."""
    from okrsync.app.mapping_counts import counted
    from okrsync.app.strategy import read_strategy

    with shell(ctx).context(online=False) as okr:
        found = counted(okr, read_strategy(okr))
    if output is Format.JSON:
        print_json(_count_values(found))
        return
    for line in _count_lines(found):
        say(line)


def _count_lines(found: Counted) -> Iterator[str]:
    width = max((len(one.rule.id) for one in found.rules), default=0)
    for number, one in enumerate(found.rules, 1):
        yield f"{number:>3}  {one.rule.id:<{width}}  {_does(one)}: {_counts(one)}"
    since = f", compared with {found.compared_with}" if found.compared_with else ""
    yield f"{found.items} items, {found.unmatched} matched by no rule{since}"


def _does(one: RuleCount) -> str:
    if one.rule.exempt is not None:
        return "exempt"
    learning = " (learning)" if one.rule.learning else ""
    return f"serves {', '.join(one.rule.serves)}{learning}"


def _counts(one: RuleCount) -> str:
    if one.matched is None:
        return "switched off"
    told = f"matches {one.matched}"
    if one.taken:
        takers = ", ".join(f"{rule} {count}" for rule, count in one.takers[:3])
        told += f", of which earlier rules take {one.taken} ({takers})"
    if one.before is not None and one.before != one.matched:
        told += f", {one.matched - one.before:+d} since last week"
    return told


def _count_values(found: Counted) -> dict[str, Any]:
    return {
        "items": found.items,
        "unmatched": found.unmatched,
        "compared_with": found.compared_with,
        "rules": [
            {
                "rule": one.rule.id,
                "place": str(one.rule.place),
                "serves": list(one.rule.serves),
                "exempt": one.rule.exempt,
                "learning": one.rule.learning,
                "enabled": one.rule.enabled,
                "contact": one.rule.contact,
                "matched": one.matched,
                "taken_by_earlier": one.taken,
                "takers": dict(one.takers),
                "decides": None if one.matched is None else one.decides,
                "matched_before": one.before,
            }
            for one in found.rules
        ],
    }


@rules.command("test")
def try_(
    ctx: typer.Context,
    rule: Annotated[
        str | None,
        typer.Argument(help="Id of a saved rule.", autocompletion=completion.rules),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A mapping file with rules that are not saved.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="How many items are named.")] = 20,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show which items a rule takes, and what that changes; nothing is saved, offline."""
    from okrsync.app import mapping_admin
    from okrsync.app.strategy import read_strategy
    from okrsync.bootstrap.goals import mapping_at
    from okrsync.errors import UsageError

    if (rule is None) is (file is None):
        raise UsageError("say which rules to test", hint="give the id of a rule, or --file FILE")
    with shell(ctx).context(online=False) as okr:
        strategy = read_strategy(okr)
        if file is not None:
            source = mapping_at(file.absolute(), Path.cwd())
            mapping = source.read(strategy.goals, prefix=okr.vocabulary.prefix)
            trial = mapping_admin.try_rules(okr, strategy, mapping, examples=limit)
        else:
            trial = mapping_admin.try_rule(okr, strategy, str(rule), examples=limit)
    if output is Format.JSON:
        print_json(_trial_values(trial))
        return
    for line in _trial_lines(trial):
        say(line)


def _trial_lines(trial: RuleTrial) -> Iterator[str]:
    """Tell what rules would take."""
    for one in trial.examples:
        instead = f" instead of {one.instead_of}" if one.instead_of else ""
        changes = "" if one.verdict == one.verdict_before else f" (was {one.verdict_before})"
        link = f"  {one.item.url}" if one.item.url else ""
        title = one_line(one.item.title)
        yield f"{one.item.key}  {title}: {one.rule}{instead}: {one.verdict}{changes}{link}"
    if trial.takes > len(trial.examples):
        yield f"… and {trial.takes - len(trial.examples)} more (--limit)"
    yield from map_edit.meaning(trial)


def _trial_values(trial: RuleTrial) -> dict[str, Any]:
    """Return the same for scripts."""
    return map_edit.meaning_values(trial) | {
        "examples": [
            {
                "key": one.item.key,
                "tracker": one.item.ref.tracker,
                "title": one.item.title,
                "url": one.item.url,
                "rule": one.rule,
                "instead_of": one.instead_of,
                "verdict_before": one.verdict_before,
                "verdict": one.verdict,
            }
            for one in trial.examples
        ]
    }


@rules.command()
def coverage(
    ctx: typer.Context,
    top: Annotated[int, typer.Option("--top", help="How many clusters of each sort.")] = 5,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show how much open work is mapped, and the largest parts that are not; offline."""
    from okrsync.app.coverage import coverage as looked_at
    from okrsync.app.strategy import read_strategy

    with shell(ctx).context(online=False) as okr:
        found = looked_at(okr, read_strategy(okr), largest=top)
    if output is Format.JSON:
        print_json(_coverage_values(found))
        return
    for line in _coverage_lines(found):
        say(line)


def _coverage_lines(found: Coverage) -> Iterator[str]:
    yield f"{found.items} open items, {found.unmapped} of them not mapped"
    yield f"By signal:  {_shares(found.by_signal)}"
    yield f"By verdict: {_shares(found.by_verdict)}"
    for (tracker, scope), verdicts in sorted(found.by_scope.items()):
        yield f"{tracker} {scope}: {verdicts.total()}: {_shares(verdicts)}"
    for team, verdicts in sorted(found.by_team.items(), key=lambda pair: pair[0] or ""):
        yield f"team {team or 'unknown'}: {verdicts.total()}: {_shares(verdicts)}"
    for one in found.clusters:
        yield f"{one.items} not mapped in the {one.by} {one_line(one.name)} ({one.tracker}):"
        yield f"  {one.command}"


def _shares(counts: Counter[str]) -> str:
    total = max(counts.total(), 1)
    told = (f"{word} {count} ({count / total:.0%})" for word, count in counts.most_common())
    return ", ".join(told) or "none"


def _coverage_values(found: Coverage) -> dict[str, Any]:
    return {
        "items": found.items,
        "unmapped": found.unmapped,
        "by_signal": dict(found.by_signal),
        "by_verdict": dict(found.by_verdict),
        "by_scope": [
            {"tracker": tracker, "scope": scope, "verdicts": dict(verdicts)}
            for (tracker, scope), verdicts in sorted(found.by_scope.items())
        ],
        "by_team": [
            {"team": team, "verdicts": dict(verdicts)}
            for team, verdicts in sorted(found.by_team.items(), key=lambda pair: pair[0] or "")
        ],
        "clusters": [
            {
                "by": one.by,
                "tracker": one.tracker,
                "name": one.name,
                "items": one.items,
                "command": one.command,
            }
            for one in found.clusters
        ],
    }
