"""Reports of every size, made as the product makes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from okrsync.core.goalcheck import build
from okrsync.core.goals import (
    CheckIn,
    Cycle,
    Decision,
    Evidence,
    Hypothesis,
    KeyResult,
    Objective,
    Team,
    Unit,
)
from okrsync.core.place import Place
from okrsync.ports.findings import Identity, SeenFinding, StoredFinding
from okrsync.ports.verdicts import Moved
from okrsync.reports import Given, make
from okrsync.reports.goal_changes import remember
from okrsync.reports.outcomes import Pursued
from okrsync.reports.subject import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.core.goals import Goals
    from okrsync.reports import Report

NOW = datetime(2026, 11, 17, 6, 30, tzinfo=UTC)
TODAY = NOW.date()
WEEK = timedelta(days=7)
CYCLE = Cycle(id="Q4", starts=date(2026, 10, 1), ends=date(2026, 12, 31), check_in_days=7)
CHECKED = CheckIn(date=TODAY - timedelta(days=2), value=66, confidence=0.8)


def key_result(own: str = "KR-PAY", *, objective: str = "O-PAY", **given: Any) -> KeyResult:
    plain: dict[str, Any] = {
        "statement": "Shoppers who pay without calling: 62% to 80%",
        "indicator": "leading",
        "check_ins": (CHECKED,),
    }
    return KeyResult(id=own, objective=objective, **plain | given)


def objective(own: str, *key_results: KeyResult, **given: Any) -> Objective:
    plain: dict[str, Any] = {"title": "Paying is easy", "teams": ("pay",), "cycle": "Q4"}
    return Objective(id=own, key_results=key_results, **plain | given)


def goals(*objectives: Objective, hypotheses: Iterable[Hypothesis] = (), **given: Any) -> Goals:
    made, problems = build(
        units=[Unit(id="retail", name="Retail")],
        teams=[Team(id="pay", name="Pay", unit="retail"), Team(id="web", name="Web")],
        cycles=[CYCLE],
        objectives=objectives or [objective("O-PAY", key_result())],
        hypotheses=hypotheses,
        **given,
    )
    assert made is not None, problems
    return made


def finding(code: str = "WI401", name: str = "PAY-1", **given: Any) -> StoredFinding:
    tracker = given.pop("tracker", "jira" if "-" in name and name[-1].isdigit() else "")
    first = given.pop("first_seen", NOW - timedelta(days=1))
    gone = given.pop("gone_since", None)
    plain: dict[str, Any] = {
        "name": name,
        "severity": "warning",
        "message": f"{name} serves no goal",
        "action": f'say what it is for: `okrsync link {name} GOAL --because "…"`',
        "place": Place(""),
        "title": "A title" if tracker else "",
        "url": f"https://shop.example/browse/{name}" if tracker else None,
        "teams": ("pay",),
    }
    seen = SeenFinding(identity=Identity(tracker, name.casefold(), code), **plain | given)
    return StoredFinding(seen=seen, first_seen=first, last_seen=NOW, gone_since=gone)


def moved(
    key: str = "PAY-1", before: str = "unaligned", now: str = "aligned", **given: Any
) -> Moved:
    plain: dict[str, Any] = {
        "title": "Wallet",
        "url": None,
        "team": "pay",
        "goals_before": (),
        "goals": ("KR-PAY",),
        "because": "rule wallet-rule names it",
    }
    return Moved(key=key, verdict_before=before, verdict=now, **plain | given)


def numbers(aligned: int, unaligned: int, **given: Any) -> dict[str, Any]:
    counts = {"aligned": aligned, "unaligned": unaligned, "exempt": 3}
    return {"verdicts": {"": counts, "pay": counts}, "key_results": {}, "hypotheses": {}} | given


def given_of(known: Goals, **given: Any) -> Given:
    plain: dict[str, Any] = {
        "now": NOW,
        "since": NOW - WEEK,
        "zone": ZoneInfo("Europe/Amsterdam"),
        "period": "2026-W47",
        "counted": [(TODAY - WEEK, numbers(50, 50)), (TODAY, numbers(54, 46))],
        "goals_before": remember(known),
        "pursued": [
            Pursued(objective=o, key_result=kr, cadence=7, baseline=62, target=80, unit="%")
            for o in known.objectives
            for kr in o.key_results
        ],
        "as_of": NOW,
    }
    return Given(**plain | given)


def report(
    known: Goals | None = None,
    *,
    about: str = "company",
    findings: Iterable[StoredFinding] = (),
    moves: Iterable[Moved] = (),
    **given: Any,
) -> Report:
    known = known or goals()
    return make(subject_of(about, known), given_of(known, **given), findings, moves)


def full(text: str = "Words", count: int = 40) -> Report:
    """A report in which every part is full of *text*."""
    krs = [
        key_result(f"KR-{n}", objective=f"O-{n}", statement=text, check_ins=(_said(text),))
        for n in range(count)
    ]
    many = [objective(f"O-{n}", kr, title=text) for n, kr in enumerate(krs)]
    tests = [
        Hypothesis(
            id=f"H-{n}",
            serves=("KR-0",),
            statement=text,
            evidence=(Evidence(date=TODAY, says="against", source=text, note=text),),
            decisions=(Decision(choice="kill", date=TODAY, because=text, saved=text),),
        )
        for n in range(count)
    ]
    codes = ("WI401", "WI402", "KR201", "HY303", "PF505", "PF504", "OKR113")
    old, gone = NOW - 5 * WEEK, NOW - timedelta(days=1)
    found = [
        finding(code, f"PAY-{n}", message=text, title=text, action=f"{text} `{text}`", **more)
        for code in codes
        for n in range(count)
        for more in ({}, {"first_seen": old}, {"first_seen": old, "gone_since": gone})
    ]
    verdicts = ("aligned", "weak", "stale", "unaligned", "exempt")
    moves = [
        moved(f"PAY-{n}", before, now, title=text, because=text, goals=(text,) * 9)
        for n in range(count)
        for before in verdicts
        for now in verdicts
    ]
    known = goals(*many, hypotheses=tests)
    counted = [(TODAY - n * WEEK, numbers(10 + 3 * n, 50)) for n in range(13)]
    return report(known, findings=found, moves=moves, counted=counted, troubles=[text] * count)


def _said(text: str) -> CheckIn:
    return CheckIn(date=TODAY, value=63, confidence=0.5, note=text, decision=text)
