"""What the settings say of signals reaches those who listen for them."""

from __future__ import annotations

import pytest

from okrsync.bootstrap.policies import policy_of
from okrsync.bootstrap.whole import build

JIRA = """store: sqlite:///{folder}/okrsync.db
trackers:
  shop-jira:
    adapter: jira
    url: https://shop.example
    scopes: [PAY]
    {more}
  shop-linear: {{adapter: linear, scopes: [GRO]}}
"""
TOKENS = {f"OKRSYNC_TRACKERS__SHOP_{name}__TOKEN": "s3cret" for name in ("JIRA", "LINEAR")}


@pytest.mark.parametrize(("text", "counts"), [("", True), ("sync: {mentions: false}", False)])
def test_mentions_count_unless_the_settings_say_otherwise(settings_in, text, counts):
    assert policy_of(settings_in(text)).mentions is counts


@pytest.mark.parametrize(
    ("more", "called"), [("fields: {goal: OKR, team: Squad}", "OKR"), ("page_size: 50", None)]
)
def test_the_goal_field_is_told_by_the_name_people_gave_it(settings_in, tmp_path, more, called):
    settings = settings_in(JIRA.format(folder=tmp_path, more=more), TOKENS)
    wired = build(settings, tmp_path)
    fields = {name: setup.goal_field for name, setup in wired.setups.items()}
    wired.close()
    assert fields == {"shop-jira": called, "shop-linear": None}
