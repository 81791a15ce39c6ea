"""6: the strength of signals and what vetoes leave of them, over all combinations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goalcheck import build
from okrsync.core.goals import Cycle, KeyResult, Level, Objective
from okrsync.core.judge import Court, judge
from okrsync.core.ledger import Act, ActKind, ItemState, Origin, Row
from okrsync.core.mapping import Condition, Mapping, MappingRule
from okrsync.core.matching import Matcher
from okrsync.core.mentions import Mentions
from okrsync.core.names import Names, follow_renames
from okrsync.core.outlook import Outlook
from okrsync.core.signals import STRENGTH, own_word
from okrsync.core.vocabulary import Vocabulary
from okrsync.core.written import Written
from okrsync.testing import work_item
from okrsync.testing.world import START

if TYPE_CHECKING:
    from okrsync.core.signals import OwnWord

pytestmark = pytest.mark.paragraph(6)

IDS = ("KR-1", "KR-2", "KR-3")
SOME = st.frozensets(st.sampled_from(IDS), max_size=2)
ACTS = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(ActKind)), max_size=4)
SAYING = st.fixed_dictionaries(
    {
        "acts": ACTS,
        "field": SOME,
        "mention": SOME,
        "rule": st.booleans(),
        "found": SOME,
        "exempt": st.sampled_from(["", "first", "last"]),
    }
)
WORDS = {"first": "chores", "last": "upkeep", "": "a"}


def court() -> Court:
    """Three live outcomes, and a rule that serves one of them between two that exempt."""
    said = "people use it from 1 to 5"
    results = [KeyResult(id=each, objective="O", statement=said) for each in IDS]
    cycle = Cycle(id="Q4", starts=date(2026, 10, 1), ends=date(2026, 12, 31))
    company = {"level": Level.COMPANY, "cycle": "Q4"}
    objective = Objective(id="O", title="O", key_results=tuple(results), **company)
    known, problems = build(cycles=[cycle], objectives=[objective])
    assert known is not None, problems
    rules = (
        MappingRule(id="chores", when=Condition(title_matches=("chores",)), exempt="must be"),
        MappingRule(id="wallet", when=Condition(label=("wallet",)), serves=("KR-2",)),
        MappingRule(id="upkeep", when=Condition(title_matches=("upkeep",)), exempt="must be"),
    )
    names = Names(known, Vocabulary())
    matcher = Matcher(Mapping(rules=rules), known, Vocabulary())
    outlook = Outlook(known, START.date())
    return Court(outlook, matcher, names, Written(names, Mentions(known)))


COURT = court()


def word(saying: dict[str, Any]) -> OwnWord:
    item = work_item(
        "1",
        title=" ".join([WORDS[saying["exempt"]], *sorted(saying["mention"])]),
        fields={"goal": tuple(each.lower() for each in saying["field"])},
        labels=["wallet"] if saying["rule"] else [],
    )
    found = (Row(label=f"okr:{each}", origin=Origin.FOUND, since=START) for each in saying["found"])
    acts = (Act(at=START, kind=kind, goal=goal) for goal, kind in saying["acts"])
    state = ItemState(ref=item.ref, rows=tuple(found), acts=tuple(acts))
    return own_word(item, state, (), matcher=COURT.matcher, written=COURT.written)


def wins(saying: dict[str, Any]) -> tuple[str, set[str], set[str]]:
    """Return the strongest kind that speaks, the goals that it names, and those taken away."""
    newest = dict(saying["acts"])
    linked = {goal for goal, kind in newest.items() if kind is ActKind.LINK}
    vetoed = {goal for goal, kind in newest.items() if kind is ActKind.VETO}
    ruled = {"KR-2"} if saying["rule"] and saying["exempt"] != "first" else set()
    ranks = {
        "explicit": linked,
        "field": saying["field"],
        "mention": saying["mention"],
        "guess": ruled | saying["found"],
    }
    kind = next((kind for kind, named in ranks.items() if named), "")
    return kind, set(ranks.get(kind, ())), vetoed


def expected(own: dict[str, Any], parent: dict[str, Any]) -> set[str] | str:
    """Return the goals in effect, or that it is exempt, by the wording of the protocol."""
    kind, named, vetoed = wins(own)
    speaking = own
    if not kind and not _exempts(own):
        kind, named, further = wins(parent)
        speaking, vetoed = parent, vetoed | further
    left = named - vetoed
    if left and kind in {"explicit", "field", "mention"}:
        return left
    if _exempts(speaking) or (speaking["exempt"] and named and not left):
        return "exempt"
    return left


def _exempts(saying: dict[str, Any]) -> bool:
    """Tell whether an exempting rule is the first that matches."""
    return saying["exempt"] == "first" or (saying["exempt"] == "last" and not saying["rule"])


@given(own=SAYING, parent=SAYING)
def test_the_strongest_kind_counts_less_vetoes_and_nothing_falls_through(
    own: dict[str, Any], parent: dict[str, Any]
) -> None:
    judgement = judge(word(own), [word(parent)], COURT)
    said = "exempt" if judgement.verdict == "exempt" else set(judgement.goals)
    assert said == expected(own, parent)


@given(own=SAYING, parent=SAYING)
def test_a_court_that_remembers_judges_as_one_that_has_judged_nothing_yet(
    own: dict[str, Any], parent: dict[str, Any]
) -> None:
    words = word(own), [word(parent)]
    assert judge(*words, COURT) == judge(*words, court())


@given(own=SAYING)
def test_signals_come_strongest_first(own: dict[str, Any]) -> None:
    strengths = [STRENGTH[signal.kind] for signal in word(own).signals]
    assert strengths == sorted(strengths)


LABELS = st.sampled_from(["okr:KR-1", "okr:kr-1", "okr:KR-9", "okr:aligned", "okr:", "else"])
ROWS = st.lists(st.tuples(LABELS, st.sampled_from([None, "KR-1", "KR-2", "KR-9"])), max_size=4)


@given(ROWS)
def test_rows_are_followed_from_memory_as_by_names_that_remember_nothing(
    rows: list[tuple[str, str | None]],
) -> None:
    kept = [Row(label=label, origin=Origin.OURS, since=START, goal=goal) for label, goal in rows]
    state = ItemState(ref=work_item("1").ref, rows=tuple(kept))
    fresh = Names(COURT.names.goals, COURT.names.vocabulary)
    assert follow_renames(state, COURT.names) == follow_renames(state, fresh)
