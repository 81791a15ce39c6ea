"""OKR103: a goal refers to a parent, team or cycle that does not exist, or parents run in a circle.

Its page only: goals with such a mistake are refused while they are loaded, so that no goal this
room ever sees has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(_given: LintInput) -> Iterator[Hit]:
    return iter(())


RULE = Rule(
    code="OKR103",
    name="unknown-reference",
    summary="Parents, teams and cycles must exist, and parents must not run in a circle.",
    why="""\
A misspelt id would silently make an orphan of a goal, or unaligned work of all that serves it.
Goals with such a mistake are not used at all: commands stop, and a running daemon goes on with the
last goals that were good.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkuot
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    fix="Correct the id; the message names the nearest one that exists.",
    configuration="None: it stops the load and can be neither waived nor silenced.",
    severity=Severity.ERROR,
    check=_check,
    at_load=True,
)
