"""What items were judged to be, and what was mailed, stays as it was put."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from okrsync.core.work import ItemRef
from okrsync.ports.mailer import ArchivedReport, Errand, Mail, MailState
from okrsync.ports.verdicts import UNSETTLED, Verdicted
from okrsync.storage import open_store

NOW = datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)
REF = ItemRef("jira", "1")


@pytest.fixture
def store(tmp_path):
    made = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    yield made
    made.close()


def see(store, verdict, at, *goals, ref=REF, told=None):
    with store.begin() as tx:
        seen = Verdicted(ref=ref, verdict=verdict, goals=goals, because=f"because {verdict}")
        tx.see_verdicts([seen], at, told=told)


def changes(store, since=NOW - 30 * DAY):
    with store.begin() as tx:
        return [
            (each.verdict_before, each.now.verdict)
            for each in tx.verdict_changes_after(None, 10, since=since)
        ]


def test_what_is_seen_first_or_again_is_no_change(store):
    see(store, "aligned", NOW, "KR-1")
    see(store, "aligned", NOW + DAY, "KR-1")
    assert changes(store) == []


def test_another_verdict_or_another_goal_is_one(store):
    see(store, "aligned", NOW, "KR-1")
    see(store, "aligned", NOW + DAY, "KR-2")
    assert changes(store) == [("aligned", "aligned")]
    assert changes(store, since=NOW + 2 * DAY) == []


def test_there_and_back_is_none_and_a_way_over_is_one(store):
    see(store, "aligned", NOW)
    see(store, "stale", NOW + DAY)
    see(store, "aligned", NOW + 2 * DAY)
    assert changes(store) == []
    see(store, "stale", NOW + 3 * DAY)
    see(store, "unaligned", NOW + 4 * DAY)
    assert changes(store) == [("aligned", "unaligned")]


def test_what_settled_is_where_the_next_change_begins(store):
    see(store, "aligned", NOW)
    see(store, "stale", NOW + DAY)
    see(store, "unaligned", NOW + DAY + UNSETTLED)
    assert changes(store) == [("stale", "unaligned")]


def test_what_people_were_told_is_where_the_next_change_begins(store):
    see(store, "aligned", NOW)
    see(store, "stale", NOW + DAY)
    see(store, "aligned", NOW + 3 * DAY, told=NOW + 2 * DAY)
    assert changes(store) == [("stale", "aligned")]


def test_changes_come_in_pages_and_go_with_their_items(store):
    refs = [ItemRef("jira", str(n)) for n in range(1, 8)]
    for ref in refs:
        see(store, "aligned", NOW, ref=ref)
        see(store, "stale", NOW + DAY, ref=ref)
    with store.begin() as tx:
        first = tx.verdict_changes_after(None, 4, since=NOW)
        rest = tx.verdict_changes_after(first[-1].now.ref, 4, since=NOW)
        assert [each.now.ref for each in (*first, *rest)] == refs
        tx.forget_verdicts_of_the_gone()
        assert tx.verdict_changes_after(None, 4, since=NOW) == []


def mail(address="a@x.example", **given):
    errand = Errand(edition="weekly", period="2026-W47", about="company", address=address)
    plain = {"errand": errand, "made": NOW, "message_id": "<1@x>", "content": b"\r\nbytes\x00"}
    return Mail(**plain | given)


def test_a_mail_comes_back_as_it_was_put_and_once_for_an_errand(store):
    sent = mail(state=MailState.SENT, sent=NOW + DAY, tries=2, why="")
    with store.begin() as tx:
        tx.put_mails([mail(), mail("b@x.example")])
        tx.put_mails([sent])
        assert tx.mails_of("weekly", "2026-W47") == [sent, mail("b@x.example")]
        assert tx.mails_in(MailState.MEANT) == [mail("b@x.example")]


def test_the_last_mail_is_the_newest_of_an_earlier_period_that_was_sent(store):
    newer = replace(mail().errand, period="2026-W48")
    refused = mail(errand=newer, made=NOW + 7 * DAY, state=MailState.REFUSED)
    with store.begin() as tx:
        tx.put_mails([mail(), refused])
        assert tx.last_mailed("weekly", "company", "a@x.example", before="2026-W49") is None
        tx.put_mails([mail(state=MailState.SENT)])
        assert tx.last_mailed("weekly", "company", "a@x.example", before="2026-W49") == NOW
        assert tx.last_mailed("weekly", "company", "b@x.example", before="2026-W49") is None
        assert tx.last_mailed("weekly", "company", before="2026-W49") == NOW
        assert tx.last_mailed("weekly", "company", before="2026-W47") is None


def test_reports_are_kept_and_forgotten_with_their_mails(store):
    old = ArchivedReport(
        edition="weekly", period="2026-W47", about="company", made=NOW, forms={"text": "…"}
    )
    new = replace(old, period="2026-W48", made=NOW + 7 * DAY)
    with store.begin() as tx:
        tx.put_report(old)
        tx.put_report(new)
        tx.put_mails([mail()])
        assert tx.archived() == [new, old]
        assert tx.archived("2026-W47") == [old]
        tx.forget_post(NOW + DAY)
        assert tx.archived() == [new]
        assert tx.mails_in(MailState.MEANT) == []
