"""The files that people keep beside the trackers: goals, mapping and settings, good and broken.

`expected` says by a table, and without asking okrsync, which labels an item must have that people
left alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from random import Random

WALLET, PAGE, MAIL, NOTHING = (
    "One-tap wallet in the app",
    "Words on the checkout page",
    "Receipt by mail",
    "Something nobody planned",
)
TITLES = (WALLET, PAGE, MAIL, NOTHING)
VERDICTS = frozenset(f"okr:{word}" for word in ("aligned", "weak", "stale", "unaligned", "exempt"))
LASTING = ("okr:KR-PAY", "okr:KR-PAGE")
LINKS = ("okr:H-WALLET", *LASTING, "okr:KR-SIDE")

GOALS = """
teams: [{id: checkout, name: Checkout}]
cycles: [{id: C-ALL, from: 2020-01-01, to: 2099-12-31}]
objectives:
  - id: O-PAY
    title: Paying is easy
    team: checkout
    cycle: C-ALL
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling: 62% to 80%"}
      - {id: KR-PAGE, statement: Launch the new checkout page}
#SIDE
hypotheses:
  - id: H-WALLET
    we_believe: a wallet
    for: shopper
    will: pay
    serves: [KR-PAY]
    cycle: C-ALL
#KILLED
customers: [{id: shopper, name: Shopper}]
"""
KILLED = "    decisions: [{date: 2026-01-02, choice: kill, because: nobody used it}]"
SIDE = '      - {id: KR-SIDE, statement: "Shoppers who come back within a month: 31% to 40%"}'
"""What only people link to; it vanishes from the file now and then."""
RULES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    WALLET: (("H-WALLET",), ("H-WALLET", "KR-PAGE")),
    PAGE: (("KR-PAGE",), ("KR-PAY",)),
    MAIL: (("KR-PAY", "KR-PAGE"), ("KR-PAGE",)),
}
"""What the rule for a title serves: as people have it first, and as they change it now and then."""
WORDS = {WALLET: "wallet", PAGE: "page", MAIL: "mail"}
SETTINGS = """
okrs: {path: okrs.yaml}
store: sqlite:///okrsync.db
sync:
  mode: write
  every: 1s
  overlap: 30s
  max_changes: 10000000
  max_change_percent: 100
  max_vanished: 1000000
"""
BROKEN = {
    "okrs.yaml": "objectives: [{id: O-PAY, title: Paying is easy, team: nobody",
    "mapping.yaml": "rules: [{id: lost, when: {title_matches: x}, serves: [KR-NONE]}]\n",
    "okrsync.yaml": "sync: {mode: wrong, every: never}\n",
}


class Papers:
    """The files in one folder."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder = folder
        self._random = random
        self._killed, self._has_side = False, True
        self._serves = {title: choices[0] for title, choices in RULES.items()}
        self._edition = 0
        self.changed: list[tuple[datetime, frozenset[str]]] = []
        """When they began to say something else, and of which titles and labels."""
        self.broken: set[str] = set()
        self.editions = self.breaks = 0
        self.mend()

    def change(self) -> None:
        """Change goals, mapping or both, or break a file."""
        match self._random.randrange(5):
            case 0:
                self._killed = not self._killed
                about = {WALLET, "okr:H-WALLET"}
            case 1:
                self._has_side = not self._has_side
                about = {"okr:KR-SIDE"}
            case 2 | 3:
                title = self._random.choice(list(RULES))
                self._serves[title] = self._random.choice(RULES[title])
                about = {title}
            case _:
                self._break(self._random.choice(list(BROKEN)))
                return
        self.mend()
        self.changed.append((_now(), frozenset(about)))

    def mend(self) -> None:
        """Write all files as they should be; what is in force is another edition afterwards."""
        self._edition += 1
        self.editions += 1
        rules = [
            f"  - {{id: {WORDS[title]}, when: {{title_matches: {WORDS[title]}}}, "
            f"serves: [{', '.join(goals)}]}}"
            for title, goals in self._serves.items()
        ]
        never = f"edition {self._edition} of nothing"
        rules.append(f"  - {{id: never, when: {{title_matches: {never}}}, serves: [KR-PAY]}}")
        goals = GOALS.replace("#SIDE", SIDE if self._has_side else "")
        self._write("okrs.yaml", goals.replace("#KILLED", KILLED if self._killed else ""))
        self._write("mapping.yaml", "rules:\n" + "\n".join(rules) + "\n")
        self._write("okrsync.yaml", SETTINGS)
        self.broken.clear()

    def mend_settings(self) -> None:
        """Let okrsync start: with settings that cannot be used it rightly would not."""
        self._write("okrsync.yaml", SETTINGS)
        self.broken.discard("okrsync.yaml")

    def serves(self, title: str) -> frozenset[str]:
        """Return the labels of the goals that the rules find for an item of this title."""
        return frozenset(f"okr:{goal}" for goal in self._serves.get(title, ()))

    def expected(self, goals: frozenset[str], vetoed: frozenset[str]) -> frozenset[str]:
        """Return okrsync's labels on an item that serves these goals, less those it may not."""
        goals -= vetoed
        derived = {"okr:KR-PAY"} if "okr:H-WALLET" in goals else set()
        return goals | (derived - vetoed) | {self._verdict(goals)}

    def _verdict(self, goals: frozenset[str]) -> str:
        if "okr:KR-PAY" in goals or ("okr:H-WALLET" in goals and not self._killed):
            return "okr:aligned"
        if "okr:KR-PAGE" in goals:
            return "okr:weak"
        return "okr:stale" if goals else "okr:unaligned"

    def _break(self, name: str) -> None:
        self.breaks += 1
        self.broken.add(name)
        self._write(name, BROKEN[name])

    def _write(self, name: str, text: str) -> None:
        fresh = self._folder / f".{name}.new"
        fresh.write_text(text)
        fresh.replace(self._folder / name)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the simulators' own clock
