"""Every form of a report says the same, and nothing that people wrote is obeyed by any of them."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.core.goals import CheckIn
from okrsync.reports import Form, phrases, render
from okrsync.reports.picture import trend_png
from okrsync.reports.shortening import STEPS, shortened
from okrsync.reports.texts import advice, clean, right_to_left, web_address
from okrsync.reports.value import Point
from tests.reports import examples

OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]")


GREEN = "#1f8a70"


def words(page: str) -> str:
    body = page[page.index("<body") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def sentences(report) -> list[str]:
    """Everything that a reader must find in whatever form."""
    told = [phrases.answer(report), phrases.answer_told(report), phrases.change_told(report)]
    told += [phrases.warnings_told(report), phrases.freshness_told(report.freshness)]
    for objective in report.objectives:
        for line in objective.key_results:
            told += [line.id, phrases.measure_told(line), phrases.standing_told(line)]
    told += [change.goal for change in report.changes.goals]
    told += [phrases.flow_told(flow) for flow in report.changes.flows]
    told += [item.key for item in report.changes.items]
    told += [lesson.saved for lesson in report.lessons]
    return told


@pytest.mark.parametrize("form", [Form.TEXT, Form.HTML, Form.MARKDOWN])
def test_every_form_says_all_of_it(form):
    report = examples.full("Words", count=9)
    shown = render(report, form)
    shown = words(shown) if form is Form.HTML else shown.replace("\\", "")
    squeezed = re.sub(r"\s+", "", shown)
    for sentence in sentences(report):
        assert re.sub(r"\s+", "", sentence) in squeezed
    for code in ("HY303", "PF505", "PF504", "WI401"):
        assert code in shown


def test_json_holds_the_numbers_that_the_other_forms_tell():
    told = json.loads(render(examples.report(findings=[examples.finding()]), Form.JSON))
    assert told["alignment"]["items"] == {"aligned": 54, "judged": 100, "exempt": 3, "percent": 54}
    assert told["alignment"]["change"] == 4
    assert told["warnings"]["new"]["total"] == 1
    assert told["warnings"]["new"]["more"] == 0


@given(st.text(max_size=400))
def test_nothing_that_people_wrote_is_obeyed(text):
    report = examples.full(text or "x", count=2)
    for form in Form:
        shown = render(report, form)
        assert not OBEYED.search(shown)
    page = render(report, Form.HTML)
    assert "<script" not in page.casefold()
    assert page.count("<td") == render(examples.full("x", count=2), Form.HTML).count("<td")


def test_markdown_of_other_people_stays_text():
    evil = "[click](http://evil.example) `code` **x** <b> # | ~~"
    shown = re.sub(r"`[^`\n]*`", "", render(examples.full(evil, count=2), Form.MARKDOWN))
    assert "](http" not in shown
    assert "**x**" not in shown
    assert "<b>" not in shown


def test_lines_of_one_thing_do_not_run_into_one_another_in_markdown():
    lines = render(examples.full("Words", count=3), Form.MARKDOWN).splitlines()
    bare = [
        (line, after)
        for line, after in pairwise(lines)
        if line and not line.endswith("  ")
        and after and not after.startswith(("- ", "#")) and not re.match(r"\d+\. ", after)
    ]  # fmt: skip
    assert [line for line, _ in bare] == [lines[0]]


def test_the_headings_of_the_page_are_an_outline():
    page = render(examples.full("Words", count=3), Form.HTML)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= level + 1 for level, after in pairwise(levels))
    assert re.search(r"<h2[^>]*>First this week</h2>", page)
    assert '<html lang="en"' in page
    assert page.count("<table") == page.count('role="presentation"')


def test_right_to_left_titles_keep_their_direction_to_themselves():
    report = examples.report(findings=[examples.finding(title="שלום", message="serves no goal")])
    assert "\u2068שלום\u2069" in render(report, Form.TEXT)
    assert "<bdi>שלום</bdi>" in render(report, Form.HTML)
    assert not right_to_left("plain")


@given(st.text(max_size=2000), st.integers(2, 120))
def test_a_text_is_cut_to_one_safe_line(text, most):
    shown = clean(text, most)
    assert len(shown) <= most
    assert shown == " ".join(shown.split())
    assert not OBEYED.search(shown)


@given(st.text("ab .", max_size=80), st.text("ok-'", min_size=1), st.integers(2, 100))
def test_no_command_is_cut_in_two(before, command, most):
    shown = advice(f"{before}`{command}` after", most)
    assert len(shown) <= most
    assert re.findall("`([^`]*)`", shown) in ([], [command])
    assert shown.count("`") % 2 == 0


def test_a_cut_falls_between_words_and_is_seen():
    assert clean("one two three four five", 16) == "one two three…"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        'https://x.example/"onclick=1',
        "https://x.example/ y",
        "https://",
        "//x.example",
        "https://x.example/" + "a" * 600,
        "http://[",
        None,
    ],
)
def test_only_plain_web_addresses_can_be_clicked(url):
    assert web_address(url) is None


def test_a_web_address_stays_as_it_is():
    url = "https://shop.example/browse/PAY-1?a=1&b=2"
    assert web_address(url) == url


def test_no_standing_is_told_by_colour_alone_and_silence_is_not_green():
    old = CheckIn(date=examples.TODAY - 2 * examples.WEEK, value=79, confidence=0.9)
    silent = examples.goals(examples.objective("O-PAY", examples.key_result(check_ins=(old,))))
    page = render(examples.report(silent), Form.HTML)
    assert "no check-in for 14 days" in page
    assert 'class="good"' not in page
    assert GREEN not in page
    assert len(set(phrases.MARKS.values())) == 4
    fine = render(examples.report(), Form.HTML)
    assert 'class="good"' in fine
    assert GREEN in fine
    assert "● likely" in words(fine).replace("\xa0", " ")


def test_the_picture_is_a_small_png_whose_numbers_stand_beside_it():
    points = [Point(examples.TODAY - n * examples.WEEK, 40 + n) for n in range(12, -1, -1)]
    picture = trend_png(points)
    assert picture is not None
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) < 8_000
    assert trend_png(points[:1]) is None
    page = render(examples.report(), Form.HTML)
    assert 'alt="Share of open work that reaches an outcome: 10 Nov 50%, 17 Nov 54%"' in page


@given(st.lists(st.tuples(st.dates(), st.integers(0, 100)), min_size=2, max_size=20))
def test_whatever_the_trend_it_can_be_drawn(drawn):
    points = [Point(day, percent) for day, percent in sorted(dict(drawn).items())]
    assert (trend_png(points) is None) is (len(points) < 2)


@pytest.mark.parametrize("step", STEPS)
def test_a_shortened_report_counts_what_it_shows_no_more(step):
    report = examples.full("Words of a usual length in a title", count=20)
    short = shortened(report, *step)
    for one, other in (
        (report.warnings.new, short.warnings.new),
        (report.decisions, short.decisions),
        (report.stop, short.stop),
    ):
        assert one.total == other.total
        assert len(other.shown) + other.more + other.elsewhere == other.total
    assert short.key_results_in_all == report.key_results_in_all
    assert short.lessons_in_all == report.lessons_in_all == 20
    assert phrases.trouble_told(short) == phrases.trouble_told(report)
    assert phrases.subject(short) == phrases.subject(report)


def test_a_check_in_is_told_with_its_age():
    old = CheckIn(date=examples.TODAY - 19 * (examples.WEEK / 7), value=64, confidence=0.9)
    known = examples.goals(examples.objective("O-PAY", examples.key_result(check_ins=(old,))))
    assert "no check-in for 19 days" in render(examples.report(known), Form.TEXT)
