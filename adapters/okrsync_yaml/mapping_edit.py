"""Mapping rules changed in their files: only what was asked for, comments and order kept.

The changed text is read as a whole before it takes the old one's place, and has to say exactly
what the change means, no more and no less.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from okrsync.core.conditions import WORDS
from okrsync.core.goals import NOWHERE
from okrsync.core.mapping import Condition, Mapping, MappingRule
from okrsync.core.mapping_edits import Add, Change, Move, Remove, edited, find
from okrsync.errors import ConfigError, RefusedError
from okrsync.ports.mapping_editor import Draft
from okrsync_yaml.extent import NoRoomError
from okrsync_yaml.files import read_texts
from okrsync_yaml.mapping import rules_of
from okrsync_yaml.rule_text import chunk_of, with_keys, with_rule, without_rule
from okrsync_yaml.swap import alone, swap

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType
    from collections.abc import Sequence
    from pathlib import Path

    from okrsync.core.goals import Goals
    from okrsync.core.mapping_edits import Edit
    from okrsync_yaml.files import Texts

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class YamlMappingEditor:
    """One mapping file, or a folder of them."""

    path: Path
    folder: Path
    """Where the settings are; messages name files relative to it."""

    def draft(self, edit: Edit, goals: Goals, *, prefix: str) -> Draft:
        """Work out a change. Nothing is written.

        Raises:
            UsageError: it names a rule that is not there, or adds one that is.
            ConfigError: the rules cannot be used, before or after it, or it cannot be made without
                touching something else.

        """
        texts = read_texts(self.path, folder=self.folder)
        rules = rules_of(texts.files, goals, prefix=prefix)
        wanted = edited(rules, edit)
        changed = _changed(texts, rules, edit)
        after = rules_of({**texts.files, **changed}, goals, prefix=prefix)
        if _said(after) != _said(wanted):
            raise _no_room(edit, "something else would change with it")
        return Draft(
            before=texts.digest,
            mapping=Mapping(rules=after, digest=texts.digest),
            diff="".join(_diff(name, texts.files[name], text) for name, text in changed.items()),
            texts={name: (texts.files[name], text) for name, text in changed.items()},
        )

    def save(self, draft: Draft) -> None:
        """Make the change, at once or not at all.

        Raises:
            RefusedError: the rules are others by now.
            UnavailableError: it cannot be written.

        """
        with alone(self.path):
            if read_texts(self.path, folder=self.folder).digest != draft.before:
                raise RefusedError(
                    "the mapping was changed in the meantime; nothing was written",
                    hint="repeat the command",
                )
            for name, (old, new) in draft.texts.items():
                swap(self.folder / name, old, new, name)


def open_mapping_editor(options: MappingType[str, Any], folder: Path) -> YamlMappingEditor:
    """Make the editor of what the ``mapping:`` section names."""
    return YamlMappingEditor(folder / options.get("path", "mapping.yaml"), folder)


def rule_data(rule: MappingRule) -> dict[str, Any]:
    """Return a rule as it is written, key by key."""
    told: dict[str, Any] = {"id": rule.id, "when": condition_data(rule.when)}
    if rule.exempt is not None:
        told["exempt"] = {"because": rule.exempt}
    else:
        told["serves"] = list(rule.serves)
    if rule.learning:
        told["learning"] = True
    if not rule.enabled:
        told["enabled"] = False
    if rule.contact is not None:
        told["contact"] = rule.contact
    return told


def condition_data(when: Condition) -> dict[str, Any]:
    """Return a condition as it is written; a single value stands without a list."""
    told: dict[str, Any] = {}
    for key in (*WORDS, "title_matches", "text_matches"):
        if words := getattr(when, key):
            told[key] = _one_or_many(words)
    if when.field:
        told["field"] = {name: _one_or_many(words) for name, words in when.field.items()}
    for key in ("any", "all", "none"):
        if nested := getattr(when, key):
            told[key] = _one_or_many([condition_data(one) for one in nested])
    return told


def _one_or_many(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _changed(texts: Texts, rules: Sequence[MappingRule], edit: Edit) -> dict[str, bytes]:
    """Return the new content of every file that *edit* changes."""
    pages = {name: text.decode("utf-8") for name, text in texts.files.items()}
    try:
        new = _edited(pages, rules, edit)
    except NoRoomError as error:
        raise _no_room(edit, str(error)) from error
    return {name: text.encode() for name, text in new.items() if text != pages[name]}


def _edited(
    pages: MappingType[str, str], rules: Sequence[MappingRule], edit: Edit
) -> dict[str, str]:
    match edit:
        case Add(rule, spot):
            name = find(rules, spot.rule).place.file if spot else list(pages)[-1]
            beside, after = (spot.rule, spot.after) if spot else (None, True)
            chunk = chunk_of(rule_data(rule))
            return {name: _on(pages[name], with_rule, chunk, beside=beside, after=after)}
        case Change():
            name = find(rules, edit.rule).place.file
            return {name: _on(pages[name], with_keys, edit.rule, _keys(rules, edit))}
        case Move(rule_id, spot):
            source, goal = (find(rules, one).place.file for one in (rule_id, spot.rule))
            left, chunk = without_rule(_bare(pages[source]), rule_id, keep_comments=False)
            target = left if source == goal else _bare(pages[goal])
            put = with_rule(target, chunk, beside=spot.rule, after=spot.after)
            return {
                source: _bom(pages[source]) + left,
                goal: _bom(pages[goal]) + put,
            }
        case Remove(rule_id):
            name = find(rules, rule_id).place.file
            left, _ = without_rule(_bare(pages[name]), rule_id, keep_comments=True)
            return {name: _bom(pages[name]) + left}


def _on(page: str, change: Any, *given: Any, **keywords: Any) -> str:
    """Change a text behind its byte order mark, if it has one."""
    return _bom(page) + str(change(_bare(page), *given, **keywords))


def _bom(page: str) -> str:
    return _BOM if page.startswith(_BOM) else ""


def _bare(page: str) -> str:
    return page.removeprefix(_BOM)


def _keys(rules: Sequence[MappingRule], edit: Change) -> dict[str, Any]:
    """Return the keys that change; what decides takes the place of what did."""
    before = rule_data(find(rules, edit.rule))
    after = rule_data(find(edited(rules, edit), edit.rule))
    gone = {key: None for key in before if key not in after}
    told = {key: value for key, value in after.items() if value != before.get(key)}
    if edit.enabled:
        gone.pop("enabled", None)
        told |= {"enabled": True} if "enabled" in before else {}
    if edit.learning is False:
        gone.pop("learning", None)
        told |= {"learning": False} if "learning" in before else {}
    return told | gone


def _said(rules: Sequence[MappingRule]) -> list[MappingRule]:
    """Return the rules as values, wherever they stand."""
    return [replace(rule, place=NOWHERE, when=_placeless(rule.when)) for rule in rules]


def _placeless(when: Condition) -> Condition:
    return replace(
        when,
        place=NOWHERE,
        any=tuple(map(_placeless, when.any)),
        all=tuple(map(_placeless, when.all)),
        none=tuple(map(_placeless, when.none)),
    )


def _no_room(edit: Edit, why: str) -> ConfigError:
    rule = edit.rule.id if isinstance(edit, Add) else edit.rule
    return ConfigError(
        f"this cannot be done to the rule {rule!r}: {why}", hint="change the file by hand"
    )


def _diff(name: str, before: bytes, after: bytes) -> str:
    old, new = (text.decode("utf-8").splitlines(keepends=True) for text in (before, after))
    lines = difflib.unified_diff(old, new, fromfile=name, tofile=name)
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
