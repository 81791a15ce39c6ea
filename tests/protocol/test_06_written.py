"""6: what an item names in writing, in its goal field and in its prose."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from okrsync.app import people
from okrsync.core.goalcheck import build
from okrsync.core.goals import Hypothesis
from okrsync.core.mentions import Mentions
from okrsync.core.names import Names
from okrsync.core.vocabulary import Vocabulary
from okrsync.core.written import Named, Unknown, Written
from okrsync.ports.store import Cause
from okrsync.testing import work_item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.core.goals import Goals

pytestmark = pytest.mark.paragraph(6)

IDS = ("KR-1", "KR-1.2", "KR-2", "KR_3", "H-1")


def goals_called(ids: Iterable[str], **previously: tuple[str, ...]) -> Goals:
    hypotheses = [Hypothesis(id=each, previously=previously.get(each, ())) for each in ids]
    goals, problems = build(hypotheses=hypotheses)
    assert goals is not None, problems
    return goals


def found(text: str, ids: Iterable[str] = IDS) -> list[str]:
    return [goal for _, goal in Mentions(goals_called(ids)).found_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "KR-1",
        "done for KR-1.",
        "KR-1...",
        "(KR-1)",
        "**KR-1**",
        "__KR-1__",
        "_KR-1_",
        "~~KR-1~~",
        "`KR-1`",
        "okr:KR-1",
        "[KR-1](https://shop.example)",
        "[KR-1|https://shop.example]",
        "{{KR-1}}",
        "*KR-1*",
        "-KR-1-",
        "{color:red}KR-1{color}",
        "h2. KR-1\nWhy",
        "KR\\-1",
        "KR-1's target",
        "“KR-1”",
        "#KR-1!",
        "https://shop.example/KR-1?x=1",
        "KR-1を改善する",
        "目標KR-1",
        "KR-1을 위해",
        "למען ה־KR-1",
        "x\u200bKR-1",
    ],
)
def test_a_whole_word_is_a_mention_whatever_stands_around_it(text: str) -> None:
    assert found(text) == ["KR-1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KR-1.3",
        "XKR-1",
        "KR-1-b",
        "KR-12",
        "X-KR-1",
        "X._-KR-1",
        "kr-1",
        "Kr-1",
        "KR-1_2",
        "éKR-1",
        "KR-1é",
        "KR-1д",
        "KR 1",
        "KR-\n1",
        "KR–1",
        "ＫＲ-1",
    ],
)
def test_part_of_a_word_or_another_spelling_is_none(text: str) -> None:
    assert found(text) == []


def test_every_id_is_found_in_the_order_of_the_text() -> None:
    text = r"KR-2, KR-1.2 and KR\_3 (not KR-1.9); H-1/KR-1"
    assert found(text) == ["KR-2", "KR-1.2", "KR_3", "H-1", "KR-1"]


def test_an_id_that_ends_in_a_point_is_meant_where_it_stands() -> None:
    assert found("A-. A- A", ["A-", "A"]) == ["A-", "A-", "A"]


def test_a_former_id_names_the_goal_of_today() -> None:
    mentions = Mentions(goals_called(["NEW"], NEW=("Old-1",)))
    assert list(mentions.found_in("Old-1 and old-1")) == [("Old-1", "NEW")]


def test_no_goals_are_never_found() -> None:
    assert found("KR-1", []) == []


@pytest.mark.parametrize("filler", ["x", "é", "𝔸"])
def test_a_word_at_the_cut_of_a_long_text_may_be_the_half_of_one(filler: str) -> None:
    cut = (filler.encode() * 40_000)[: 32 * 1024 - 5].decode(errors="ignore") + " KR-1"
    assert found(cut) == []
    assert found(f"KR-2 {cut}") == ["KR-2"]


WORD = st.text(st.sampled_from("KR-1.2_H x(*,\\é目\n"), max_size=12)


@given(before=WORD, after=WORD)
@example(before="-", after=".")
@example(before="_\\_", after="._-.")
def test_finding_agrees_with_cutting_the_text_into_words(before: str, after: str) -> None:
    text = f"{before}KR-1{after}"
    assert found(text) == _slowly(text)


def _slowly(text: str) -> list[str]:
    """Cut into words, one letter after the other, and look each up."""
    for joint in "._-":
        text = text.replace(f"\\{joint}", joint)
    words = [""]
    for letter in text:
        if letter in "._-é" or (letter.isascii() and letter.isalnum()):
            words[-1] += letter
        else:
            words.append("")
    return [word for each in words if (word := each.strip("._-")) in IDS]


@pytest.mark.parametrize(
    "text", ["-" * 32_000, "KR-" * 10_000, "KR-1" + "." * 32_000, "\\-" * 16_000, "K" * 32_000]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    found(text)
    assert time.process_time() - began < 0.2


# The goal field


def reading(goals: Goals, **given: Any) -> Written:
    return Written(Names(goals, Vocabulary()), Mentions(goals), **given)


@pytest.mark.parametrize(
    ("values", "goals"),
    [
        (["KR-1"], ["KR-1"]),
        (["kr-1"], ["KR-1"]),
        (["okr:KR-1"], ["KR-1"]),
        (["KR-1, KR-2"], ["KR-1", "KR-2"]),
        (["KR-1 KR-2;h-1"], ["KR-1", "KR-2", "H-1"]),
        (["KR-1", "KR-2", "kr-1"], ["KR-1", "KR-2"]),
        (["KR-1: Merchants sell more."], ["KR-1"]),
        (["(KR-1)."], ["KR-1"]),
        (["KR-9"], []),
        (["None"], []),
        ([""], []),
    ],
)
def test_a_field_names_goals_case_aside(values: list[str], goals: list[str]) -> None:
    written = reading(goals_called(IDS))
    item = work_item("1", fields={"goal": tuple(values), "team": ("KR_3",)})
    assert [each.goal for each in written.in_field(item)] == goals


def test_a_field_may_use_a_former_id() -> None:
    written = reading(goals_called(["NEW"], NEW=("OLD",)), field_names={"fake": "OKR"})
    (named,) = written.in_field(work_item("1", fields={"goal": ("old",)}))
    assert named == Named("NEW", "old", "the field OKR")
    assert named.because == "the field OKR says old, which is NEW now"


def test_what_no_goal_is_called_is_told_of_field_and_labels() -> None:
    written = reading(goals_called(IDS), field_names={"fake": "OKR"})
    values = ("KR-1: on the way, KR-9", "H-1 H-77", "Not yet known", "-", "okr:KR-1")
    labels = ["okr:KR-1", "okr:KR-8", "okr:aligned", "team-a"]
    item = work_item("1", fields={"goal": values}, labels=labels, title="KR-7")
    assert list(written.unknown(item)) == [
        Unknown("KR-9", "the field OKR"),
        Unknown("H-77", "the field OKR"),
        Unknown("Not yet known", "the field OKR"),
        Unknown("KR-8", "the label okr:KR-8"),
    ]


# What they mean


def told(shop: Any, item: str) -> list[str]:
    return [signal.because for signal in shop.judged(item).judgement.signals]


def test_a_mention_says_where_it_stands(shop: Any) -> None:
    item = shop.tracker.create(title="KR-1: one tap", text="For KR-3, and for KR-1.")
    shop.pull()
    assert told(shop, item) == ["the title says KR-1", "the description says KR-3"]


def test_a_field_beats_a_mention_and_a_mention_a_rule(shop: Any) -> None:
    item = shop.tracker.create(title="search for KR-1")
    shop.sync()
    assert shop.labels(item) == {"okr:KR-1", "okr:aligned"}
    shop.tracker.change(item, fields={"goal": ("kr-2",)})
    shop.sync()
    assert shop.labels(item) == {"okr:KR-2", "okr:weak"}
    assert told(shop, item) == ["the field goal says kr-2"]


@pytest.mark.parametrize(
    "writing", [{"title": "upkeep of KR-3"}, {"title": "upkeep", "fields": {"goal": ("KR-3",)}}]
)
def test_what_is_written_beats_an_exempting_rule_unless_it_is_vetoed(
    shop: Any, writing: dict[str, Any]
) -> None:
    item = shop.tracker.create(**writing)
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.sync()
    assert shop.labels(item) == {"okr:exempt"}


@pytest.mark.parametrize("writing", [{"title": "KR-3"}, {"fields": {"goal": ("KR-3",)}}])
def test_unlink_vetoes_what_is_written(shop: Any, writing: dict[str, Any]) -> None:
    item = shop.tracker.create(**{"title": "a", **writing})
    shop.sync()
    shop.say(people.link, item, "KR-3", "")
    shop.say(people.unlink, item, "KR-3", "not this one")
    judgement = shop.judged(item).judgement
    assert (judgement.goals, judgement.own.vetoes) == ((), {"KR-3"})


def test_a_label_written_by_okrsync_is_no_mention(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}
    shop.mapping.rules = []
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


def test_mentions_count_only_where_the_settings_say_so(shop: Any) -> None:
    item = shop.tracker.create(title="KR-1", text="KR-3")
    shop.restart(mentions=False)
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


def test_descriptions_are_asked_for_if_mentions_count_or_a_rule_reads_them(shop: Any) -> None:
    shop.strategy()
    assert shop.ctx.reads_text
    shop.restart(mentions=False)
    shop.strategy()
    assert not shop.ctx.reads_text
    first = shop.mapping.rules[0]
    shop.mapping.rules[0] = replace(first, when=replace(first.when, text_matches=("x",)))
    shop.strategy()
    assert shop.ctx.reads_text


@pytest.mark.parametrize("on", [True, False])
def test_switching_mentions_is_no_change_of_work(shop: Any, on: bool) -> None:
    item = shop.tracker.create(title="search", text="KR-1" if not on else None)
    shop.restart(mentions=not on)
    for _ in range(2):  # the second finds all in order, and remembers on what that rests
        shop.sync()
    shop.tracker.put(replace(shop.tracker.items[item], text="KR-1" if on else None))
    shop.restart(mentions=on)
    made = shop.plan()
    (edit,) = shop.edits(made.planned.plan.id).values()
    assert edit.cause is Cause.GOALS


def test_a_person_who_edits_a_description_changes_work(shop: Any) -> None:
    item = shop.tracker.create(title="search", text="nothing yet")
    for _ in range(2):
        shop.sync()
    shop.tracker.change(item, text="KR-1")
    made = shop.plan()
    (edit,) = shop.edits(made.planned.plan.id).values()
    assert (edit.add, edit.cause) == (("okr:KR-1",), Cause.WORK)
