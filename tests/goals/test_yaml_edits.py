"""Adding to an OKR file adds lines and touches nothing else, or is refused."""

from __future__ import annotations

import os
from datetime import date
from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goaledits import same, with_entry
from okrsync.core.goals import CheckIn, Decision, Evidence
from okrsync.errors import ConfigError, RefusedError
from okrsync_yaml import insert
from okrsync_yaml.edit import YamlEditor, entry_data
from okrsync_yaml.goals import goals_of
from okrsync_yaml.swap import swap

if TYPE_CHECKING:
    from pathlib import Path

    from okrsync.core.goaledits import Entry

DAY = date(2027, 3, 1)
CHECK_IN = CheckIn(date=DAY, value=3.0, note="n")
FLOW = "{date: 2027-03-01, value: 3, note: n}"
KR = "objectives:\n  - id: O\n    title: T\n    level: company\n    key_results:\n"


def added(text: str, entry: Entry = CHECK_IN, goal: str = "K") -> str:
    """Add to the text of a file as the editor does; what it holds must be right."""
    before = goals_of({"f.yaml": text.encode()})
    found = before.goal(goal)
    assert found is not None
    key = {CheckIn: "check_ins", Evidence: "evidence", Decision: "decisions"}[type(entry)]
    new = insert.with_entry(text.encode(), found.place, key, entry_data(entry))
    after = goals_of({"f.yaml": new})
    assert same(after, with_entry(before, found, entry))  # type: ignore[arg-type]
    return new.decode()


def changes(text: str, new: str) -> list[str]:
    lines = unified_diff(text.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        pytest.param(
            "      - id: K\n        check_ins:\n          - {date: 2027-01-01, value: 1}  # 1\n",
            [f"+          - {FLOW}"],
            id="a-list-of-lines",
        ),
        pytest.param(
            "      - id: K\n        check_ins:\n        - {date: 2027-01-01, value: 1}\n",
            [f"+        - {FLOW}"],
            id="dashes-below-their-key",
        ),
        pytest.param(
            "      - id: K\n        check_ins:\n        - date: 2027-01-01\n          note: a\n",
            ["+        - date: 2027-03-01", "+          value: 3", "+          note: n"],
            id="entries-over-several-lines",
        ),
        pytest.param(
            "      - id: K   # mine\n        who: us\n\n      # about the next\n      - id: L\n",
            ["+        check_ins:", f"+          - {FLOW}"],
            id="no-list-yet-and-a-comment-about-the-next",
        ),
        pytest.param(
            "      - id: K\n        who: |\n          us\n\n          all\n\n      - id: L\n",
            ["+        check_ins:", f"+          - {FLOW}"],
            id="after-a-text-in-a-block",
        ),
        pytest.param(
            "      - {id: K, who: us}   # in braces\n",
            ["-      - {id: K, who: us}   # in braces",
             f"+      - {{id: K, who: us, check_ins: [{FLOW}]}}   # in braces"],
            id="a-goal-in-braces",
        ),
        pytest.param(
            "      - id: K\n        check_ins: []   # none\n",
            ["-        check_ins: []   # none", f"+        check_ins: [{FLOW}]   # none"],
            id="an-empty-list",
        ),
        pytest.param(
            "      - id: K\n        check_ins: [{date: 2027-01-01, value: 1},  # one\n        ]\n",
            ["-        check_ins: [{date: 2027-01-01, value: 1},  # one",
             f"+        check_ins: [{{date: 2027-01-01, value: 1}}, {FLOW},  # one"],
            id="brackets-over-several-lines-with-a-comma-at-the-end",
        ),
    ],
)  # fmt: skip
def test_the_difference_is_the_entry(below, expected):
    text = KR + below
    assert changes(text, added(text)) == expected


def test_line_ends_of_windows_stay():
    text = (KR + "      - id: K\n        who: us\n").replace("\n", "\r\n")
    new = added(text)
    assert new.count("\n") == new.count("\r\n") == text.count("\n") + 2


def test_a_byte_order_mark_stays():
    text = "\ufeff" + KR + "      - id: K\n"
    assert added(text).startswith("\ufeffobjectives")


def test_a_last_line_without_an_end_gets_one():
    text = KR + "      - id: K\n        who: us"
    new = added(text)
    assert new.startswith(text + "\n")
    assert new.endswith(FLOW)


def test_blank_lines_that_are_part_of_a_text_stay_part_of_it():
    added(KR + "      - id: K\n        who: |+\n          us\n\n\n      - id: L\n")


def test_an_alias_at_the_end_of_a_goal_is_not_in_the_way():
    text = KR + "      - id: L\n        expects: &e [one]\n      - id: K\n        expects: *e\n"
    assert changes(text, added(text)) == ["+        check_ins:", f"+          - {FLOW}"]


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
)
layouts = st.sampled_from([
    "      - id: K\n",
    "      - {id: K}\n",
    "      - id: K\n        check_ins: []\n",
    "      - id: K\n        check_ins:\n          - date: 2027-01-01\n            note: x\n",
    "      - id: K\n        check_ins:\n        - {date: 2027-01-01, note: x}\n      - id: L\n",
])  # fmt: skip


@given(
    note=texts,
    decision=texts,
    layout=layouts,
    value=st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_words_and_numbers_come_back_as_they_were_given(note, decision, layout, value):
    added(KR + layout, CheckIn(date=DAY, value=value, note=note, decision=decision))


def editor(folder: Path, text: str) -> YamlEditor:
    (folder / "okrs.yaml").write_text(text)
    return YamlEditor(folder / "okrs.yaml", folder)


def test_a_list_that_two_goals_share_is_refused_with_what_to_write_by_hand(tmp_path):
    shared = "      - id: L\n        check_ins: &c [{date: 2027-01-01, note: x}]\n"
    text = KR + shared + "      - id: K\n        check_ins: *c\n"
    for goal in ("K", "L"):
        with pytest.raises(ConfigError, match=f"cannot be added to {goal}") as caught:
            editor(tmp_path, text).append(goal, CHECK_IN)
        assert caught.value.hint.endswith(FLOW)
    assert (tmp_path / "okrs.yaml").read_text() == text


def test_a_comment_that_waives_keeps_its_goal(tmp_path):
    text = KR + (
        "      - id: K\n        who: us\n"
        "      # okrsync: waive KR205 because it is new\n      - id: L\n"
    )
    writer = editor(tmp_path, text)
    writer.append("K", CHECK_IN)
    goals = goals_of({"f": (tmp_path / "okrs.yaml").read_bytes()})
    assert [len(kr.waive) for kr in goals.key_results] == [0, 1]


def test_the_mode_of_the_file_stays_and_a_link_stays_a_link(tmp_path):
    writer = editor(tmp_path, KR + "      - id: K\n")
    real = tmp_path / "elsewhere"
    (tmp_path / "okrs.yaml").rename(real)
    real.chmod(0o640)
    (tmp_path / "okrs.yaml").symlink_to(real)
    writer.append("K", CHECK_IN)
    assert (tmp_path / "okrs.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "value: 3" in real.read_text()
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "okrs.yaml"]  # noqa: PTH208


def test_a_file_that_changed_in_between_is_left_to_who_changed_it(tmp_path):
    file = tmp_path / "okrs.yaml"
    file.write_text("theirs")
    with pytest.raises(RefusedError, match=r"okrs\.yaml was changed at this moment"):
        swap(file, b"what we had read", b"ours", "okrs.yaml")
    assert file.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["okrs.yaml"]  # noqa: PTH208
