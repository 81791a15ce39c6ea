"""Goal files for the examples of rules that look at one key result or one hypothesis."""

from __future__ import annotations

_OBJECTIVE = """\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
"""
_HYPOTHESES = """\
hypotheses:
"""
_TESTED = """\
hypotheses:
  - id: H-TAP
    statement: "We believe that if we offer one tap, shoppers will pay without calling support"
    serves: [KR-PAY]
    cycle: 2026-Q4
"""
_KEY_RESULT = """\
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
"""


def with_key_results(*lines: str, tested: bool = False) -> str:
    """Return a sound objective of the checkout team with these lines as its key results.

    With *tested*, a hypothesis serves KR-PAY.
    """
    told = "".join(f"      {line}\n" for line in lines)
    return _OBJECTIVE + told + (_TESTED if tested else "")


def with_hypotheses(*lines: str) -> str:
    """Return a sound objective of the checkout team, and these lines as hypotheses."""
    return _OBJECTIVE + _KEY_RESULT + _HYPOTHESES + "".join(f"  {line}\n" for line in lines)


def _tested(*more: str) -> str:
    return with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        *(f"  {line}" for line in more),
    )


WORKED_ON = _tested()
"""A sound objective with a hypothesis, for rules that look at work."""
KILLED = _tested(
    'decisions: [{choice: kill, date: 2026-09-18, because: "They fear the tap", saved: "a month"}]'
)
"""The same, and the hypothesis was given up."""
