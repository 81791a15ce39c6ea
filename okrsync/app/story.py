"""Words for the way from a goal up to the strategy, as a person would say them aloud.

People and what they do come first, numbers only for the key result that is served, and where the
story of a parent is missing the words say so. Ids stand in brackets, to be skipped when speaking.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Hypothesis, KeyResult, Objective

if TYPE_CHECKING:
    from okrsync.core.goals import Customer, Goal, Goals, ParentLink, Strategy, Value

HIGHEST = 12
"""How many parents are climbed at most; longer sentences nobody says aloud."""

_WE_BELIEVE = re.compile(r"^we (?:believe|think|assume)(?: that)?[, ]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One goal or strategy on the way up."""

    id: str
    what: str
    """hypothesis, belief, key result, objective, strategy."""
    text: str
    because: str = ""
    """The story of the parent link that leads to it."""


@dataclass(slots=True)
class Story:
    """Tells the way up, and remembers what it climbed over."""

    goals: Goals
    steps: list[Step] = field(default_factory=list)

    def bet(self, goal: Hypothesis | Belief) -> str:
        """Tell what is being found out, with the word for doing so left out."""
        self._climb(goal)
        if isinstance(goal, Belief):
            return f"it is true that “{inner(goal.text)}” ({goal.id})"
        return f"{self._hypothesis(goal)} ({goal.id})"

    def aim(self, kr: KeyResult) -> str:
        """Tell what a key result is about, to follow a word such as “to help”."""
        self._climb(kr)
        return f"{self._people(kr, numbers=True)} ({kr.id})"

    def effect(self, bet: Hypothesis | Belief, kr: KeyResult) -> str:
        """Tell which key result a hypothesis or belief bears on; what was said is not repeated."""
        same = isinstance(bet, Hypothesis) and _same(bet.will, kr.does_what)
        if not same:
            joint = ", which matters if we are" if isinstance(bet, Belief) else ","
            return f"{joint} to help {self.aim(kr)}"
        self._climb(kr)
        return f"{_numbers(kr)} ({kr.id})"

    def quoted(self, objective: Objective) -> str:
        """Name an objective."""
        self._climb(objective)
        return f"“{inner(objective.title)}” ({objective.id})"

    def upwards(self, start: KeyResult | Objective) -> str:
        """Tell everything above *start*."""
        told: list[str] = []
        current: KeyResult | Objective | None = start
        for _ in range(HIGHEST):
            if current is None:
                break
            current, words = self._step(current)
            told.append(words)
        return "".join(told)

    def _step(self, goal: KeyResult | Objective) -> tuple[KeyResult | Objective | None, str]:
        """Return what is next above and the words that lead there."""
        objective = self.goals.goal(goal.objective) if isinstance(goal, KeyResult) else goal
        if not isinstance(objective, Objective):
            return None, ""
        told = f", a sign of {self.quoted(objective)}" if isinstance(goal, KeyResult) else ""
        link = next(iter(goal.parents or objective.parents), None)
        parent = None if link is None else self.goals.goal(link.id)
        if link is None or not isinstance(parent, KeyResult | Objective):
            return None, told + self._strategy(objective)
        return parent, f"{told}; that should {self._parent(parent, link)}{_because(link)}"

    def _parent(self, parent: KeyResult | Objective, link: ParentLink) -> str:
        self._climb(parent, link.because)
        if isinstance(parent, Objective):
            return f"bring “{inner(parent.title)}” ({parent.id}) nearer"
        return f"help {self._people(parent, numbers=False)} ({parent.id})"

    def _strategy(self, objective: Objective) -> str:
        wanted = set(objective.strategy)
        for strategy in self.goals.strategies:
            values = [value for value in strategy.value_map if value.id in wanted]
            if strategy.id in wanted or values:
                aim = strategy.mission or strategy.vision or strategy.north_star
                self.steps.append(Step(id=strategy.id, what="strategy", text=aim))
                return self._our_strategy(strategy, aim, values)
        return "; what that is good for, no strategy says"

    def _our_strategy(self, strategy: Strategy, aim: str, values: list[Value]) -> str:
        told = f"; and that is our strategy, “{inner(aim)}” ({strategy.id})"
        if not values:
            return told
        whom = " and ".join(self.name_of(word) for word in values[0].customers)
        to_whom = f" {whom}" if whom else ""
        return f"{told}, which promises{to_whom} “{inner(values[0].value)}”"

    def _hypothesis(self, hypothesis: Hypothesis) -> str:
        if hypothesis.statement:
            return _WE_BELIEVE.sub("", inner(hypothesis.statement))
        whom = self.name_of(hypothesis.for_whom) if hypothesis.for_whom else "people"
        what = inner(hypothesis.we_believe or "this")
        return f"with {what}, {whom} will {inner(hypothesis.will or 'do something differently')}"

    def _people(self, kr: KeyResult, *, numbers: bool) -> str:
        """Say who does what, and only then by how much."""
        if kr.statement or not kr.who:
            return self._quoted_people(kr.text)
        told = f"{self.name_of(kr.who)} {inner(kr.does_what or 'do something differently')}"
        return told + (_numbers(kr) if numbers else "")

    def _quoted_people(self, text: str) -> str:
        """Quote a statement, and name its customers before it where it begins with a number."""
        fold = text.casefold()
        whose = next((c for c in self.goals.customers if _mentions(fold, c)), None)
        if text[:1].isdigit() and whose is not None:
            return f"{_plural(whose)}: “{inner(text)}”"
        return f"“{inner(text)}” come true"

    def name_of(self, who: str) -> str:
        """Call customers what people call them."""
        for customer in self.goals.customers:
            if who.casefold() in {customer.id.casefold(), customer.name.casefold()}:
                return _plural(customer)
        return who

    def _climb(self, goal: Goal, because: str = "") -> None:
        if all(step.id != goal.id for step in self.steps):
            told = Step(id=goal.id, what=what_is(goal), text=goal.text, because=because)
            self.steps.append(told)


def what_is(goal: Goal) -> str:
    """Name the kind of a goal."""
    match goal:
        case KeyResult():
            return "key result"
        case Objective():
            return "objective"
        case Hypothesis():
            return "hypothesis"
        case Belief():
            return "belief"


def inner(text: str) -> str:
    """Return a text as it stands inside a sentence."""
    return " ".join(text.split()).rstrip(".")


def _plural(customer: Customer) -> str:
    return next(iter(customer.also), customer.name)


def _mentions(fold: str, customer: Customer) -> bool:
    return any(word.casefold() in fold for word in (customer.name, *customer.also))


def _numbers(kr: KeyResult) -> str:
    said = f"{kr.who} {kr.does_what}" if kr.does_what else str(kr.who)
    return kr.text.removeprefix(said)


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and inner(str(one)).casefold() == inner(str(other)).casefold()


def _because(link: ParentLink) -> str:
    if not link.because:
        return " (nobody wrote down why)"
    return f", because “{inner(link.because)}”"
