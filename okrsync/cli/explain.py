"""``explain``: everything behind an item's verdict and labels. From the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from okrsync.cli.options import Format, FormatOption, KeyArgument, print_json, shell
from okrsync.cli.text import one_line, say
from okrsync.cli.why import change_values, told_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.app.explain import Explained, Heard, Held
    from okrsync.app.smallest_change import Change
    from okrsync.core.matching import Tried
    from okrsync.core.signals import OwnWord, Signal
    from okrsync.ports.store import Entry

KINDS = {
    "explicit": "a person's link",
    "field": "field",
    "mention": "mention",
    "rule": "mapping rule",
    "found": "found label",
}

WHOSE = {
    "ours": "okrsync wrote it",
    "theirs": "a person's; never touched",
    "found": "it came with the item; never touched",
    "foreign": "a verdict that okrsync did not write; never touched (`okrsync labels adopt`)",
}


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(explain)


def explain(ctx: typer.Context, key: KeyArgument, output: FormatOption = Format.TEXT) -> None:
    """Show all that was tried on an item, its verdict and labels, and what would change them."""
    from okrsync.app.explain import explain as explained
    from okrsync.app.strategy import read_strategy

    with shell(ctx).context(online=False) as okr:
        known = explained(okr, read_strategy(okr), key)
    if output is Format.JSON:
        print_json(_values(known))
        return
    for line in _lines(known):
        say(line)


def _lines(known: Explained) -> Iterator[str]:
    item, judgement = known.judged.item, known.judged.judgement
    yield f"{item.ref.tracker} {one_line(item.key)}  {one_line(item.title)}"
    yield f"  {item.type}, {item.status} ({item.category.value}), scope {item.scope or 'none'}"
    if item.url:
        yield f"  {item.url}"
    yield f"Verdict: {judgement.verdict.value}: {judgement.because}"
    if judgement.goals:
        yield f"Goals in effect: {', '.join(judgement.goals)}"
    yield from _standing(known)
    yield from _changes(known.changes)
    yield "Signals of its own, the strongest first; the first kind that speaks decides:"
    yield from _heard(known.heard)
    yield "Rules in order; the first that matches decides:"
    yield from _rules(known.tried)
    yield from _above(known.above, source=judgement.source.key if judgement.source else None)
    yield from _labels(known)
    yield from _said(known)
    yield from _journal(known.journal)


def _standing(known: Explained) -> Iterator[str]:
    """Say why it is left alone, if it is."""
    if known.found.role.value == "ancestor":
        yield "It is outside the configured scopes: it only passes on what it serves."
    if known.found.role.value == "unreachable":
        yield "It could not be read any more: it is left as it is."
    if known.judged.alone:
        yield "It was finished too long ago to be touched (sync.done_within)."
    if known.frozen:
        yield "An earlier write to it is not finished; the next run finds out."


def _changes(changes: Iterable[Change]) -> Iterator[str]:
    listed = list(changes)
    yield "What would change that, the smallest first:" if listed else "Nothing small changes that."
    for change in listed:
        yield from told_change(change)


def _heard(heard: Iterable[Heard]) -> Iterator[str]:
    for each in heard:
        name = KINDS[each.kind.value]
        if not each.signals:
            yield f"  {name}: no, {each.silent_because}"
        for signal in each.signals:
            yield f"  {name}: {signal.goal}, {signal.because}"


def _signals(word: OwnWord, indent: str = "  ") -> Iterator[str]:
    for signal in word.signals:
        yield f"{indent}{signal.kind.value}: {signal.goal}, {signal.because}"
    if word.exempt is not None:
        yield f"{indent}exempt by rule {word.exempt.rule.id}: {word.exempt.because}"
    if word.silent:
        yield f"{indent}none"


def _rules(tried: Iterable[Tried]) -> Iterator[str]:
    for number, each in enumerate(tried, start=1):
        does = f"exempt: {each.rule.exempt}" if each.rule.exempt else ", ".join(each.rule.serves)
        fact = "no" if each.because is None else f"yes, {each.because}"
        yield f"  {number:>2}. {each.rule.id} ({does}): {fact}"


def _above(words: Iterable[OwnWord], *, source: str | None) -> Iterator[str]:
    listed = list(words)
    if listed:
        yield "Above it, nearest first; heard only where it is silent itself:"
    for word in listed:
        mark = "  (inherited from here)" if word.item.key == source else ""
        yield f"  {one_line(word.item.key)}  {one_line(word.item.title)}{mark}"
        yield from _signals(word, "    ")
        if word.silent:
            yield "    says nothing itself"
        for goal in sorted(word.vetoes):
            yield f"    takes away {goal}, also below it"


def _labels(known: Explained) -> Iterator[str]:
    yield "Labels of okrsync's words on it:"
    for held in known.labels:
        yield f"  {held.label}: {WHOSE[held.whose]}{_since(held)}"
    if not known.labels:
        yield "  none"
    if known.others:
        yield f"  beside them {known.others} that are none of okrsync's business"
    wish = known.judged.wish
    yield f"Labels it should have: {', '.join(sorted(known.judged.judgement.desired))}"
    yield from (f"  withheld: {label}: {reason}" for label, reason in wish.withheld)
    if wish.edit.size and not known.judged.alone:
        signs = [f"-{label}" for label in wish.edit.remove] + [f"+{x}" for x in wish.edit.add]
        yield f"  the next plan: {' '.join(signs)}"


def _since(held: Held) -> str:
    run = f", run {held.run}" if held.run is not None else ""
    return f", since {held.since:%Y-%m-%d %H:%M}{run}" if held.since else ""


def _said(known: Explained) -> Iterator[str]:
    state, key = known.judged.state, known.judged.item.key
    if state.acts:
        yield "What people said:"
    for act in state.acts:
        told = f"{act.kind.value} {act.goal}, by {act.voice.value}"
        reason = f": {act.because}" if act.because else ""
        yield f"  {act.at:%Y-%m-%d %H:%M}  {told}{reason}"
    for goal in known.vetoed:
        yield f"  {goal} is vetoed here; `okrsync unveto {key} {goal}` lifts that"
    for mute in sorted(state.mutes):
        yield f"  a person took {mute} away; it stays off while it is the verdict"
    for dispute in state.disputes:
        yield f"  {dispute.label} did not stick; not tried before {dispute.until:%Y-%m-%d}"
    hold = known.judged.wish.state.hold
    if hold is not None:
        by = "a purge" if hold.desired is None else "an undo"
        yield f"  it is held as {by} left it; `okrsync release {key}` ends that"


def _journal(entries: Iterable[Entry]) -> Iterator[str]:
    listed = list(entries)
    yield "What okrsync wrote:" if listed else "okrsync never wrote to it."
    for entry in listed:
        signs = [f"-{label}" for label in entry.removed] + [f"+{label}" for label in entry.added]
        yield f"  {entry.at:%Y-%m-%d %H:%M}  run {entry.run}  {' '.join(signs)}  ({entry.because})"


def _values(known: Explained) -> dict[str, Any]:
    item, judgement, wish = known.judged.item, known.judged.judgement, known.judged.wish
    return {
        "tracker": item.ref.tracker,
        "id": item.ref.id,
        "key": item.key,
        "title": item.title,
        "url": item.url,
        "role": known.found.role.value,
        "verdict": judgement.verdict.value,
        "because": judgement.because,
        "goals": list(judgement.goals),
        "inherited_from": judgement.source.key if judgement.source else None,
        "signals": [_signal(signal) for signal in known.own.signals],
        "heard": [_heard_values(each) for each in known.heard],
        "rules": [_tried(each) for each in known.tried],
        "above": [
            {
                "key": word.item.key,
                "title": word.item.title,
                "signals": [_signal(signal) for signal in word.signals],
                "exempt": word.exempt.rule.id if word.exempt else None,
                "vetoed": sorted(word.vetoes),
            }
            for word in known.above
        ],
        "labels": [
            {"label": held.label, "whose": held.whose, "since": held.since, "run": held.run}
            for held in known.labels
        ],
        "other_labels": known.others,
        "desired": sorted(judgement.desired),
        "withheld": [{"label": label, "why": reason} for label, reason in wish.withheld],
        "next": {"add": list(wish.edit.add), "remove": list(wish.edit.remove)},
        "left_alone": known.judged.alone,
        "unfinished_write": known.frozen,
        "vetoed": list(known.vetoed),
        "muted": sorted(known.judged.state.mutes),
        "disputed": [{"label": d.label, "until": d.until} for d in known.judged.state.disputes],
        "held": wish.state.hold is not None,
        "held_until_release": wish.state.hold is not None and wish.state.hold.desired is None,
        "changes": [change_values(change) for change in known.changes],
        "acts": [
            {
                "at": act.at,
                "kind": act.kind.value,
                "goal": act.goal,
                "voice": act.voice.value,
                "because": act.because,
            }
            for act in known.judged.state.acts
        ],
        "journal": [
            {
                "at": entry.at,
                "run": entry.run,
                "added": list(entry.added),
                "removed": list(entry.removed),
                "because": entry.because,
            }
            for entry in known.journal
        ],
    }


def _heard_values(heard: Heard) -> dict[str, Any]:
    return {
        "kind": heard.kind.value,
        "goals": [signal.goal for signal in heard.signals],
        "because": "; ".join(signal.because for signal in heard.signals) or heard.silent_because,
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {"kind": signal.kind.value, "goal": signal.goal, "because": signal.because}


def _tried(each: Tried) -> dict[str, Any]:
    return {
        "rule": each.rule.id,
        "serves": list(each.rule.serves),
        "exempt": each.rule.exempt,
        "matched": each.because is not None,
        "because": each.because,
    }
