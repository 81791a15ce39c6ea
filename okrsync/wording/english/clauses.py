"""Judges people and what they do, and limits of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.lexicon import english
from okrsync.wording.english.phrases import Clause, clause_of, is_modifier
from okrsync.wording.english.verdict import Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence

_TRAINING = frozenset("training course assessment certification certified onboarding module session program programme plan okr goal objective review account laptop documentation".split())
_DONE = frozenset({"complete", "pass", "finish", "have", "document", "define", "create", "set", "write", "publish"})
_ASKED = frozenset({"survey", "poll", "questionnaire", "feedback"})
_REPS = frozenset({"sdr", "ae", "csm", "bdr", "rep"})
_REP_DOES = frozenset({"run", "conduct", "hold", "make", "send", "book", "complete", "present"})
_GIVEN = frozenset({"have", "receive", "get"})
_FELT = frozenset({"experience", "opinion", "trust", "conversation", "oneonone", "say", "interest", "influence"})
_KNOWING = frozenset({"understand", "tell", "explain", "name", "recall", "describe", "know"})
_CAN = frozenset({"can", "could", "able"})
_LIMITS = frozenset({"within", "under", "<", "than", "in", "inside", "≤"})


def share_of_people(s: Sentence, found: list[Amount]) -> Verdict | None:
    """Look for "85% of attendees recommend ..." wherever it stands."""
    ends = {amount.last for amount in found}
    for term in s.terms:
        if term.name != "people" or is_modifier(s, term):
            continue
        of = next((at for at in range(term.first - 1, max(-1, term.first - 4), -1) if s.low(at) == "of"), None)
        if of is not None and of in ends and (clause := clause_of(s, term)) and not clause.served:
            return of_clause(s, clause, found)
    return None


def of_clause(s: Sentence, clause: Clause, found: list[Amount]) -> Verdict:
    """Judge people who do or are something."""
    who, act = (clause.who.first, clause.who.last), (clause.first, clause.last)
    if clause.served or _selected(s, clause):
        return Verdict(Kind.TASK, 0.65, (who, act), rule="served")
    if not found and _merely_can(s, clause):
        return Verdict(Kind.TASK, 0.6, (who, act), rule="can")
    if clause.who.words in english()["colleagues"] and time_limit(s, clause.last, found):
        return Verdict(Kind.SYSTEM, 0.55, (who, act), rule="own doing in time")
    token = s.tokens[clause.first]
    if clause.first == clause.who.last and token.low not in token.verbs and time_limit(s, clause.last, found) and not token.low.endswith("s"):
        return Verdict(Kind.SYSTEM, 0.5, (who, act), rule="served in time")
    if (given := _given(s, clause, found)) is not None:
        return given
    if _own_doing(s, clause):
        if time_limit(s, clause.last, found):
            return Verdict(Kind.SYSTEM, 0.6, (who, act), rule="own doing in time")
        return Verdict(Kind.TASK, 0.55, (who, act), rule="own doing")
    return Verdict(Kind.OUTCOME, 0.85, (who, act), clause, clause.who, "clause")


def _given(s: Sentence, clause: Clause, found: list[Amount]) -> Verdict | None:
    """Judge what people are given: "all managers have access", "users get an answer in a day"."""
    if s.tokens[clause.first].verb_in(_GIVEN) is None or s.noun(clause.last) in english()["state"]:
        return None
    act = ((clause.first, clause.last),)
    if time_limit(s, clause.last, found):
        return Verdict(Kind.SYSTEM, 0.55, act, rule="given in time")
    if any(s.noun(at) in _FELT for at in range(clause.last, len(s.tokens))):
        return None
    if any(amount.value is not None and amount.value != 100 for amount in found):
        return None
    return Verdict(Kind.TASK, 0.5, act, rule="given")


def _selected(s: Sentence, clause: Clause) -> bool:
    """Whether something was done to one of them: "vendor selected"."""
    token = s.tokens[clause.first]
    bare = clause.first == clause.who.last and clause.who.first == s.start
    singular = not s.tokens[clause.who.last - 1].low.endswith("s")
    return bare and singular and token.low.endswith("ed") and clause.who.words not in english()["colleagues"]


def _merely_can(s: Sentence, clause: Clause) -> bool:
    between = {s.low(at) for at in range(clause.who.last, clause.first + 1)}
    verb = s.tokens[clause.first].verb_in(_KNOWING)
    follows = s.tokens[clause.first + 2].verb_in(_KNOWING) if clause.first + 2 < len(s.tokens) else None
    return bool(between & _CAN) and verb is None and follows is None


def _own_doing(s: Sentence, clause: Clause) -> bool:
    """Whether the doers are the team itself, or colleagues who were trained or equipped."""
    words = english()
    token = s.tokens[clause.first]
    if clause.who.words in _REPS:
        return token.verb_in(_REP_DOES) is not None
    if clause.who.words in words["doing_teams"]:
        return token.verb_in(words["make"]) is not None and token.verb_in(frozenset({"use", "adopt", "apply", "contribute", "read", "spend", "choose"})) is None
    if clause.who.words not in words["colleagues"] or token.verb_in(_DONE) is None:
        return False
    if any(s.noun(at) in _ASKED for at in range(clause.last, len(s.tokens))):
        return False
    if token.verb_in(frozenset({"complete", "finish"})):
        return True
    return any(s.noun(at) in _TRAINING for at in range(clause.last, len(s.tokens)))


def time_limit(s: Sentence, first: int, found: list[Amount]) -> bool:
    """Whether something is to happen within a number of hours or days."""
    time = english()["time"]
    for amount in found:
        unit = {s.noun(at) for at in range(amount.last, amount.last + 4)}
        lead = {s.low(at) for at in range(max(first, amount.first - 5), amount.first)}
        if "more" not in lead and amount.first >= first and (unit & time or amount.unit in {"h", "min", "s", "ms"}) and lead & _LIMITS:
            return True
    at = s.any_low({"within", "in"}, first)
    return (
        at is not None
        and s.low(at + 1) in {"a", "an", "one", "the"}
        and s.noun(at + 2) in {"minute", "hour", "day", "week", "business"}
        and any(amount.unit == "%" for amount in found)
    )


def on_time(s: Sentence, first: int) -> bool:
    """Whether something is to happen on time."""
    lows = " ".join(token.low for token in s.tokens[first:])
    return any(said in lows for said in ("on time", "on-time", "without delay", "on schedule", "by the deadline"))
