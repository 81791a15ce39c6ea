"""Judges key results that open with a verb: what the team is to build, to raise or to obtain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.changes import changed, shifted
from okrsync.wording.english.clauses import of_clause, of_subject, on_time, time_limit
from okrsync.wording.english.getting import money, obtained, swayed
from okrsync.wording.english.lexicon import cue, english, union
from okrsync.wording.english.measure import METRICS
from okrsync.wording.english.openings import Opening, opening
from okrsync.wording.english.people import clause_of, subject_people
from okrsync.wording.english.purposes import by_purpose
from okrsync.wording.english.statements import of_statement
from okrsync.wording.english.verdict import Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence


def of_command(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict:
    """Ask the questions that the opening verb allows, in their order."""
    opened = _last_of_joined(s, opened)
    for names, ask in (
        ({"sway"}, swayed),
        ({"ensure"}, _ensured),
        ({"enable"}, _enabled),
        ({"process"}, _in_time),
        ({"raise", "lower", "hold", "reach"}, changed),
        ({"shift"}, shifted),
        ({"obtain"}, obtained),
        ({"make"}, _quickly),
    ):
        if names & opened.classes and (verdict := ask(s, opened, found)) is not None:
            return verdict
    return (
        money(s, opened, found)
        or by_purpose(s, opened, found)
        or _something_won(s, opened, found)
        or _task(s, opened, found)
    )


def _last_of_joined(s: Sentence, opened: Opening) -> Opening:
    """Let the second verb of "book and run" decide when it is one of making."""
    if s.low(opened.last) not in {"and", "&", "/", ","}:
        return opened
    joined = opening(s, opened.last + 1)
    if joined is None or not opened.makes or not joined.classes <= {"make", "process", "behave"}:
        return opened
    return joined


def _ensured(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge what is to be so, as if it were said without the "ensure"."""
    pure = opened.verb in cue("pure")
    verdict = of_subject(s, opened.last, found)
    if verdict is not None and (pure or verdict.kind is not Kind.TASK):
        return verdict
    if pure:
        return of_statement(s, opened.last, found)
    if opened.verb in {"get", "have"} and not found and _ends_done(s, opened):
        return Verdict(Kind.TASK, 0.6, (opened.at,))
    if opened.verb not in {"get", "keep", "have"}:
        return None
    timely = time_limit(s, opened.last, found) or on_time(s, opened.last)
    return Verdict(Kind.SYSTEM, 0.6, (opened.at,)) if timely else None


def _ends_done(s: Sentence, opened: Opening) -> bool:
    """Whether a participle follows the object: "get the lease signed"."""
    small = union("preposition", "joiner")
    for at in range(opened.last + 1, len(s.tokens)):
        last = at + 1 >= len(s.tokens) or not s.tokens[at + 1].is_word or s.low(at + 1) in small
        if last and s.tokens[at].is_past and s.tokens[at].verbs:
            return True
    return False


def _enabled(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Count those who are helped to do something; help alone is a task."""
    who = subject_people(s, opened.last)
    if who is None or not any(amount.first < who.first for amount in found):
        return None
    clause = clause_of(s, who)
    return of_clause(s, clause, found) if clause is not None else None


def _in_time(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find the speed or the rhythm of the team's own process."""
    if time_limit(s, opened.last, found) or (found and on_time(s, opened.last)):
        return Verdict(Kind.SYSTEM, 0.7, (opened.at,))
    at = s.any_low(cue("cadence of releases"), opened.last)
    if opened.verb in {"deploy", "release", "merge", "ship"} and at is not None:
        return Verdict(Kind.SYSTEM, 0.7, (opened.at, (at, at + 1)))
    return None


def _quickly(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Find what only machinery does: in less than 2 hours, or in 99.9% of cases."""
    if any(amount.unit == "%" and 99 <= (amount.value or 0) < 100 for amount in found):
        return Verdict(Kind.SYSTEM, 0.55, (opened.at,))
    quick = [amount for amount in found if s.noun(amount.last) in cue("short times")]
    if not quick or opened.verb == "spend" or not time_limit(s, opened.last, quick):
        return None
    return Verdict(Kind.SYSTEM, 0.55, (opened.at,))


def _something_won(_: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge a number of something unknown that others must give."""
    if not found:
        return None
    if opened.verb in {"win", "sell", "renew", "upsell"}:
        return Verdict(Kind.IMPACT, 0.5, (opened.at,))
    if "obtain" in opened.classes and not opened.makes:
        return Verdict(Kind.OUTCOME, 0.45, (opened.at,))
    return None


def _task(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict:
    """Call it a task; less surely where a number stands beside something that others do."""
    numbered = any(amount.value is not None for amount in found)
    beside = any(
        term.name in METRICS or term.words in english()["audience"]
        for term in s.terms_between(opened.last, len(s.tokens))
    )
    plain = opened.verb in english()["plainly"] and not (numbered and beside)
    return Verdict(Kind.TASK, 0.85 if plain else 0.55, (opened.at,))
