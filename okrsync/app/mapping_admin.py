"""Change mapping rules: work a change out, say what it means for the work, and make it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.app.mapping_trial import by_other_rules, tried
from okrsync.app.strategy import strangers
from okrsync.core.mapping_check import never_reached
from okrsync.core.mapping_edits import Add, Change, find
from okrsync.core.place import did_you_mean
from okrsync.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.app.context import Context
    from okrsync.app.mapping_trial import RuleTrial
    from okrsync.app.strategy import Strategy
    from okrsync.core.goals import Goals
    from okrsync.core.mapping import Mapping, MappingRule
    from okrsync.core.mapping_edits import Edit
    from okrsync.ports.mapping_editor import Draft, MappingEditor


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A change of rules that was not made yet, and what it would mean."""

    draft: Draft
    trial: RuleTrial


def propose(ctx: Context, strategy: Strategy, editor: MappingEditor, edit: Edit) -> Proposed:
    """Work out a change of rules and judge the mirror by it.

    Raises:
        UsageError: it names a rule, goal or team that is not there, or adds a rule that is.
        ConfigError: the rules could not be used then, or the change cannot be made alone.

    """
    known = _resolved(edit, strategy.goals)
    draft = editor.draft(known, strategy.goals, prefix=ctx.vocabulary.prefix)
    problems = strangers(strategy.goals, draft.mapping, ctx.setups)
    if problems:
        raise ConfigError("the rule does not fit the settings", problems=problems)
    after = by_other_rules(ctx, strategy, draft.mapping.rules)
    name = known.rule.id if isinstance(known, Add) else known.rule
    return Proposed(draft=draft, trial=tried(ctx, strategy, after, rules=[name]))


def try_rule(ctx: Context, strategy: Strategy, rule_id: str, *, examples: int) -> RuleTrial:
    """Tell what a saved rule takes, or would take if it were switched on.

    Raises:
        UsageError: there is no such rule.

    """
    rules = strategy.mapping.rules
    rule = find(rules, rule_id)
    off = _instead(rules, [replace(rule, enabled=False)])
    on = _instead(rules, [replace(rule, enabled=True)])
    before, after = by_other_rules(ctx, strategy, off), by_other_rules(ctx, strategy, on)
    return tried(ctx, before, after, rules=[rule.id], examples=examples)


def try_rules(ctx: Context, strategy: Strategy, mapping: Mapping, *, examples: int) -> RuleTrial:
    """Tell what rules that are not saved would take.

    Each takes the place of the rule of its id; new ones stand behind all others.

    Raises:
        ConfigError: one could never match beside the others, or names an unknown tracker.

    """
    rules = _instead(strategy.mapping.rules, mapping.rules)
    problems = [*never_reached(rules), *strangers(strategy.goals, mapping, ctx.setups)]
    if problems:
        raise ConfigError("the rules do not fit those that are saved", problems=problems)
    after = by_other_rules(ctx, strategy, rules)
    return tried(ctx, strategy, after, rules=[rule.id for rule in mapping.rules], examples=examples)


def _instead(
    rules: Sequence[MappingRule], others: Sequence[MappingRule]
) -> tuple[MappingRule, ...]:
    by_id = {rule.id.casefold(): rule for rule in others}
    kept = [by_id.pop(rule.id.casefold(), rule) for rule in rules]
    return (*kept, *by_id.values())


def _resolved(edit: Edit, goals: Goals) -> Edit:
    """Let goals be named in any case and by former ids, and refuse those that do not exist."""
    match edit:
        case Add(rule, spot):
            return Add(replace(rule, serves=_goals(rule.serves, goals)), spot)
        case Change(serves=serves) if serves is not None:
            return replace(edit, serves=_goals(serves, goals))
        case _:
            return edit


def _goals(words: Sequence[str], goals: Goals) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_goal(word, goals) for word in words))


def _goal(word: str, goals: Goals) -> str:
    goal = goals.goal(word)
    if goal is None:
        known = [one.id for one in goals.by_fold.values()]
        raise UsageError(f"no goal is called {word!r}", hint=did_you_mean(word, known))
    return goal.id
