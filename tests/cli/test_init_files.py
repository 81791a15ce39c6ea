"""Whatever a tracker's projects are called, the files of `init` load and mean those names."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from okrsync.app.init import Chosen, Suggestion, cycle_around, distinct
from okrsync.app.init_files import GOALS, MAPPING, SETTINGS, files
from okrsync.app.init_quoting import comment, quoted
from okrsync.documents.read import parse
from okrsync.ports.survey import PlannedInitiative, VisibleScope
from okrsync_yaml.goals import goals_of
from okrsync_yaml.mapping import rules_of

SPOKEN = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)
DAYS = st.dates(date(2000, 1, 1), date(2200, 1, 1))


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_a_quoted_value_reads_back_as_it_was(text):
    assert parse(f"a: {quoted(text)}\n".encode(), "f").data == {"a": text}


@given(st.text())
def test_a_comment_is_one_line_that_can_be_shown(text):
    assert comment(text).isprintable()
    assert len(comment(text)) <= 90


@given(st.lists(st.sampled_from(["a", "A", "a-2", "b"])))
def test_ids_differ_whatever_their_case(wanted):
    made = list(distinct(wanted))
    assert len({each.casefold() for each in made}) == len(wanted)


@given(DAYS)
def test_a_day_is_in_its_quarter_and_quarters_leave_no_gap(day):
    _, first, last = cycle_around(day)
    assert first <= day <= last
    assert cycle_around(last + timedelta(days=1))[1] == last + timedelta(days=1)


@given(SPOKEN, SPOKEN, st.sampled_from(["component", "project"]), st.booleans(), DAYS)
def test_files_mean_the_names_that_were_found(name, value, key, exempt, day):
    suggestion = Suggestion(
        id="r", scope="O", condition=(key, value), count=3, called=name, exempt=exempt
    )
    texts = files(chosen(day, VisibleScope("O", name)), [suggestion])
    goals = goals_of({GOALS: texts[GOALS].encode()})
    (rule,) = rules_of({MAPPING: texts[MAPPING].encode()}, goals, prefix="okr:")
    assert not rule.enabled
    assert [each.strip() for each in getattr(rule.when, key)] == [value.strip()]
    assert [team.name.strip() for team in goals.teams] == [name.strip()]
    assert parse(texts[SETTINGS].encode(), SETTINGS).problems == ()


@given(st.lists(st.builds(PlannedInitiative, SPOKEN, st.text(), st.tuples(SPOKEN)), max_size=4))
def test_initiatives_of_any_name_become_goals_that_load(initiatives):
    made = chosen(date(2026, 11, 2), VisibleScope("O", "O"), tuple(initiatives))
    texts = files(made, [])
    goals = goals_of({GOALS: texts[GOALS].encode()})
    rules = rules_of({MAPPING: texts[MAPPING].encode()}, goals, prefix="okr:")
    if initiatives:
        assert len(goals.objectives) == len(rules) == len(initiatives)
        assert not [goal for goal in goals.objectives if goal.id[2:].isdecimal()]
    else:
        assert [goal.id for goal in goals.objectives] == ["O-START"]


def chosen(
    day: date, scope: VisibleScope, initiatives: tuple[PlannedInitiative, ...] = ()
) -> Chosen:
    return Chosen(
        name="jira",
        adapter="jira",
        section={"url": "https://example.atlassian.net"},
        scopes=(scope,),
        today=day,
        initiatives=initiatives,
    )
