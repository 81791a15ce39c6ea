"""Settings: defaults, the file, the environment; every mistake at once, where it was made."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goals import Waiver
from okrsync.core.place import Place
from okrsync.errors import ConfigError
from okrsync.settings.load import find, load
from okrsync.settings.show import show
from okrsync_jira.settings import JiraSettings
from okrsync_linear.settings import LinearSettings

ADAPTERS = {"jira": JiraSettings, "linear": LinearSettings}

JIRA = """trackers:
  shop-jira:
    adapter: jira
    url: https://shop.example
    scopes: [PAY]
"""
TOKEN = {"OKRSYNC_TRACKERS__SHOP_JIRA__TOKEN": "s3cret"}


def test_without_anything_there_are_defaults(adapters, tmp_path):
    settings = load(None, environ={}, adapters=adapters, folder=tmp_path)
    assert settings.sync.mode == "report"
    assert settings.sync.every == timedelta(minutes=10)
    assert settings.okrs.options == {"path": tmp_path / "okrs"}
    assert settings.mapping.options == {"path": tmp_path / "mapping.yaml"}
    assert settings.store == f"sqlite:///{tmp_path}/var/okrsync.db"
    assert settings.origin("sync.mode") == "default"


def test_defaults_are_found_from_a_relative_folder_too(adapters, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load(None, environ={}, adapters=adapters, folder=Path("config"))
    assert settings.okrs.options == {"path": tmp_path / "config" / "okrs"}
    assert settings.mapping.options == {"path": tmp_path / "config" / "mapping.yaml"}


def test_an_empty_file_changes_nothing(settings_in):
    assert settings_in("# nothing yet\n").labels.prefix == "okr:"


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(settings_in):
    settings = settings_in(
        "sync: {mode: report, every: 3h}\nlabels:\n  prefix: 'goal:'\n",
        {"OKRSYNC_SYNC__EVERY": "15min"},
    )
    assert settings.sync.every == timedelta(minutes=15)
    assert settings.labels.prefix == "goal:"
    assert settings.origin("sync.every") == "environment OKRSYNC_SYNC__EVERY"
    assert settings.origin(("labels", "prefix")) == "file okrsync.yaml:3:11"
    assert settings.origin("sync.overlap") == "default"


def test_one_threshold_leaves_the_others_as_they_are(settings_in):
    thresholds = settings_in("lint: {thresholds: {KR208: 7}}").lint.thresholds
    assert (thresholds.KR208, thresholds.PF503) == (7.0, 3)


def test_relative_paths_are_relative_to_the_file(adapters, tmp_path):
    file = tmp_path / "etc" / "okrsync.yaml"
    file.parent.mkdir()
    file.write_text(
        "okrs: {path: ../goals}\nmapping: {path: /m.yaml}\nstore: sqlite:///data/x.db\n"
        + JIRA
        + "    ca_file: ca.pem\n"
    )
    settings = load(file, environ=TOKEN, adapters=adapters)
    assert settings.okrs.options == {"path": file.parent / "../goals"}
    assert settings.mapping.options == {"path": Path("/m.yaml")}
    assert settings.store == f"sqlite:///{file.parent}/data/x.db"
    assert settings.trackers["shop-jira"].options.ca_file == file.parent / "ca.pem"


def test_an_installed_source_brings_keys_of_its_own(settings_in):
    settings = settings_in("okrs: {source: sheets, sheet: 1a2b}\n")
    assert settings.okrs.source == "sheets"
    assert settings.okrs.options == {"sheet": "1a2b"}


def test_the_file_is_found_by_variable_or_in_the_folder_itself(tmp_path):
    assert find(tmp_path, {}) is None
    (tmp_path / "okrsync.yaml").touch()
    (tmp_path / "below").mkdir()
    assert find(tmp_path, {}) == tmp_path / "okrsync.yaml"
    assert find(tmp_path / "below", {}) is None
    assert find(tmp_path, {"OKRSYNC_CONFIG": "/etc/o.yaml"}) == Path("/etc/o.yaml")


def test_waivers_are_given_with_their_place(settings_in):
    settings = settings_in(
        "lint:\n  waivers:\n    - {code: OKR105, goal: O, reason: r, until: 2026-12-31}\n"
    )
    assert settings.waivers == (
        Waiver(
            code="OKR105",
            goal="O",
            reason="r",
            until=date(2026, 12, 31),
            place=Place("okrsync.yaml", 3, 7),
        ),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("timezone: Mars/Base", "1:11: 'timezone' must be a time zone such as Europe/Amsterdam"),
        ("timezone: Europe", "1:11: 'timezone' must be a time zone"),
        ("timezone: ../x", "1:11: 'timezone' must be a time zone"),
        ("stor: x", "1:1: unknown key 'stor' (did you mean 'store'?)"),
        ("sync: {evry: 3h}", "1:8: unknown key 'evry' (did you mean 'every'?)"),
        (
            "sync: {every: 3}",
            "1:15: 'every' must be a duration such as 15min, 3h, 3d or 3w, not '3'",
        ),
        ("sync: {every: 0s}", "1:15: 'every' must be longer than nothing"),
        ("sync: {sweep: 3:00}", "1:15: 'sweep' must be a time such as 03:00"),
        (
            "sync: {mode: wirte}",
            "1:14: 'mode' must be one of 'report', 'write' (did you mean 'write'?)",
        ),
        ("sync: {mentions: 1}", "1:18: 'mentions' must be true or false, not 1"),
        ("sync: {max_changes: '5'}", "1:21: 'max_changes' must be a whole number, not '5'"),
        ("sync: {max_change_percent: 101}", "1:28: 'max_change_percent' must be at most 100"),
        ("sync: 3", "1:7: 'sync' must be a mapping of keys"),
        ("sync: {mode: report, mode: write}", "1:22: the key 'mode' is given twice"),
        ("[1]", "1:1: the settings must be a mapping of keys"),
        ("store: mysql://x/y", "1:8: 'store' must begin with sqlite:/// or postgresql://"),
        ("store: postgresql://u:p@h/d", "1:8: the password of the store must not stand in this"),
        ("store: 'sqlite://'", "1:8: 'store' must name a file, such as sqlite:///var/okrsync.db"),
        ("store: 'sqlite:///'", "1:8: 'store' must name a file, such as sqlite:///var/okrsync.db"),
        ("store: 'sqlite:///?mode=ro'", "1:8: 'store' must name a file"),
        (
            "store: 'sqlite:///:memory:'",
            "1:8: 'store' must name a file, such as sqlite:///var/okrsync.db: what is kept in mem",
        ),
        ("store: 'sqlite:///file:x?mode=memory&uri=true'", "1:8: 'store' must name a file"),
        ("store: 'sqlite:///file::memory:?uri=true'", "1:8: 'store' must name a file"),
        ("labels: {prefix: 'o k'}", "1:18: 'prefix' must not hold spaces or commas"),
        ("labels: {prefix: ''}", "1:18: 'prefix' must not be empty"),
        ("labels: {links: [teams]}", "1:18: an entry of 'links' must be one of 'objectives'"),
        ("okrs: {pth: x}", "1:8: unknown key 'pth' for source: yaml (did you mean 'path'?)"),
        ("okrs: {source: database, path: x}", "1:26: unknown key 'path' for source: database"),
        ("web: {host: 0.0.0.0}", "1:6: 'web' listens beyond this machine and needs a token"),
        ("web: {port: 70000}", "1:13: 'port' must be at most 65535"),
        (
            "lint: {severity: {KR295: off}}",
            "1:19: 'severity' names 'KR295', which is no code of a rule",
        ),
        ("lint: {severity: {KR205: no}}", "1:26: 'KR205' must be one of 'error'"),
        ("lint: {teams: {t: {OKR1: off}}}", "1:20: 't' names 'OKR1', which is no code of a rule"),
        ("lint: {thresholds: {KR207: 3}}", "1:21: unknown key 'KR207' (did you mean 'KR208'?)"),
        ("lint: {thresholds: {OKR117: 40}}", "1:29: 'OKR117' must be at most 1"),
        (
            "lint: {waivers: [{code: OKR103, goal: O, reason: r}]}",
            "1:25: 'code' is OKR103, which cannot",
        ),
        ("lint: {waivers: [{code: OKR105, goal: O}]}", "1:18: 'reason' is missing here"),
        ("report: {weekly: Tuesday}", "1:18: 'weekly' must be a day and a time such as Tue 07:30"),
        ("report: {smtp: {host: a.example, security: none}}", "1:16: 'smtp' has security: none"),
        (
            "report: {recipients: [{to: x, about: me}]}",
            "1:38: 'about' must be company, unit:ID or team:ID",
        ),
        ("trackers: []", "1:11: 'trackers' must be a mapping of keys"),
        ("trackers: {Shop: {adapter: jira}}", "1:12: a tracker cannot be called 'Shop'"),
        ("trackers: {a: {url: x}}", "1:15: 'adapter' is missing here; installed: jira, linear"),
        (
            "trackers: {a: {adapter: jirra}}",
            "1:25: there is no adapter 'jirra'; installed: jira, linear (did you mean 'jira'?)",
        ),
        ("trackers: {a: 3}", "1:15: 'a' must be a mapping of keys"),
    ],
)
def test_what_settings_may_not_say(mistakes, settings_in, text, told):
    assert mistakes(settings_in, text, secrets_needed=False)[0].startswith(f"okrsync.yaml:{told}")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("deployment: server", "6:17: 'deployment' must be"),
        ("jql: labels = 'OKR:stale'", "6:10: 'jql' names labels that begin with 'okr:'"),
        ("site: http://shop.example", "6:11: 'site' must begin with https://"),
        ("site: https://u:p@shop.example", "6:11: 'site' must not hold a user or a password"),
        ("site: shop.example", "6:11: 'site' must be an address such as"),
        ("page_size: 0", "6:16: 'page_size' must be at least 1"),
        ("feilds: {}", "6:5: unknown key 'feilds' (did you mean 'fields'?)"),
        ("tokn_file: x", "6:5: unknown key 'tokn_file' (did you mean 'token_file'?)"),
    ],
)
def test_what_a_tracker_may_not_say(mistakes, settings_in, line, told):
    (message,) = mistakes(settings_in, f"{JIRA}    {line}\n", TOKEN)
    assert message.startswith(f"okrsync.yaml:{told}")


def test_the_prefix_that_queries_may_not_name_is_the_one_in_use(mistakes, settings_in):
    text = JIRA + "    jql: labels = Ziel-x\nlabels: {prefix: ziel-}\n"
    (message,) = mistakes(settings_in, text, TOKEN)
    assert message.startswith("okrsync.yaml:6:10: 'jql' names labels that begin with 'ziel-'")


def test_one_scope_belongs_to_one_tracker(mistakes, settings_in):
    again = JIRA.replace("shop-jira", "b").replace("trackers:\n", "").replace("PAY", "WEB, pay")
    text = JIRA + again.replace("shop.example", "SHOP.example/")
    (message,) = mistakes(settings_in, text, secrets_needed=False)
    assert message.startswith("okrsync.yaml:9:19: 'shop-jira' has the scope 'pay' of the same")


def test_all_mistakes_are_told_at_once(mistakes, settings_in):
    text = "timezone: x\nsync: {mode: no}\nokrs: {pth: y}\n" + JIRA + "    colour: red\nwords: 3\n"
    told = mistakes(settings_in, text, {**TOKEN, "OKRSYNC_SNYC__MODE": "write"})
    assert [line.split(" ")[0] for line in told] == [
        "environment",
        "okrsync.yaml:1:11:",
        "okrsync.yaml:2:14:",
        "okrsync.yaml:3:8:",
        "okrsync.yaml:9:5:",
        "okrsync.yaml:10:8:",
    ]


def test_every_leaf_is_shown_with_its_origin(settings_in):
    shown = {one.path: one for one in show(settings_in(JIRA, TOKEN))}
    assert shown["trackers.shop-jira.scopes"].value == ["PAY"]
    assert shown["trackers.shop-jira.scopes"].origin == "file okrsync.yaml:5:13"
    assert shown["trackers.shop-jira.timeout"].value == "30s"
    assert shown["trackers.shop-jira.token"].value == "********"
    assert shown["sync.every"].value == "10min"
    assert shown["report.from"].value is None
    assert shown["lint.severity"].value == {}


_KEYS = [
    "trackers",
    "a",
    "adapter",
    "url",
    "token",
    "token_file",
    "scopes",
    "sync",
    "store",
    "okrs",
]
_KEYS += ["source", "path", "labels", "prefix", "report", "smtp", "web", "host", "lint", "teams"]
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["jira", "linear", "x", "3w", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_KEYS), inner),
    max_leaves=15,
)


@given(data=_VALUES, value=st.text(st.characters(codec="utf-8"), max_size=8))
def test_no_shape_of_settings_leads_to_anything_but_settings_or_a_refusal(data, value):
    environ = {"OKRSYNC_TRACKERS__A__ADAPTER": "jira", "OKRSYNC_TRACKERS__A__SCOPES": value}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "okrsync.yaml"
        file.write_text(json.dumps(data))
        try:
            found = show(load(file, environ=environ, adapters=ADAPTERS, secrets_needed=False))
        except ConfigError as refusal:
            found = refusal.problems
    assert found
