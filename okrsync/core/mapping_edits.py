"""Changes of mapping rules as values, and what the rules are once a change is made.

Which text says so is for the place that keeps the rules; it is held against what is told here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from okrsync.core.conditions import WORDS
from okrsync.core.mapping import Condition, MappingRule
from okrsync.core.place import did_you_mean
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KEYS = (*WORDS, "title_matches", "text_matches")
"""What a condition can be about, beside `field.NAME`."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the order: directly before or after another rule."""

    rule: str
    after: bool


@dataclass(frozen=True, slots=True)
class Add:
    """A new rule; last if no spot is named."""

    rule: MappingRule
    spot: Spot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one rule says anew; what is None stays. An empty contact is none."""

    rule: str
    when: Condition | None = None
    serves: tuple[str, ...] | None = None
    exempt: str | None = None
    learning: bool | None = None
    enabled: bool | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Another place in the order."""

    rule: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Remove:
    """A rule less."""

    rule: str


Edit = Add | Change | Move | Remove


def edited(rules: Sequence[MappingRule], edit: Edit) -> tuple[MappingRule, ...]:
    """Return the rules as they are after *edit*.

    Raises:
        UsageError: it names a rule that does not exist, or adds one that does.

    """
    match edit:
        case Add(rule, spot):
            known = next((one for one in rules if _same(one.id, rule.id)), None)
            if known is not None:
                hint = f"it stands at {known.place}; `okrsync map set` changes it"
                raise UsageError(f"there is a rule {known.id!r} already", hint=hint)
            return _inserted(rules, rule, spot)
        case Change():
            changed = _changed(find(rules, edit.rule), edit)
            return tuple(changed if _same(one.id, edit.rule) else one for one in rules)
        case Move(rule_id, spot):
            moved = find(rules, rule_id)
            if _same(rule_id, spot.rule):
                raise UsageError(f"{moved.id!r} cannot stand before or after itself")
            return _inserted([one for one in rules if one is not moved], moved, spot)
        case Remove(rule_id):
            gone = find(rules, rule_id)
            return tuple(one for one in rules if one is not gone)


def find(rules: Iterable[MappingRule], rule_id: str) -> MappingRule:
    """Return the rule of this id, in any case.

    Raises:
        UsageError: there is none; the hint names the nearest.

    """
    known = list(rules)
    found = next((rule for rule in known if _same(rule.id, rule_id)), None)
    if found is None:
        hint = did_you_mean(rule_id, [rule.id for rule in known])
        raise UsageError(
            f"no mapping rule is called {rule_id!r}", hint=hint or "`okrsync map list` names all"
        )
    return found


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _inserted(
    rules: Sequence[MappingRule], rule: MappingRule, spot: Spot | None
) -> tuple[MappingRule, ...]:
    if spot is None:
        return (*rules, rule)
    at = rules.index(find(rules, spot.rule)) + spot.after
    return (*rules[:at], rule, *rules[at:])


def _changed(rule: MappingRule, edit: Change) -> MappingRule:
    changed = replace(
        rule,
        when=rule.when if edit.when is None else edit.when,
        learning=rule.learning if edit.learning is None else edit.learning,
        enabled=rule.enabled if edit.enabled is None else edit.enabled,
    )
    if edit.contact is not None:
        changed = replace(changed, contact=edit.contact or None)
    if edit.serves is not None:
        changed = replace(changed, serves=edit.serves, exempt=None)
    if edit.exempt is not None:
        changed = replace(changed, exempt=edit.exempt, serves=())
    return changed


def condition_of(words: Iterable[str]) -> Condition:
    """Read conditions as typed: ``KEY=VALUE`` must hold, ``KEY!=VALUE`` must not.

    Of several values of one key any will do, or none may.

    Raises:
        UsageError: one is no condition.

    """
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    unwanted: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        key, denied, value = _read(word)
        (unwanted if denied else wanted)[key].append(value)
    if not wanted and not unwanted:
        raise UsageError("a rule needs a condition", hint="give --when KEY=VALUE")
    nones = tuple(Condition(**_keys({key: values})) for key, values in unwanted.items())
    return Condition(**_keys(wanted), none=nones)


def _read(word: str) -> tuple[str, bool, str]:
    key, equals, value = (part.strip() for part in word.partition("="))
    denied = key.endswith("!")
    key = key.removesuffix("!").strip()
    if not equals or not value:
        raise UsageError(f"{word!r} is no condition", hint="write KEY=VALUE, such as type=Bug")
    if key not in KEYS and not (key.startswith("field.") and key != "field."):
        known = ", ".join((*KEYS, "field.NAME"))
        raise UsageError(
            f"a rule cannot ask for {key!r}", hint=did_you_mean(key, KEYS) or f"it can for {known}"
        )
    return key, denied, value


def _keys(wanted: dict[str, list[str]]) -> dict[str, Any]:
    fields = {
        key.removeprefix("field."): tuple(values)
        for key, values in wanted.items()
        if key.startswith("field.")
    }
    plain = {key: tuple(values) for key, values in wanted.items() if key in KEYS}
    return plain | ({"field": fields} if fields else {})
