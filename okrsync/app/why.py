"""Why an item is worth doing, as one sentence a person can say aloud: from ticket to strategy.

People come before numbers, and where the story is missing the sentence says so. What is not
aligned is said plainly, with the reason and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Hypothesis, KeyResult, Objective
from okrsync.core.vocabulary import Verdict
from okrsync.core.weigh import weigh

if TYPE_CHECKING:
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy
    from okrsync.core.goals import Goal, ParentLink
    from okrsync.core.signals import Signal

HIGHEST = 12
"""How many parents are climbed at most; longer sentences nobody says aloud."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The sentence, what it climbed over, and what to do if it does not reach the top."""

    sentence: str
    chain: tuple[str, ...] = ()
    """The ids of goals and strategies, from the item upwards."""
    todo: str = ""


def why(strategy: Strategy, judged: Judged) -> Why:
    """Tell why *judged* is worth doing, or why nobody can tell."""
    item, judgement = judged.item, judged.judgement
    name = f"{item.key} “{item.title}”"
    if judgement.exempt is not None:
        return Why(sentence=f"{name} needs no outcome: {judgement.exempt}.")
    if not judgement.signals:
        told = f"{name} serves no goal: {judgement.because}."
        return Why(sentence=told, todo=_todo(strategy, judged))
    signal, kr = _best(strategy, judged)
    story = _Story(strategy)
    if judgement.verdict is Verdict.ALIGNED:
        sentence = f"{name} {story.told(signal, kr)}.{_also(judged, signal)}"
        return Why(sentence=sentence, chain=tuple(story.chain))
    _, reason = weigh(judgement.signals, strategy.court.outlook)
    served = story.served(strategy.goals.goal(signal.goal))
    return Why(
        sentence=f"{name} {served}, but {reason}: such work is {judgement.verdict.value}.",
        chain=tuple(story.chain),
        todo=_todo(strategy, judged),
    )


def _also(judged: Judged, signal: Signal) -> str:
    others = [goal for goal in judged.judgement.goals if goal != signal.goal]
    return f" It also serves {' and '.join(others)}." if others else ""


def _best(strategy: Strategy, judged: Judged) -> tuple[Signal, KeyResult | None]:
    """Pick the goal that carries the verdict, and the key result it leads to."""
    outlook = strategy.court.outlook
    signals = judged.judgement.signals
    for good in (lambda kr: outlook.is_live(kr) and outlook.counts(kr), outlook.is_live):
        for signal in signals:
            for kr in outlook.leads_to(signal.goal, learning=signal.learning):
                if good(kr):
                    return signal, kr
    first = signals[0]
    led = outlook.leads_to(first.goal, learning=True) or outlook.served_by(first.goal)
    return first, next(iter(led), None)


def _todo(strategy: Strategy, judged: Judged) -> str:
    key, judgement = judged.item.key, judged.judgement
    goal = judgement.goals[0] if judgement.goals else "GOAL"
    match judgement.verdict:
        case Verdict.UNALIGNED if judgement.vetoed:
            return (
                f"Stop it, link it to another goal, or lift the veto: "
                f"`okrsync unveto {key} {judgement.vetoed[0]}`."
            )
        case Verdict.UNALIGNED:
            return (
                f"Say what it is for (`okrsync link {key} GOAL --because …`, or a mapping rule), "
                "or say no to it."
            )
        case Verdict.WEAK:
            return (
                f"Ask who should do what differently once it is done, and write that as the key "
                f"result instead of {_key_result_name(strategy, goal)}."
            )
        case _:
            return (
                f"Stop it, or link it to a goal that lives: "
                f"`okrsync unlink {key} {goal}`, `okrsync link {key} GOAL --because …`."
            )


def _key_result_name(strategy: Strategy, goal_id: str) -> str:
    led = strategy.court.outlook.leads_to(goal_id, learning=True)
    return led[0].id if led else goal_id


class _Story:
    """Tells the way up, and remembers what it climbed over."""

    def __init__(self, strategy: Strategy) -> None:
        self.chain: list[str] = []
        self._strategy = strategy
        self._goals = strategy.goals

    def told(self, signal: Signal, kr: KeyResult | None) -> str:
        """Tell everything from what the item serves up to the strategy."""
        goal = self._goals.goal(signal.goal)
        start = self.served(goal)
        if isinstance(goal, Objective):
            return start + self._upwards(goal)
        if kr is None:
            return start
        if isinstance(goal, KeyResult):
            return start + self._upwards(kr)
        joint = ", which matters if " if isinstance(goal, Belief) else ", so that "
        self.chain.append(kr.id)
        return f"{start}{joint}{self._people(kr)} ({kr.id}){self._upwards(kr)}"

    def served(self, goal: Goal | None) -> str:
        """Tell what the item itself serves."""
        if goal is None:
            return "serves a goal that is gone"
        self.chain.append(goal.id)
        match goal:
            case Hypothesis():
                return f"tests the hypothesis “{_inner(goal.text)}” ({goal.id})"
            case Belief():
                return f"finds out whether it is true that “{_inner(goal.text)}” ({goal.id})"
            case KeyResult():
                return f"is meant to help so that {self._people(goal)} ({goal.id})"
            case Objective():
                return f"is meant for “{goal.title}” ({goal.id})"

    def _people(self, kr: KeyResult) -> str:
        """Say who does what, and only then by how much."""
        if kr.statement or not kr.who:
            return f"this comes true: “{_inner(kr.text)}”"
        numbers = kr.text.removeprefix(f"{kr.who} {kr.does_what}" if kr.does_what else kr.who)
        return f"{self._name_of(kr.who)} {kr.does_what or 'do something differently'}{numbers}"

    def _name_of(self, who: str) -> str:
        for customer in self._goals.customers:
            if who.casefold() in {customer.id.casefold(), customer.name.casefold()}:
                return next(iter(customer.also), customer.name)
        return who

    def _upwards(self, start: KeyResult | Objective) -> str:
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
        objective = self._goals.goal(goal.objective) if isinstance(goal, KeyResult) else goal
        if not isinstance(objective, Objective):
            return None, ""
        told = self._sign_of(objective) if isinstance(goal, KeyResult) else ""
        link = next(iter(goal.parents or objective.parents), None)
        parent = None if link is None else self._goals.goal(link.id)
        if link is None or not isinstance(parent, KeyResult | Objective):
            return None, told + self._strategy_of(objective)
        self.chain.append(parent.id)
        return parent, f"{told}, which should move {self._named(parent)}{_story_of(link)}"

    def _sign_of(self, objective: Objective) -> str:
        self.chain.append(objective.id)
        return f", a sign of “{objective.title}” ({objective.id})"

    def _named(self, goal: KeyResult | Objective) -> str:
        if isinstance(goal, Objective):
            return f"“{goal.title}” ({goal.id})"
        return f"“{self._people(goal)}” ({goal.id})"

    def _strategy_of(self, objective: Objective) -> str:
        wanted = set(objective.strategy)
        for strategy in self._goals.strategies:
            values = [value for value in strategy.value_map if value.id in wanted]
            if strategy.id in wanted or values:
                self.chain.append(strategy.id)
                aim = strategy.mission or strategy.vision or strategy.north_star
                value = f" (“{_inner(values[0].value)}”)" if values else ""
                return f"; and that is our strategy: “{_inner(aim)}”{value} ({strategy.id})"
        return "; what that is good for, no strategy says"


def _story_of(link: ParentLink) -> str:
    if not link.because:
        return " (nobody wrote down why)"
    return f" because “{_inner(link.because)}”"


def _inner(text: str) -> str:
    return text.strip().rstrip(".")
