"""The handbook in docs/ is what the rules say of themselves."""

from __future__ import annotations

from pathlib import Path

from okrsync.lint.document import handbook, page
from okrsync.lint.rules import ALL

WRITTEN = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_handbook_is_made_from_the_rules():
    assert WRITTEN.read_text("utf-8") == handbook()


def test_a_page_holds_everything_a_rule_says():
    for rule in ALL:
        told = page(rule)
        said = (rule.code, rule.summary, rule.why, rule.bad, rule.good, rule.fix.strip())
        assert all(part in told for part in said)
