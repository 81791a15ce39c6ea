"""Judges key results that open with a verb: what the team is to build, to raise or to obtain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.clauses import of_clause, on_time, time_limit
from okrsync.wording.english.lexicon import english
from okrsync.wording.english.measure import METRICS, measured, stretch_end
from okrsync.wording.english.phrases import Opening, clause_of, is_modifier, opening, subject_people
from okrsync.wording.english.purposes import by_purpose, others_choose
from okrsync.wording.english.statements import of_statement
from okrsync.wording.english.verdict import KIND_OF, Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence, Term

_BUYERS = frozenset({"customer", "client", "buyer", "logo", "enterprise", "account holder", "customer base"})
_CADENCE = frozenset({"daily", "weekly", "hourly", "monthly", "per", "every", "once", "times"})
_UNDER = frozenset({"under", "below", "<", "less", "fewer", "≤"})
_PURE = frozenset({"ensure", "assure", "guarantee", "make sure", "make certain", "see to it"})
_BEAR = frozenset({"handle", "support", "serve", "process", "sustain"})
_LOAD = frozenset({"concurrent", "second", "seconds", "simultaneous", "requests", "connections", "scale", "traffic", "load", "transactions"})
_EARN = frozenset({"raise", "save", "earn", "sell", "secure", "close", "generate", "win", "renew", "bring in", "make", "attract", "obtain", "land", "create"})
_MONEY = frozenset("$€£¥")


def of_command(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict:
    """Ask the questions that the opening verb allows, in their order."""
    opened = _last_of_joined(s, opened)
    for name, ask in (
        ("sway", _swayed),
        ("ensure", _ensured),
        ("enable", _enabled),
        ("process", _in_time),
        ("raise", _changed),
        ("lower", _changed),
        ("hold", _changed),
        ("reach", _changed),
        ("shift", _shifted),
        ("obtain", _obtained),
    ):
        if name in opened.classes and (verdict := ask(s, opened, found)) is not None:
            return verdict
    quick = [amount for amount in found if s.noun(amount.last) in {"second", "minute", "hour", "ms", "millisecond"}]
    if quick and "make" in opened.classes and opened.verb != "spend" and time_limit(s, opened.last, quick):
        return Verdict(Kind.SYSTEM, 0.55, (_at(opened),), rule="quick")
    if (found_else := _money(s, opened, found) or by_purpose(s, opened, found)) is not None:
        return found_else
    if opened.verb in {"win", "sell", "close", "renew", "upsell"} and found and opened.verb != "close":
        return Verdict(Kind.IMPACT, 0.5, (_at(opened),), rule="won something")
    term = measured(s, opened.last)
    if "obtain" in opened.classes and "make" not in opened.classes and found and not (term is not None and term.name == "thing"):
        return Verdict(Kind.OUTCOME, 0.45, (_at(opened),), rule="obtained something")
    return _task(s, opened, found)


def _task(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict:
    """Call it a task; less surely where a number stands beside something that others do."""
    words = english()
    numbered = any(amount.value is not None for amount in found)
    beside = any(
        term.name in METRICS or term.words in words["audience"]
        for term in s.terms_between(opened.last, len(s.tokens))
    )
    plain = opened.verb in words["plainly"] and not (numbered and beside)
    sure = 0.85 if plain else 0.55
    return Verdict(Kind.TASK, sure, (_at(opened),), rule="make")


def _at(opened: Opening) -> tuple[int, int]:
    return opened.first, opened.last


def _last_of_joined(s: Sentence, opened: Opening) -> Opening:
    """Let the second verb of "book and run" decide when it is one of making."""
    if s.low(opened.last) not in {"and", "&", "/", ","}:
        return opened
    joined = opening(s, opened.last + 1)
    plain = joined is not None and joined.classes <= {"make", "process", "behave"}
    return joined if joined and plain and "make" in opened.classes else opened


def _ensured(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge what is to be so, as if it were said without the "ensure"."""
    who = subject_people(s, opened.last, len(s.tokens))
    if who is not None and (clause := clause_of(s, who)):
        verdict = of_clause(s, clause, found)
        if opened.verb in _PURE or verdict.kind is not Kind.TASK:
            return verdict
    if opened.verb in _PURE:
        return of_statement(s, opened.last, found)
    if opened.verb in {"get", "have"} and not found and _ends_done(s, opened):
        return Verdict(Kind.TASK, 0.6, (_at(opened),), rule="get done")
    if opened.verb in {"get", "keep", "have"} and (time_limit(s, opened.last, found) or on_time(s, opened.last)):
        return Verdict(Kind.SYSTEM, 0.6, (_at(opened),), rule="kept in time")
    return None


def _ends_done(s: Sentence, opened: Opening) -> bool:
    """Whether a participle follows the object: "get the lease signed"."""
    words = english()
    small = words["preposition"] | words["joiner"]
    for at in range(opened.last + 1, len(s.tokens)):
        low = s.low(at)
        past = low.endswith("ed") or low in words.irregular
        last = at + 1 >= len(s.tokens) or not s.tokens[at + 1].is_word or s.low(at + 1) in small
        if past and s.tokens[at].verbs and last:
            return True
    return False


def _swayed(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Count those who are won over."""
    term = measured(s, opened.last)
    share = any(amount.unit == "%" for amount in found)
    people = term is not None and term.name in {"people", "act"}
    if not found or not (people or share):
        return None
    return Verdict(Kind.OUTCOME, 0.6, (_at(opened),), term=term, rule="swayed")


def _enabled(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Count those who are helped to do something; help alone is a task."""
    who = subject_people(s, opened.last, len(s.tokens))
    if who is None or not any(amount.first < who.first for amount in found):
        return None
    clause = clause_of(s, who)
    return of_clause(s, clause, found) if clause is not None else None


def _in_time(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    if time_limit(s, opened.last, found) or (found and on_time(s, opened.last)):
        return Verdict(Kind.SYSTEM, 0.7, (_at(opened),), rule="in time")
    if opened.verb in {"deploy", "release", "merge", "ship"} and s.any_low(_CADENCE, opened.last) is not None:
        return Verdict(Kind.SYSTEM, 0.7, (_at(opened),), rule="cadence")
    return None


def _changed(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge what is to rise, fall or stay by what is measured."""
    term = measured(s, opened.last)
    told = any(amount.first >= opened.first for amount in found)
    if term is not None and term.name in METRICS:
        at = (_at(opened), (term.first, term.last))
        return Verdict(KIND_OF[term.name], 0.8 if told else 0.62, at, term=term, rule="changed")
    shortened = "lower" in opened.classes and any(s.noun(a.last) in english()["time"] and a.unit != "%" for a in found)
    if term is not None and term.name == "people" and not shortened and not is_modifier(s, term):
        if (verdict := _changed_people(s, opened, term, found)) is not None:
            return verdict
    if (earned := _money(s, opened, found)) is not None:
        return earned
    thing = term is not None and term.name == "thing"
    share = any(amount.unit == "%" and amount.value != 100 for amount in found)
    in_time = any(s.noun(amount.last) in {"second", "minute", "hour", "day", "week", "month"} for amount in found)
    if "lower" in opened.classes and in_time:
        return Verdict(Kind.SYSTEM, 0.6, (_at(opened),), rule="shortened")
    if told and (not thing or share or "lower" in opened.classes) and ("make" not in opened.classes or share):
        if any(t.name == "people" and s.low(t.first - 1) in {"from", "by"} for t in s.terms_between(opened.last, len(s.tokens))):
            return Verdict(Kind.OUTCOME, 0.5, (_at(opened),), term=term, rule="changed by people")
        return Verdict(Kind.SYSTEM, 0.5, (_at(opened),), rule="changed something")
    if purpose := by_purpose(s, opened, found):
        return purpose
    if "obtain" in opened.classes:
        return None
    return Verdict(Kind.TASK, 0.62, (_at(opened),), rule="improve")


def _changed_people(s: Sentence, opened: Opening, term: Term, found: list[Amount]) -> Verdict | None:
    at = (_at(opened), (term.first, term.last))
    clause = clause_of(s, term)
    if clause and not clause.served:
        return Verdict(Kind.OUTCOME, 0.75, at, clause, term, "changed people")
    if not found:
        return None
    if term.words in english()["colleagues"] and "hold" not in opened.classes:
        share = any(amount.unit == "%" for amount in found)
        return Verdict(Kind.SYSTEM if share else Kind.TASK, 0.5, at, rule="changed colleagues")
    kind = Kind.IMPACT if term.words in _BUYERS and "raise" in opened.classes else Kind.OUTCOME
    return Verdict(kind, 0.6, at, term=term, rule="changed people")


def _shifted(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge "bring the error rate to 1%" by the measure, and "handle 500 requests" as one."""
    if not any(amount.first >= opened.first for amount in found):
        return None
    term = measured(s, opened.last, strict=True)
    at = (_at(opened),)
    if opened.verb in _BEAR and s.any_low(_LOAD) is not None:
        return Verdict(Kind.SYSTEM, 0.6, at, rule="load")
    if term is not None and term.name in METRICS:
        return Verdict(KIND_OF[term.name], 0.7, (*at, (term.first, term.last)), term=term, rule="shifted")
    if s.any_low(_UNDER, opened.last) is not None and (term is None or term.name != "people"):
        return Verdict(Kind.SYSTEM, 0.55, at, rule="shifted under")
    return None


def _obtained(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge what is to be had by whether others must give it."""
    term = measured(s, opened.last, strict="make" in opened.classes)
    told = any(amount.first >= opened.first for amount in found)
    makes = "make" in opened.classes and opened.verb not in {"have"}
    if opened.verb in {"get", "have", "convince", "persuade"} and (others := others_choose(s, found)):
        return others
    if opened.verb in {"attract", "win over"} and (term is None or term.name != "business"):
        return Verdict(Kind.OUTCOME, 0.6, (_at(opened),), term=term, rule="attract")
    if term is None:
        return None
    at = (_at(opened), (term.first, term.last))
    if term.name == "machine" and makes:
        return None
    if term.name in METRICS and (told or (not makes and opened.verb != "have")):
        sure = 0.7 if not makes else 0.6
        return Verdict(KIND_OF[term.name], sure, at, term=term, rule="obtained")
    if term.name == "people" and told and not is_modifier(s, term):
        return _obtained_people(s, opened, term, makes=makes)
    return None


def _obtained_people(s: Sentence, opened: Opening, term: Term, *, makes: bool) -> Verdict | None:
    at = (_at(opened), (term.first, term.last))
    clause = clause_of(s, term)
    if clause is not None and not clause.served:
        return Verdict(Kind.OUTCOME, 0.65, at, clause, term, "obtained people")
    if term.words in _BUYERS and opened.verb not in {"onboard", "connect", "book", "collect"}:
        return Verdict(Kind.IMPACT, 0.6, at, term=term, rule="obtained buyers")
    if (makes and opened.verb not in {"add", "enrol", "enroll", "sign"}) or term.words in english()["colleagues"]:
        return None
    return Verdict(Kind.OUTCOME, 0.6, at, term=term, rule="obtained people")


def _money(s: Sentence, opened: Opening, found: list[Amount]) -> Verdict | None:
    """Judge money that is to come in, whatever it is called."""
    if opened.verb not in _EARN and "raise" not in opened.classes:
        return None
    for amount in found:
        if amount.unit in _MONEY and amount.unit or opened.verb == "sell":
            return Verdict(Kind.IMPACT, 0.65, (_at(opened), (amount.first, amount.last)), rule="money")
    return None
