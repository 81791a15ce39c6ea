"""Each report is mailed once, in time or not at all, whatever happens between two steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from okrsync.app.mailing import (
    Recipient,
    mail_by_hand,
    mail_due,
    mail_now,
)
from okrsync.app.reporting import prepare
from okrsync.errors import ConfigError, RefusedError
from okrsync.ports.mailer import WEEKLY, MailState
from okrsync.reports.weeks import Weekly
from okrsync.storage import open_store
from okrsync.testing import Crash
from tests.mail.conftest import LEADS, PAYERS, Inbox, mailer, post_office, serving

WEEK, DAY = timedelta(days=7), timedelta(days=1)
TUESDAY = datetime(2026, 11, 3, 7, 30, tzinfo=UTC)


@pytest.fixture
def due(shop):
    """A shop at the very moment its reports are due."""
    shop.clock.at = TUESDAY
    return shop


def states(shop, period="2026-W45"):
    with shop.store.begin() as tx:
        return {mail.errand.address: mail.state.value for mail in tx.mails_of(WEEKLY, period)}


def test_what_is_due_is_sent_once_to_everybody_who_asked(due, inbox):
    office = post_office(inbox)
    made = mail_due(due.ctx, office)
    assert [mail.errand.address for mail in made.sent] == [LEADS, PAYERS]
    assert mail_due(due.ctx, office) is None
    due.clock.advance(DAY)
    assert mail_due(due.ctx, office) is None
    assert inbox.counted() == {LEADS: 1, PAYERS: 1}
    due.clock.advance(WEEK)
    mail_due(due.ctx, office)
    assert inbox.counted() == {LEADS: 2, PAYERS: 2}


def test_before_its_time_nothing_is_sent(due, inbox):
    due.clock.at = TUESDAY + 6 * DAY
    assert mail_due(due.ctx, post_office(inbox)) is None
    assert inbox.arrived == []


@pytest.mark.parametrize(("days", "sent"), [(2.9, 2), (3.1, 0)])
def test_a_report_that_was_missed_is_made_up_for_within_three_days(due, inbox, days, sent):
    due.clock.advance(timedelta(days=days))
    mail_due(due.ctx, post_office(inbox))
    assert len(inbox.arrived) == sent


def test_after_weeks_of_downtime_only_the_latest_is_sent(due, inbox):
    inbox.answers[PAYERS] = "451 later"
    mail_due(due.ctx, post_office(inbox))
    inbox.answers.clear()
    due.clock.advance(2 * WEEK + DAY)
    made = mail_due(due.ctx, post_office(inbox))
    assert made.period == "2026-W47"
    assert inbox.counted() == {LEADS: 2, PAYERS: 1}
    assert states(due) == {LEADS: "sent", PAYERS: "refused"}


def test_a_permanent_refusal_is_final_and_a_temporary_one_is_tried_again(due, inbox):
    inbox.answers |= {LEADS: "550 no such user", PAYERS: "451 greylisted"}
    made = mail_due(due.ctx, post_office(inbox))
    assert [mail.why for mail in (*made.refused, *made.waiting)] == [
        "550 no such user",
        "451 greylisted",
    ]
    inbox.answers.clear()
    due.clock.advance(timedelta(hours=1))
    mail_due(due.ctx, post_office(inbox))
    assert inbox.counted() == {PAYERS: 1}
    assert states(due) == {LEADS: "refused", PAYERS: "sent"}


def test_a_server_that_is_away_costs_one_try_a_round_and_no_mail(due, inbox):
    away = post_office(inbox, mailer=mailer(Inbox(port=1)))
    made = mail_due(due.ctx, away)
    assert made.failure is not None
    assert [mail.tries for mail in made.waiting] == [1, 0]
    mail_due(due.ctx, post_office(inbox))
    assert inbox.counted() == {LEADS: 1, PAYERS: 1}


def test_what_was_finished_is_sent_as_it_was_finished(due, inbox):
    away = post_office(inbox, mailer=mailer(Inbox(port=1)))
    finished = {mail.errand.address: mail.content for mail in mail_due(due.ctx, away).waiting}
    due.tracker.create(title="something new")
    due.sync()
    mail_due(due.ctx, post_office(inbox))
    assert dict(inbox.arrived) == finished


@pytest.mark.parametrize("transactions", range(1, 60, 2))
def test_killed_between_any_two_transactions_it_sends_each_once_in_the_end(
    due, inbox, transactions
):
    due.store.crash_in = transactions
    try:
        mail_due(due.ctx, post_office(inbox))
    except Crash:
        due.restart()
    due.store.crash_in = None
    mail_due(due.ctx, post_office(inbox))
    assert set(inbox.counted()) == {LEADS, PAYERS}
    assert inbox.counted().total() <= 3
    assert all(len(set(inbox.of(address))) == 1 for address in (LEADS, PAYERS))
    assert mail_due(due.ctx, post_office(inbox)) is None


def test_an_answer_that_was_lost_costs_one_message_twice_byte_for_byte(due, inbox):
    inbox.hang_up_after_data = 1
    mail_due(due.ctx, post_office(inbox))
    mail_due(due.ctx, post_office(inbox))
    first, second = inbox.of(LEADS)
    assert first == second
    assert inbox.counted() == {LEADS: 2, PAYERS: 1}


def test_two_okrsyncs_do_not_mail_at_once(due, inbox):
    other = open_store(due.url)
    with other.lock("", "mail"), pytest.raises(RefusedError):
        mail_due(due.ctx, post_office(inbox))
    other.close()
    assert inbox.arrived == []


def test_quiet_readers_hear_news_and_otherwise_once_in_four_weeks(due, inbox):
    due.goals.objectives = []
    due.goals.hypotheses = []
    due.goals.beliefs = []
    due.mapping.rules = []
    for item in list(due.tracker.items):
        due.tracker.delete(item)
    due.clock.at = TUESDAY - timedelta(hours=1)
    due.sync()
    office = post_office(inbox, quiet=True, recipients=[Recipient("company", LEADS)])
    heard = []
    for week in range(10):
        due.clock.at = TUESDAY + week * WEEK
        due.sync()
        before = len(inbox.arrived)
        mail_due(due.ctx, office)
        heard.append(len(inbox.arrived) - before)
    assert heard == [1, 0, 0, 0, 1, 0, 0, 0, 1, 0]
    due.tracker.create(title="loose ends")
    due.sync()
    due.clock.at = TUESDAY + 10 * WEEK
    mail_due(due.ctx, office)
    assert inbox.counted() == {LEADS: 4}


def test_sent_by_a_person_it_is_not_sent_again_by_the_timetable(due, inbox):
    due.clock.at = TUESDAY - DAY
    office = post_office(inbox)
    assert len(mail_now(due.ctx, office).sent) == 2
    assert mail_now(due.ctx, office).sent == []
    due.clock.at = TUESDAY
    assert mail_due(due.ctx, office) is None
    assert inbox.counted() == {LEADS: 1, PAYERS: 1}


def test_a_trial_goes_to_whoever_is_named_and_leaves_the_weekly_one_alone(due, inbox):
    office = post_office(inbox)
    mail_by_hand(due.ctx, office, [Recipient("team:pay", "me@shop.example")])
    due.clock.advance(timedelta(minutes=1))
    mail_by_hand(due.ctx, office, [Recipient("team:pay", "me@shop.example")])
    mail_due(due.ctx, office)
    assert inbox.counted() == {"me@shop.example": 2, LEADS: 1, PAYERS: 1}


def test_a_recipient_of_news_about_nobody_is_a_mistake_of_the_settings(due, inbox):
    office = post_office(inbox, recipients=[Recipient("team:nobody", LEADS)])
    with pytest.raises(ConfigError, match="no team is called 'nobody'; there are: pay"):
        mail_due(due.ctx, office)
    assert inbox.arrived == []


def test_reports_are_archived_as_told_and_forgotten_in_time(due, inbox):
    mail_due(due.ctx, post_office(inbox))
    with due.store.begin() as tx:
        archived = {each.about: each.forms for each in tx.archived("2026-W45")}
    assert set(archived) == {"company", "team:pay"}
    assert archived["company"].keys() == {"html", "text", "markdown", "json"}
    due.clock.advance(due.ctx.policy.retention + WEEK)
    mail_due(due.ctx, post_office(inbox))
    with due.store.begin() as tx:
        assert {each.period for each in tx.archived()} == {"2027-W50"}
        assert len(tx.mails_in(MailState.SENT)) == 2


def test_the_clocks_may_change_and_each_week_has_its_mail(due, inbox):
    zone = ZoneInfo("Europe/Amsterdam")
    due.ctx.policy = replace(due.ctx.policy, timezone=zone)
    office = post_office(inbox, weekly=Weekly.read("Sun 02:30", zone))
    now, end = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 15, tzinfo=UTC)
    moments = []
    while now < end:
        due.clock.at = now
        if (made := mail_due(due.ctx, office)) is not None and made.sent:
            moments.append(f"{now:%m-%d %H:%M}")
        now += timedelta(minutes=30)
    assert moments[1:] == ["03-07 01:30", "03-14 01:30", "03-21 01:30", "03-28 01:30",
                           "04-04 00:30", "04-11 00:30"]  # fmt: skip
    assert prepare(due.ctx).given.period == "2027-W15"
    assert inbox.counted()[LEADS] == len(moments)


def test_a_server_that_stops_in_the_middle_leaves_the_rest_for_later(due):
    inbox = Inbox()
    with serving(inbox):
        inbox.of_data = "421 closing"
        assert len(mail_due(due.ctx, post_office(inbox)).waiting) == 2
        inbox.of_data = None
        assert len(mail_due(due.ctx, post_office(inbox)).sent) == 2
