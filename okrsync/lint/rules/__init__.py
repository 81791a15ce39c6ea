"""Every rule, listed by hand in the order of the codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rules import (
    okr101_orphan,
    okr102_parent_without_story,
    okr103_unknown_reference,
    okr104_too_many_objectives,
    okr105_too_many_key_results,
)

if TYPE_CHECKING:
    from okrsync.lint.rule import Rule

ALL: tuple[Rule, ...] = (
    okr101_orphan.RULE,
    okr102_parent_without_story.RULE,
    okr103_unknown_reference.RULE,
    okr104_too_many_objectives.RULE,
    okr105_too_many_key_results.RULE,
)


def rule_named(word: str) -> Rule | None:
    """Find a rule by its code or its name, in any case."""
    fold = word.casefold()
    return next((rule for rule in ALL if fold in {rule.code.casefold(), rule.name}), None)
