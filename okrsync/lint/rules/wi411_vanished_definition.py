"""WI411: the definition of a label is gone: deleted, merged, retired, or moved out of reach.

Everything that carried it lost it at once, which is no person's word about any of these items. The
label is not written again until somebody says what happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import NOWHERE
from okrsync.core.ledger import VanishingKind
from okrsync.lint.rule import Hit, Reads, Rule, Severity, Stranger
from okrsync.lint.rules.common import counted
from okrsync.lint.rules.examples import WORKED_ON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    if given.ground is None:
        return
    for vanishing in given.ground.vanished:
        if vanishing.kind is VanishingKind.DEFINITION and vanishing.label is not None:
            lost = counted(len({ref for ref, _ in vanishing.lost}), "item")
            yield Hit(
                goal=Stranger(vanishing.label, NOWHERE),
                message=f"the definition of {vanishing.label} in {vanishing.tracker} is gone, and "
                f"{lost} lost it",
                action=f"say what happened: `okrsync labels vanished {vanishing.id} people` (it "
                "was meant) or `accident`",
                other=vanishing.tracker,
            )


RULE = Rule(
    code="WI411",
    name="vanished-definition",
    summary="The labels that okrsync writes stay defined.",
    why="""\
Whoever tidies up labels rarely means to say something about hundreds of tickets. Taken for a word
about each of them it would unlink them all; written again at once it would fight whoever tidied.
""",
    bad=WORKED_ON,
    bad_work="""\
- {key: PAY-1, title: One tap, links: [KR-PAY], undefined: "okr:KR-PAY"}
""",
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: One tap, links: [KR-PAY]}\n",
    fix="`okrsync labels vanished` lists the items; answer once, and it goes on from there.",
    configuration="Severity; a waiver in the settings, with the label.",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.LEDGER,
)
