"""Goals are read whole, or refused with every mistake of every file, where it stands."""

from __future__ import annotations

import errno
import io
import os
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goals import ByHowMuch, Cycle, Level
from okrsync.core.place import Place
from okrsync.errors import ConfigError
from okrsync_yaml import MANIFEST
from okrsync_yaml.files import read_texts
from okrsync_yaml.goals import goals_of

AROUND = b"""
units: [{id: west, name: West}]
teams: [{id: till, name: Till}, {id: shelf, name: Shelf}]
cycles: [{id: 2026, from: 2026-01-01, to: 2026-12-31, check_in: 36h}]
strategy: {id: S-1, value_map: [{id: V-1, value: calm}]}
"""


def read(goals=b"", around=AROUND):
    return goals_of({"a.yaml": goals, "z.yaml": around})


def test_an_id_without_quotes_is_kept_as_written():
    goals = read(b"objectives: [{id: 007, title: 2026, team: till, cycle: 2026}]")
    assert (goals.objectives[0].id, goals.objectives[0].title) == ("007", "2026")
    assert goals.cycles == (
        Cycle(
            id="2026",
            starts=date(2026, 1, 1),
            ends=date(2026, 12, 31),
            check_in_days=2,
            place=Place("z.yaml", 4, 15),
        ),
    )


def test_goals_stand_in_the_order_of_files_and_positions():
    goals = goals_of(
        {
            "b/1.yaml": b"objectives: [{id: B, title: b, team: till, key_results: [{id: b1}]}]",
            "c.yaml": b"objectives: [{id: A, title: a, teams: [till, shelf]}]\n"
            b"hypotheses: [{id: H}]\nbeliefs: [{id: L, text: x}]\n" + AROUND,
        }
    )
    assert list(goals.order) == ["B", "b1", "A", "H", "L"]
    assert goals.goal("a") is goals.objectives[1]
    assert goals.objectives[1].teams == ("till", "shelf")
    assert goals.objectives[1].level is Level.TEAM


def test_numbers_are_numbers_and_never_truth_values(mistakes):
    text = b"""objectives:
  - id: O
    title: t
    team: till
    key_results:
      - {id: K, by_how_much: {from: true, to: "80", unit: percent}}
      - {id: L, by_how_much: {from: .inf, to: 1.5}}
"""
    assert mistakes(read, text) == [
        "a.yaml:6:37: 'from' must be a number, not true",
        "a.yaml:6:47: 'to' must be a number, not '80'",
        "a.yaml:7:37: 'from' must be a number, not '.inf'",
    ]
    sound = text.replace(b"true", b"-62").replace(b'"80"', b"80.5").replace(b".inf", b"0")
    measure = read(sound).key_results[0].by_how_much
    assert measure == ByHowMuch(baseline=-62.0, target=80.5, unit="percent")


def test_references_to_nothing_are_told_where_they_stand_with_the_nearest_id(mistakes):
    text = b"""objectives:
  - id: O-1
    title: t
    teams: [till, shlf]
    cycle: 2027
    strategy: [V-2]
    parents: [{id: o-1, because: x}, {id: H-1, because: x}]
    key_results: [{id: KR-REPEAT, parents: [{id: KR-REPAET}]}]
  - {id: O-2, title: t, level: unit, unit: wset}
hypotheses: [{id: H-1, serves: [O-1, KR-REPEET], cycle: x}]
beliefs: [{id: B-1, text: t, objectives: KR-REPEAT}]
"""
    assert mistakes(read, text) == [
        "a.yaml:4:19: OKR103: there is no team 'shlf' (did you mean 'shelf'?)",
        "a.yaml:5:12: OKR103: there is no cycle '2027' (did you mean '2026'?)",
        "a.yaml:6:16: OKR103: there is no strategy or value 'V-2' (did you mean 'V-1'?)",
        "a.yaml:7:20: OKR103: parent 'o-1' is no goal (did you mean 'O-1'?)",
        "a.yaml:7:43: OKR103: parent 'H-1' is no objective or key result",
        "a.yaml:8:50: OKR103: parent 'KR-REPAET' is no goal (did you mean 'KR-REPEAT'?)",
        "a.yaml:9:44: OKR103: there is no unit 'wset' (did you mean 'west'?)",
        "a.yaml:10:33: OKR103: there is no key result 'O-1'",
        "a.yaml:10:38: OKR103: there is no key result 'KR-REPEET' (did you mean 'KR-REPEAT'?)",
        "a.yaml:10:57: OKR103: there is no cycle 'x'",
        "a.yaml:11:42: OKR103: there is no objective 'KR-REPEAT'",
    ]


def test_who_and_for_and_customers_may_be_unknown():
    goals = read(
        b"objectives: [{id: O, title: t, team: till, key_results: [{id: K, who: nobody}]}]\n"
        b"hypotheses: [{id: H, for: nobody}]",
        AROUND.replace(b"name: Till", b"name: Till, customers: [nobody]"),
    )
    assert (goals.key_results[0].who, goals.hypotheses[0].for_whom) == ("nobody", "nobody")


def test_all_mistakes_of_all_files_are_told_at_once(mistakes):
    files = {
        "a.yaml": b"objectives: [{id: O, titel: t, title: t, team: tll}]",
        "b.yaml": b"objective: []\nteams:\n  - {id: till, name: T, works_in: [{scope: X}]}\n",
        "c.yaml": b"cycles: [{id: c, from: 2026-02-30, to: tomorrow}]\ncycles: []",
    }
    assert mistakes(goals_of, files) == [
        "a.yaml:1:22: unknown key 'titel' (did you mean 'title'?)",
        "a.yaml:1:48: OKR103: there is no team 'tll' (did you mean 'till'?)",
        "b.yaml:1:1: unknown key 'objective' (did you mean 'objectives'?)",
        "b.yaml:3:36: 'tracker' is missing here",
        "c.yaml:1:24: 'from' must be a date that exists, and 2026-02-30 does not",
        "c.yaml:1:40: 'to' must be a date such as 2026-01-31, not 'tomorrow'",
        "c.yaml:2:1: the key 'cycles' is given twice",
    ]


def test_a_reference_to_something_with_mistakes_of_its_own_is_no_mistake(mistakes):
    text = b"objectives: [{id: O, team: till}, {id: P, title: t, team: till, parents: [{id: O}]}]"
    assert mistakes(read, text) == ["a.yaml:1:14: 'title' is missing here"]


def test_nothing_is_said_of_references_while_a_file_cannot_be_parsed(mistakes):
    files = {"a.yaml": b"objectives: [{id: O, title: t, team: till}]", "b.yaml": b"teams: ["}
    (message,) = mistakes(goals_of, files)
    assert message.startswith("b.yaml:1:9: is no YAML")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"{id: P, title: t, team: till}, {id: p, title: t, team: till}", "'p' is given twice"),
        (b"{id: STALE, title: t, team: till}", "'STALE' is a verdict"),
        (b"{id: a b, title: t, team: till}", "'a b' cannot be a goal id"),
        (b"{id: -a, title: t, team: till}", "'-a' cannot be a goal id"),
        (b"{id: P, title: t}", "objective 'P' belongs to no team"),
        (b"{id: P, title: t, level: unit}", "objective 'P' belongs to no unit"),
        (b"{id: P, title: t, team: till, previously: [p]}", "cannot take over 'p', which is in"),
        (b"{id: P, title: t, team: till, previously: ['a b']}", "'a b' was never a goal id"),
        (b"{id: P, title: t, team: till, status: done}", "'status' must be one of 'live'"),
        (
            b"{id: P, title: t, team: till, waive: [{code: OKR103, reason: r}]}",
            "OKR103 cannot be waived",
        ),
        (
            b"{id: P, title: t, team: till, waive: [{code: 103, reason: r}]}",
            "'code' must be the code of a rule, such as OKR105, not '103'",
        ),
        (
            b"{id: P, title: t, team: till, waive: [{code: OKR105, reason: ''}]}",
            "'reason' must not be empty",
        ),
    ],
)
def test_what_an_objective_may_not_be(mistakes, text, told):
    (message,) = mistakes(read, b"objectives: [" + text + b"]")
    assert told in message


def test_a_former_id_belongs_to_one_goal_only(mistakes):
    text = b"""objectives:
  - {id: P, title: t, team: till, previously: Q}
  - {id: R, title: t, team: till, previously: [S, q]}
"""
    assert mistakes(read, text) == ["a.yaml:3:51: 'P' and 'R' both claim the former id 'q'"]


def test_a_former_id_in_a_reference_is_answered_with_the_present_one(mistakes):
    text = (
        b"objectives: [{id: N, title: t, team: till, previously: O}, "
        b"{id: P, title: t, team: till, parents: [{id: O}]}]"
    )
    assert mistakes(read, text) == [
        "a.yaml:1:105: OKR103: parent 'O' is no goal (its id is 'N' now)"
    ]


def test_a_circle_of_parents_is_told_whole_and_each_circle_once(mistakes):
    text = b"""objectives:
  - {id: A, title: t, team: till, key_results: [{id: A1, parents: [{id: B1}]}]}
  - {id: B, title: t, team: till, parents: [{id: C}], key_results: [{id: B1}]}
  - {id: C, title: t, team: till, parents: [{id: A}]}
  - {id: D, title: t, team: till, parents: [{id: D}]}
"""
    told = mistakes(read, text)
    assert "a.yaml:5:50: OKR103: circle of parents: D → D" in told
    (whole,) = [message for message in told if "D → D" not in message]
    circle = whole.split("circle of parents: ")[1].split(" → ")
    assert circle[0] == circle[-1]
    assert set(circle) >= {"B1", "C", "A"}


def test_two_teams_that_support_each_other_make_no_circle():
    goals = read(
        b"objectives:\n"
        b"  - {id: A, title: t, team: till, key_results: [{id: A1, parents: [{id: B1}]}, {id: A2}]}"
        b"\n"
        b"  - {id: B, title: t, team: till, key_results: [{id: B1}, {id: B2, parents: [{id: A2}]}]}"
    )
    assert len(goals.key_results) == 4


def test_two_teams_cannot_work_in_exactly_the_same_place(mistakes):
    text = b"""teams:
  - {id: a, name: A, works_in: [{tracker: t, scope: X}, {tracker: t, scope: X, component: c}]}
  - {id: b, name: B, works_in: [{tracker: t, scope: x}]}
"""
    (message,) = mistakes(goals_of, {"a.yaml": text})
    assert message.startswith("a.yaml:3:33: teams 'a' and 'b' work in exactly the same place")


def test_a_folder_is_read_with_its_folders_and_without_what_is_hidden(tmp_path):
    for name in ("b.yml", "a/z.yaml", ".hidden/x.yaml", "a/.y.yaml", "notes.txt"):
        file = tmp_path / "okrs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"units: [{{id: '{name}', name: x}}]")
    source = MANIFEST.open_goals({"path": "okrs"}, tmp_path)
    read = source.read()
    assert [unit.id for unit in read.goals.units] == ["a/z.yaml", "b.yml"]
    assert read.goals.units[0].place.file == "okrs/a/z.yaml"
    assert source.read().digest == read.digest
    (tmp_path / "okrs" / "b.yml").write_text("units: []")
    assert source.read().digest != read.digest


def test_one_file_may_be_the_source(tmp_path):
    (tmp_path / "all.yaml").write_bytes(AROUND)
    goals = MANIFEST.open_goals({"path": "all.yaml"}, tmp_path).read().goals
    assert [team.id for team in goals.teams] == ["till", "shelf"]


def test_nothing_to_read_is_a_mistake(mistakes, tmp_path):
    (tmp_path / "empty").mkdir()
    assert mistakes(MANIFEST.open_goals({"path": "empty"}, tmp_path).read) == [
        "empty: holds no *.yaml or *.yml file"
    ]
    for gone in ("gone", "go\0ne"):
        assert mistakes(MANIFEST.open_goals({"path": gone}, tmp_path).read) == [
            f"{gone}: does not exist"
        ]


def test_a_link_that_leads_nowhere_is_a_mistake(mistakes, tmp_path):
    (tmp_path / "a.yaml").write_bytes(AROUND)
    (tmp_path / "b.yaml").symlink_to("gone.yaml")
    told = "b.yaml: cannot be read: No such file or directory (a link that leads nowhere?)"
    for path in (".", "b.yaml"):
        assert mistakes(MANIFEST.open_goals({"path": path}, tmp_path).read) == [told]


def test_what_is_called_like_a_file_and_is_none_is_a_mistake(mistakes, tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    read = MANIFEST.open_goals({"path": "."}, tmp_path).read
    assert mistakes(read) == ["pipe.yaml: cannot be read: it is no ordinary file"]
    (tmp_path / "a.yaml").mkdir()
    assert mistakes(read) == ["a.yaml: cannot be read: Is a directory"]


def test_a_file_that_leads_in_circles_is_a_mistake(mistakes, tmp_path):
    (tmp_path / "a.yaml").symlink_to("a.yaml")
    (message,) = mistakes(MANIFEST.open_goals({"path": "."}, tmp_path).read)
    assert message.startswith("a.yaml: cannot be read: Too many levels")


@pytest.mark.parametrize("closed", ["okrs", "okrs/inner"])
def test_a_folder_that_is_closed_to_us_is_a_mistake(mistakes, tmp_path, monkeypatch, closed):
    (tmp_path / "okrs" / "inner").mkdir(parents=True)
    scan = os.scandir

    def scandir(path):
        if Path(path) == tmp_path / closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    # Permissions as such do not stop the superuser, who may be running this.
    monkeypatch.setattr("os.scandir", scandir)
    assert mistakes(MANIFEST.open_goals({"path": "okrs"}, tmp_path).read) == [
        f"{closed}: cannot be read: Permission denied"
    ]


class _Restless(type(Path())):
    """A file that is being written while it is read: each opening finds the next text."""

    texts: ClassVar[list[bytes]] = []

    def open(self, *_arguments, **_keywords):
        return io.BytesIO(self.texts.pop(0) if len(self.texts) > 1 else self.texts[0])


def test_files_are_read_until_two_readings_agree(tmp_path):
    (tmp_path / "a.yaml").touch()
    _Restless.texts = [b"units: [", b"units: [{id: a, name: A}]", b"units: [{id: b, name: B}]"]
    texts = read_texts(_Restless(tmp_path / "a.yaml"), folder=tmp_path)
    assert texts.files == {"a.yaml": b"units: [{id: b, name: B}]"}


def test_files_that_never_rest_are_not_read_at_all(mistakes, tmp_path):
    (tmp_path / "a.yaml").touch()
    _Restless.texts = [b"%d" % n for n in range(100)]
    path = _Restless(tmp_path / "a.yaml")
    assert mistakes(read_texts, path, folder=tmp_path) == [
        "a.yaml: changes all the time while it is being read"
    ]


_KEYS = ["id", "title", "team", "teams", "key_results", "parents", "serves", "from", "waive", "x"]
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["O", "till", "3w"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner),
    max_leaves=12,
)
_SECTIONS = ["objectives", "hypotheses", "beliefs", "teams", "cycles", "strategy", "journey"]


@given(st.dictionaries(st.sampled_from(_SECTIONS), _VALUES))
def test_no_shape_of_a_file_leads_to_anything_but_goals_or_a_refusal(data):
    text = repr(data).replace("None", "null").replace("True", "true").replace("False", "false")
    try:
        found = read(text.encode()).teams
    except ConfigError as refusal:
        found = refusal.problems
    assert found
