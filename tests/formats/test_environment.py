"""A variable means exactly one leaf, or is a mistake with the nearest name."""

from __future__ import annotations

import pytest

from okrsync.settings.show import show

JIRA = """trackers:
  shop-jira: {adapter: jira, url: https://shop.example, scopes: [PAY]}
lint: {teams: {big-team: {KR205: off}}}
"""


@pytest.mark.parametrize(
    ("variable", "text", "path", "value"),
    [
        ("OKRSYNC_TIMEZONE", "Europe/Paris", "timezone", "Europe/Paris"),
        ("okrsync_sync__mode", "write", "sync.mode", "write"),
        ("OKRSYNC_SYNC__MENTIONS", "no", "sync.mentions", False),
        ("OKRSYNC_SYNC__MENTIONS", "TRUE", "sync.mentions", True),
        ("OKRSYNC_SYNC__MAX_CHANGES", "7", "sync.max_changes", 7),
        ("OKRSYNC_SYNC__MAX_CHANGE_PERCENT", "2.5", "sync.max_change_percent", 2.5),
        ("OKRSYNC_LABELS__PREFIX", "2026", "labels.prefix", "2026"),
        ("OKRSYNC_LABELS__LINKS", "objectives, beliefs", "labels.links", ["objectives", "beliefs"]),
        ("OKRSYNC_LABELS__LINKS", '["objectives"]', "labels.links", ["objectives"]),
        ("OKRSYNC_LINT__THRESHOLDS__KR208", "9", "lint.thresholds.KR208", 9.0),
        ("OKRSYNC_LINT__SEVERITY__KR206", "off", "lint.severity.KR206", "off"),
        ("OKRSYNC_LINT__SEVERITY", '{"KR206": "off"}', "lint.severity.KR206", "off"),
        ("OKRSYNC_LINT__TEAMS__BIG_TEAM__KR205", "error", "lint.teams.big-team.KR205", "error"),
        ("OKRSYNC_REPORT__FROM", "true", "report.from", "true"),
        ("OKRSYNC_OKRS__SOURCE", "database", "okrs.source", "database"),
        ("OKRSYNC_TRACKERS__SHOP_JIRA__SCOPES", "A,B", "trackers.shop-jira.scopes", ["A", "B"]),
        ("OKRSYNC_TRACKERS__SHOP_JIRA__PAGE_SIZE", "5", "trackers.shop-jira.page_size", 5),
        (
            "OKRSYNC_TRACKERS__SHOP_JIRA__FIELDS",
            '{"goal": "OKR"}',
            "trackers.shop-jira.fields.goal",
            "OKR",
        ),
    ],
)
def test_any_leaf_can_be_overridden(settings_in, variable, text, path, value):
    settings = settings_in(JIRA, {variable: text}, secrets_needed=False)
    shown = {one.path: one for one in show(settings)}
    assert (shown[path].value, shown[path].origin) == (value, f"environment {variable}")


def test_a_tracker_may_stand_in_the_environment_alone(settings_in):
    name = "OKRSYNC_TRACKERS__MY_LINEAR__"
    environ = {f"{name}ADAPTER": "linear", f"{name}SCOPES": "GRO", f"{name}TOKEN": "x"}
    tracker = settings_in("", environ).trackers["my-linear"]
    assert (tracker.adapter, tracker.options.scopes) == ("linear", ("GRO",))


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("OKRSYNC_TIMEZOME", "no setting has this name (did you mean 'OKRSYNC_TIMEZONE'?)"),
        ("OKRSYNC_SYNC__MOED", "no setting has this name (did you mean 'OKRSYNC_SYNC__MODE'?)"),
        ("OKRSYNC_SYNC__MODE__X", "no setting has this name (did you mean 'OKRSYNC_SYNC__MODE'?)"),
        ("OKRSYNC_SYNC", "names a section, not a setting (such as OKRSYNC_SYNC__DONE_WITHIN)"),
        ("OKRSYNC_TRACKERS__SHOP_JIRA", "names a section, not a setting"),
        (
            "OKRSYNC_TRACKERS__SHOP_JRIA__TOKEN",
            "no setting has this name (did you mean 'OKRSYNC_TRACKERS__SHOP_JIRA__TOKEN'?)",
        ),
        (
            "OKRSYNC_TRACKERS__SHOP_JIRA__TOKENS",
            "no setting has this name (did you mean 'OKRSYNC_TRACKERS__SHOP_JIRA__TOKEN'?)",
        ),
        (
            "OKRSYNC_TRACKERS__LINEAR__TOKEN",
            "no tracker of this name is configured (`trackers` in okrsync.yaml names them)",
        ),
        (
            "OKRSYNC_LINT__THRESHOLDS__KR209",
            "no setting has this name (did you mean 'OKRSYNC_LINT__THRESHOLDS__KR208'?)",
        ),
    ],
)
def test_a_misspelt_variable_is_a_mistake(mistakes, settings_in, variable, told):
    (message,) = mistakes(settings_in, JIRA, {variable: "x"}, secrets_needed=False)
    assert message.startswith(f"environment {variable}: {told}")


def test_other_peoples_variables_and_the_files_own_are_left_alone(settings_in):
    settings_in("", {"OKRSYNC_CONFIG": "x", "OKRSYNCHRON": "x", "HOME": "x", "OKR": "x"})


def test_a_wrong_value_is_told_with_the_variables_name(mistakes, settings_in):
    environ = {
        "OKRSYNC_SYNC__EVERY": "often",
        "OKRSYNC_WEB__PORT": "http",
        "OKRSYNC_LABELS__LINKS": "[objectives",
    }
    told = mistakes(settings_in, "", environ)
    assert told[0].startswith("environment OKRSYNC_LABELS__LINKS:1:12: is no YAML")
    assert told[1].startswith("environment OKRSYNC_SYNC__EVERY: 'every' must be a duration such")
    assert told[2:] == ["environment OKRSYNC_WEB__PORT: 'port' must be a whole number, not 'http'"]
