"""Judges people and what they do, and limits of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.lexicon import cue, english, union
from okrsync.wording.english.people import Clause, clause_of, is_modifier, subject_people
from okrsync.wording.english.verdict import Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term

_HALF_UNITS = frozenset({"h", "min", "s", "ms"})


def share_of_people(s: Sentence, found: list[Amount]) -> Verdict | None:
    """Look for "85% of attendees recommend ..." wherever it stands."""
    ends = {amount.last for amount in found}
    for term in s.terms:
        if term.name != "people" or is_modifier(s, term) or not _is_share(s, term, ends):
            continue
        if (clause := clause_of(s, term)) and not clause.served:
            return of_clause(s, clause, found)
    return None


def _is_share(s: Sentence, term: Term, ends: set[int]) -> bool:
    near = range(term.first - 1, max(-1, term.first - 4), -1)
    of = next((at for at in near if s.low(at) == "of"), None)
    return of is not None and of in ends


def of_subject(s: Sentence, first: int, found: list[Amount]) -> Verdict | None:
    """Judge what the subject does, if it is people."""
    who = subject_people(s, first)
    clause = clause_of(s, who) if who is not None else None
    return of_clause(s, clause, found) if clause is not None else None


def of_clause(s: Sentence, clause: Clause, found: list[Amount]) -> Verdict:
    """Judge people who do or are something."""
    who, act = (clause.who.first, clause.who.last), (clause.first, clause.last)
    if clause.served or _was_chosen(s, clause):
        return Verdict(Kind.TASK, 0.55, (who, act))
    if not found and _merely_can(s, clause):
        return Verdict(Kind.TASK, 0.6, (who, act))
    if time_limit(s, clause.last, found) and _team_is_timed(s, clause):
        return Verdict(Kind.SYSTEM, 0.55, (who, act))
    if _is_given(s, clause, found) or _is_own_doing(s, clause):
        return Verdict(Kind.TASK, 0.55, (who, act))
    return Verdict(Kind.OUTCOME, 0.85 if found else 0.6, (who, act), clause, clause.who)


def _was_chosen(s: Sentence, clause: Clause) -> bool:
    """Whether something was done to one of them: "vendor selected"."""
    bare = clause.first == clause.who.last and clause.who.first == s.start
    one = not s.tokens[clause.who.last - 1].low.endswith("s")
    past = s.tokens[clause.first].low.endswith("ed")
    return bare and one and past and clause.who.words not in english()["colleagues"]


def _merely_can(s: Sentence, clause: Clause) -> bool:
    """Whether they are able to do it, and nothing says that they do."""
    told = s.tokens[clause.first : clause.first + 3 : 2]
    knows = any(token.verb_in(cue("knowing")) for token in told)
    return bool(s.lows(clause.who.last, clause.first + 1) & cue("can")) and not knows


def _team_is_timed(s: Sentence, clause: Clause) -> bool:
    """Whether the time is the team's own: colleagues answer, vendors are paid, users get it."""
    token = s.tokens[clause.first]
    paid = clause.first == clause.who.last and token.low not in token.verbs
    if clause.who.words in union("colleagues", "doing_teams"):
        return True
    return (paid and not token.third_person) or token.verb_in(cue("given")) is not None


def _is_given(s: Sentence, clause: Clause, found: list[Amount]) -> bool:
    """Whether it is something they are given: "all managers have access"."""
    token = s.tokens[clause.first]
    if token.verb_in(cue("given")) is None or s.noun(clause.last) in english()["state"]:
        return False
    felt = any(token.noun in cue("felt") for token in s.tokens[clause.last :])
    return not felt and all(amount.value in {None, 100} for amount in found)


def _is_own_doing(s: Sentence, clause: Clause) -> bool:
    """Whether the doers are the team itself, or colleagues who were trained or equipped."""
    token, who = s.tokens[clause.first], clause.who.words
    if who in cue("reps"):
        return token.verb_in(cue("reps do")) is not None
    if who in english()["doing_teams"]:
        own = token.verb_in(cue("own behaviour")) is not None
        return token.verb_in(english()["make"]) is not None and not own
    if who not in english()["colleagues"] or token.verb_in(cue("done by colleagues")) is None:
        return False
    objects = {token.noun for token in s.tokens[clause.last :]}
    if objects & cue("asked"):
        return False
    return token.verb_in(frozenset({"complete", "finish"})) is not None or bool(
        objects & cue("equipment")
    )


def time_limit(s: Sentence, first: int, found: list[Amount]) -> bool:
    """Whether something is to happen within a number of hours or days."""
    if any(_is_limit(s, first, amount) for amount in found if amount.first >= first):
        return True
    at = s.any_low({"within", "in"}, first)
    return (
        at is not None
        and s.low(at + 1) in {"a", "an", "one", "the"}
        and s.noun(at + 2) in {"minute", "hour", "day", "week", "business"}
        and any(amount.unit == "%" for amount in found)
    )


def _is_limit(s: Sentence, first: int, amount: Amount) -> bool:
    units = {token.noun for token in s.tokens[amount.last : amount.last + 4]}
    lead = s.lows(max(first, amount.first - 5), amount.first)
    timed = bool(units & english()["time"]) or amount.unit in _HALF_UNITS
    return timed and "more" not in lead and bool(lead & cue("limits"))


def on_time(s: Sentence, first: int) -> bool:
    """Whether something is to happen on time."""
    lows = " ".join(token.low for token in s.tokens[first:])
    return any(said in lows for said in cue("on time"))
