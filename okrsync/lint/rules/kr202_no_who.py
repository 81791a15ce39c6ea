"""KR202: nobody acts in a key result.

Said of outcomes only: a task, an impact or a measure of the system is told as such and not for
each thing that it lacks as well. A `who:` of its own, or people in the words, are enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.parts import who_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.rules.examples import with_key_results
from okrsync.lint.rules.outcomes import is_outcome, sureness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for _, kr in standing(given.goals):
        if is_outcome(kr, given) and who_of(kr, given) is None:
            yield Hit(
                goal=kr,
                message=f'{kr.id} does not say who: "{kr.text}"',
                action="name the people whose behaviour changes",
                confidence=sureness(kr, given),
            )


RULE = Rule(
    code="KR202",
    name="no-who",
    summary="A key result says who does something.",
    why="""\
A number without people hides whom it is about: everybody, the ones we like to serve, the ones who
stayed anyway? Who is named can be asked, watched and helped.
""",
    bad=with_key_results('- {id: KR-NPS, statement: "NPS from 31 to 45"}'),
    good=with_key_results(
        '- {id: KR-NPS, statement: "Shoppers who recommend paying with us: 31% to 45%"}'
    ),
    fix="""\
Put the people first: "Returning shoppers who …". With fields, fill in `who:` with a customer's id
or name.
""",
    configuration="Severity. `kind: unclear` on a key result keeps language rules away from it.",
    severity=Severity.WARNING,
    check=_check,
)
