"""OKR115: somebody is served whom the register of customers does not know.

Names are compared by their words, so that "new merchants in Spain" are merchants. Words for
anybody ("users", "people") are not held against the register. Without a register it is silent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.core.place import nearest
from okrsync.lint.parts import kind_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.words import content_words, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Customer, Goals, KeyResult
    from okrsync.lint.rule import LintInput

_ANYBODY = words(
    """
    account adult anybody anyone audience buyer caller child client citizen colleague company
    consumer customer employee everybody everyone household human individual lead man member
    nobody owner party people person population prospect public respondent signup staff user
    visitor woman
    """
)
_USERS = frozenset({"user", "consumer"})


def _check(given: LintInput) -> Iterator[Hit]:
    if given.goals.customers:
        register = _Register(given.goals)
        yield from _key_results(given, register)
        yield from _hypotheses(given, register)
        yield from _teams(given.goals, register)
        yield from _buyers_without_users(given, register)


class _Register:
    """The customers by every word they are known by."""

    def __init__(self, goals: Goals) -> None:
        self.by_name = {
            name.casefold(): customer
            for customer in goals.customers
            for name in (customer.id, customer.name, *customer.also)
        }
        self.words = {word for name in self.by_name for word in content_words(name)} | _ANYBODY

    def knows(self, people: str) -> bool:
        """Whether any word of theirs is in the register, or could mean anybody."""
        words = content_words(people)
        return people.casefold() in self.by_name or not words or not self.words.isdisjoint(words)

    def instead(self, people: str, otherwise: str) -> str:
        close = nearest(people, self.by_name)
        return f"write {close!r} if that is who is meant, or {otherwise}" if close else otherwise


_ADD = "add them under `customers`"


def _key_results(given: LintInput, register: _Register) -> Iterator[Hit]:
    for _, kr in standing(given.goals):
        who = _who(kr, given)
        if who is not None and not register.knows(who):
            yield Hit(
                goal=kr,
                message=f'{kr.id} is about "{who}", who are in no register of customers',
                action=register.instead(who, _ADD),
                confidence=None if kr.who else given.reader.read(kr.text).confidence,
            )


def _who(kr: KeyResult, given: LintInput) -> str | None:
    """Return who is written, or who is read where the reader is sure of an outcome."""
    if kr.who:
        return kr.who
    if kind_of(kr, given).kind is not Kind.OUTCOME:
        return None
    span = given.reader.read(kr.text).who
    return None if span is None else span.text


def _hypotheses(given: LintInput, register: _Register) -> Iterator[Hit]:
    for hypothesis in given.goals.hypotheses:
        people = hypothesis.for_whom
        if people and not hypothesis.killed and not register.knows(people):
            yield Hit(
                goal=hypothesis,
                message=f'{hypothesis.id} is for "{people}", who are in no register of customers',
                action=register.instead(people, _ADD),
            )


def _teams(goals: Goals, register: _Register) -> Iterator[Hit]:
    for team in goals.teams:
        for people in team.customers:
            if people.casefold() not in register.by_name:
                yield Hit(
                    goal=team,
                    message=f"team {team.id} serves {people!r}, who are in no register of "
                    "customers",
                    action=register.instead(people, _ADD),
                    other=people,
                )


def _buyers_without_users(given: LintInput, register: _Register) -> Iterator[Hit]:
    if any(customer.role in _USERS for customer in given.goals.customers):
        return
    for customer in _served(given, register):
        if customer.role == "buyer":
            yield Hit(
                goal=customer,
                message=f"{customer.name} buys, and who uses it is nowhere among the customers",
                action="add the people who use it, with `role: user` or `role: consumer`",
            )


def _served(given: LintInput, register: _Register) -> list[Customer]:
    """Return the customers whom a team or a key result serves by name."""
    named = [people for team in given.goals.teams for people in team.customers]
    named += [kr.who for _, kr in standing(given.goals) if kr.who]
    found = (register.by_name.get(people.casefold()) for people in named)
    return list({each.id: each for each in found if each is not None}.values())


RULE = Rule(
    code="OKR115",
    name="customer-unknown",
    summary="Whoever is served stands in the register of customers, and users beside buyers.",
    why="""\
A customer whom nobody described is somebody else for everyone. And who pays is not always who uses:
a product that pleases the buyer alone is bought once.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - id: KR-PAY
        who: wholesalers
        does_what: pay without calling support
        by_how_much: {from: 62, to: 80, unit: percent}
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - id: KR-PAY
        who: shopper
        does_what: pay without calling support
        by_how_much: {from: 62, to: 80, unit: percent}
""",
    fix="""\
Use the id, the name or one of the other words (`also:`) of a customer, or add the customer with its
role. Colleagues are customers, too: `role: colleague`.
""",
    configuration="""\
Severity. Silent while there are no `customers:` at all. More words for a customer go to `also:`.
""",
    severity=Severity.WARNING,
    check=_check,
)
