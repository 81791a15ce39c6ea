"""A small set of goals in which everything that goals can say is said at least once."""

from __future__ import annotations

from datetime import date

from okrsync.core.goalcheck import build
from okrsync.core.goals import (
    Belief,
    ByHowMuch,
    CheckIn,
    Customer,
    Cycle,
    Decision,
    Evidence,
    Goals,
    GoalStatus,
    Hypothesis,
    KeyResult,
    Kind,
    Level,
    Objective,
    ParentLink,
    Strategy,
    Team,
    Unit,
    Value,
    Waiver,
    WorksIn,
)


def example_goals(suffix: str = "") -> Goals:
    """Build them; *suffix* is added to many texts, far apart from each other."""
    goals, problems = build(
        strategies=[_strategy(suffix)],
        customers=[
            Customer(id="rider", name=f"Rider{suffix}", also=("riders",), journey=("find", "ride")),
            Customer(id="crew", name="Crew", role="colleague", success_looks_like="Home by five"),
        ],
        journey=["find", "ride", "pay"],
        units=[Unit(id="street", name="Street")],
        teams=[_team(), Team(id="docks", name=f"Docks{suffix}")],
        cycles=[
            Cycle(id="2027", starts=date(2027, 1, 1), ends=date(2027, 12, 31), level=Level.COMPANY),
            Cycle(id="spring", starts=date(2027, 3, 1), check_in_days=10),
        ],
        objectives=_objectives(suffix),
        hypotheses=_hypotheses(suffix),
        beliefs=[_belief(suffix)],
    )
    if goals is None:
        raise ValueError(f"the example is not whole: {problems}")
    return goals


def _strategy(suffix: str) -> Strategy:
    return Strategy(
        id="S-27",
        mission=f"Nobody needs a car{suffix}",
        vision="Quiet streets",
        north_star="Days ridden",
        starts=date(2026, 1, 1),
        ends=date(2028, 12, 31),
        value_map=(
            Value(id="V-SURE", value="A bike in sight", customers=("rider",), because="Or the car"),
            Value(id="V-FAST", value=""),
        ),
    )


def _team() -> Team:
    return Team(
        id="riders",
        name="Riders",
        unit="street",
        makes="the app",
        customers=("rider",),
        functions=("product", "design"),
        sphere=("find",),
        works_in=(
            WorksIn(tracker="shop", scope="PAY", component="app"),
            WorksIn(tracker="shop", team="Riders"),
        ),
    )


def _objectives(suffix: str) -> list[Objective]:
    return [
        Objective(
            id="O-TOWN",
            title=f"The town rides{suffix}",
            level=Level.COMPANY,
            cycle="2027",
            strategy=("S-27", "V-SURE"),
            key_results=(_told_in_fields(suffix),),
        ),
        Objective(
            id="O-FIRST",
            title="The first ride is easy",
            teams=("riders", "docks"),
            cycle="spring",
            problem="Every second newcomer stops: why?",
            parents=(
                ParentLink(id="O-TOWN", because="Who starts stays"),
                ParentLink(id="KR-RIDE"),
            ),
            owner="Riders",
            status=GoalStatus.ACHIEVED,
            previously=("O-OLD",),
            waive=(Waiver(code="OKR116", reason="Until June", goal="O-FIRST"),),
            key_results=(
                KeyResult(id="KR-BARE", objective="O-FIRST", statement="Riders ride: 1 to 2"),
                KeyResult(id="KR-NOTHING", objective="O-FIRST"),
            ),
        ),
        Objective(id="O-STREET", title="Streets", level=Level.UNIT, unit="street"),
        Objective(id="O-AGAIN", title="Free docks", teams=("docks",), status=GoalStatus.DROPPED),
    ]


def _told_in_fields(suffix: str) -> KeyResult:
    return KeyResult(
        id="KR-RIDE",
        objective="O-TOWN",
        who="rider",
        does_what=f"ride on three days{suffix}",
        by_how_much=ByHowMuch(baseline=9.0, target=14.5, unit="percent"),
        kind=Kind.OUTCOME,
        indicator="lagging",
        journey="ride",
        measured_by="usage",
        time_to_effect_days=21,
        expects=("Trips per bike, watched by the board",),
        guardrails=("Evenings stay free", "null"),
        check_ins=(
            CheckIn(date=date(2027, 1, 8), value=10.0, confidence=0.5, note="Rain", decision="Go"),
        ),
        owner="Riders",
        previously=("KR-OLD", "KR-OLDER"),
        waive=(
            Waiver(code="KR205", reason="Being measured", goal="KR-RIDE", until=date(2027, 2, 1)),
        ),
    )


def _hypotheses(suffix: str) -> list[Hypothesis]:
    return [
        Hypothesis(
            id="H-MAP",
            serves=("KR-RIDE", "KR-BARE"),
            we_believe="a map of free docks",
            for_whom="rider",
            will=f"ride more often{suffix}",
            cycle="spring",
            started=date(2027, 3, 2),
            until=date(2027, 4, 15),
            confidence=0.6,
            stop_if="fewer than 5 percent",
            evidence=(Evidence(date=date(2027, 3, 9), says="for", source="pilot", note="12 rode"),),
            decisions=(
                Decision(
                    choice="persevere",
                    date=date(2027, 3, 10),
                    because="Too early",
                    until=date(2027, 4, 1),
                ),
            ),
            owner="Riders",
            previously=("H-OLD",),
            waive=(Waiver(code="HY305", reason="Frost", goal="H-MAP"),),
        ),
        Hypothesis(id="H-BARE", statement="We believe that racks help riders ride"),
    ]


def _belief(suffix: str) -> Belief:
    return Belief(
        id="B-RAIN",
        text=f"Rain keeps people away{suffix}",
        status="holds",
        objectives=("O-TOWN",),
        evidence=(Evidence(date=date(2027, 2, 2), says="for"),),
        previously=("B-WET",),
        waive=(Waiver(code="HY308", reason="Asked in May", goal="B-RAIN"),),
    )
