"""What a mail calls new is what came since the one before it: nothing is left out or told twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from okrsync.app.mailing import Recipient, mail_by_hand, mail_due, mail_now
from okrsync.app.reporting import prepare
from okrsync.core.goals import CheckIn
from tests.mail.conftest import LEADS, PAYERS, post_office
from tests.protocol.conftest import serves

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
TUESDAY = datetime(2026, 11, 3, 7, 30, tzinfo=UTC)


@pytest.fixture
def due(shop):
    shop.clock.at = TUESDAY
    return shop


def archived(shop, period, about="company"):
    with shop.store.begin() as tx:
        (found,) = (each for each in tx.archived(period) if each.about == about)
    return json.loads(found.forms["json"])


def test_what_came_later_on_the_day_of_a_report_is_told_by_the_next_one(due, inbox):
    office = post_office(inbox)
    mail_due(due.ctx, office)
    due.clock.advance(HOUR)
    noted = CheckIn(date=TUESDAY.date(), value=3, confidence=0.8)
    due.goals.key_result("KR-1", check_ins=(noted,), statement="KR-1 is said in other words")
    due.tracker.create(title="wallet of another kind")
    due.sync()
    due.clock.at = TUESDAY + WEEK
    due.sync()
    mail_due(due.ctx, office)
    second = archived(due, "2026-W46")
    assert (second["since"], second["follows"]) == ("2026-11-03", True)
    told = [each["what"].split(":")[0] for each in second["changes"]["goals"]]
    assert told == ["reworded", "check-in of 3 Nov"]
    assert second["alignment"]["items_before"] == archived(due, "2026-W45")["alignment"]["items"]
    due.clock.advance(WEEK)
    mail_due(due.ctx, office)
    assert archived(due, "2026-W47")["changes"]["goals"] == []


def test_a_ticket_that_went_there_is_told_and_its_way_back_as_well(due, inbox):
    office = post_office(inbox)
    mail_due(due.ctx, office)
    rules = due.mapping.rules
    due.clock.advance(5 * DAY)
    due.mapping.rules = [*rules, serves("loose", "KR-1")]
    due.sync()
    due.clock.at = TUESDAY + WEEK
    mail_due(due.ctx, office)
    due.clock.advance(DAY)
    due.mapping.rules = rules
    due.sync()
    due.clock.at = TUESDAY + 2 * WEEK
    mail_due(due.ctx, office)
    told = [
        [(flow["before"], flow["after"]) for flow in archived(due, week)["changes"]["flows"]]
        for week in ("2026-W46", "2026-W47")
    ]
    assert told == [[("unaligned", "aligned")], [("aligned", "unaligned")]]


def test_the_share_is_compared_with_what_the_last_report_said(due, inbox):
    office = post_office(inbox)
    mail_due(due.ctx, office)
    said = archived(due, "2026-W45")["alignment"]["items"]["percent"]
    for _ in range(5):
        due.tracker.create(title="loose ends")
    due.sync()
    due.clock.advance(WEEK)
    mail_due(due.ctx, office)
    now = archived(due, "2026-W46")["alignment"]
    assert now["change"] == now["items"]["percent"] - said
    assert now["change"] < 0


def test_each_reader_is_told_what_is_new_since_their_own_last_mail(due, inbox):
    office = post_office(inbox, recipients=[Recipient("company", LEADS)])
    mail_due(due.ctx, office)
    due.clock.advance(2 * WEEK)
    both = [Recipient("company", LEADS), Recipient("company", PAYERS)]
    mail_due(due.ctx, replace(office, recipients=both))
    told = {str(each["To"]): each.get_body(("plain",)).get_content() for each in inbox.messages}
    assert "NEW SINCE 3 NOV" in told[LEADS]
    assert "NEW SINCE 10 NOV" in told[PAYERS]


def test_a_mail_that_was_refused_told_nobody_anything(due, inbox):
    inbox.answers[LEADS] = "550 no such user"
    office = post_office(inbox, recipients=[Recipient("company", LEADS)])
    mail_due(due.ctx, office)
    inbox.answers.clear()
    due.clock.advance(2 * WEEK)
    mail_due(due.ctx, office)
    assert archived(due, "2026-W47")["follows"] is False


def test_a_preview_and_a_trial_show_what_the_readers_of_this_week_get(due, inbox):
    office = post_office(inbox, recipients=[Recipient("company", LEADS)])
    mail_due(due.ctx, office)
    due.clock.advance(WEEK)
    mail_now(due.ctx, office)
    due.clock.advance(HOUR)
    report = prepare(due.ctx).report("company")
    assert (report.follows, report.since) == (True, TUESDAY.date())
    mail_by_hand(due.ctx, office, [Recipient("company", "me@shop.example")])
    trial = inbox.messages[-1].get_body(("plain",)).get_content()
    assert "since the last report, of 3 Nov" in trial


def test_what_nobody_has_read_for_days_is_said(due):
    due.clock.advance(3 * DAY)
    (told,) = prepare(due.ctx).report("company").freshness.troubles
    assert told.startswith("last read ")
    assert "days ago" in told
