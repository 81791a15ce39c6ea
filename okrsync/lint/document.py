"""The pages of the rules, made from the same values that run. `python -m okrsync.lint.document`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okrsync.lint.rule import EXAMPLE_DAY
from okrsync.lint.rules import ALL
from okrsync.lint.rules.common import EXAMPLE_COMPANY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import Rule

_GROUPS = {
    "OKR": "Shape of the goals",
    "KR": "Words of a key result",
    "HY": "Hypotheses and beliefs",
    "WI": "Work items",
    "PF": "The portfolio",
}

_HEAD = """\
# Rules

What `okrsync check` looks at; rules about work are tried by `okrsync check --work` on what was last
pulled, and whenever a plan is made. Each rule has a code that never changes; `okrsync rule CODE`
shows its page in the terminal. This file is made from the rules themselves, by
`python -m okrsync.lint.document > docs/rules.md`; do not edit it.

A finding can be silenced with a reason, on the goal:

```yaml
waive: [{code: KR205, reason: "The baseline is being measured", until: 2026-12-31}]
```

or as a comment beside it, `# okrsync: waive KR205 because the baseline is being measured until
2026-12-31` (the last day may be left out), or in the settings under `lint.waivers`. Severities are
set under `lint.severity`, and for single teams under `lint.teams`. Rules that read language say how
sure they are and stay silent below 60%.

A finding about an item is waived in the settings, with the item's key for `goal:`, or on the goal
that the rule's page names. Findings are remembered with the day they were first seen; one that is
gone for less than 30 days and comes back keeps it.
"""


def handbook() -> str:
    """Return all pages in one Markdown file, with a table in front."""
    return "\n".join([_HEAD, *_table(), *_company(), *(page(rule) for rule in ALL)])


def page(rule: Rule) -> str:
    """Return one rule's page as Markdown."""
    return f"""\
## {rule.code} {rule.name}

{rule.summary} *({rule.severity})*

{rule.why}
Bad{_on_its_day(rule)}:

```yaml
{rule.bad}```
{_beside(rule.bad_work)}
Good:

```yaml
{rule.good}```
{_beside(rule.good_work)}
**How to fix.** {rule.fix.strip()}

**Configuration.** {rule.configuration.strip()}
"""


def _on_its_day(rule: Rule) -> str:
    return f", on {rule.day}" if rule.day != EXAMPLE_DAY else ""


def _beside(work: str) -> str:
    return f"\nwith this work:\n\n```yaml\n{work}```\n" if work else ""


def _table() -> Iterator[str]:
    for prefix, title in _GROUPS.items():
        yield f"**{title}**\n\n| code | rule | severity |\n| --- | --- | --- |"
        for rule in ALL:
            if rule.code[:-3] == prefix:
                anchor = f"{rule.code}-{rule.name}".lower()
                yield f"| [{rule.code}](#{anchor}) | {rule.summary} | {rule.severity} |"
        yield ""


def _company() -> Iterator[str]:
    yield f"The examples stand beside these goals:\n\n```yaml\n{EXAMPLE_COMPANY}```\n"


if __name__ == "__main__":
    sys.stdout.write(handbook())
