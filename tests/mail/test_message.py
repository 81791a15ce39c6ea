"""A message holds what the report says, and nothing anybody wrote can make it another message."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okrsync.errors import ConfigError
from okrsync.mail.message import Composer, address_of
from okrsync.ports.mailer import Errand
from okrsync.reports import Form, render
from tests.reports import examples

if TYPE_CHECKING:
    from email.message import EmailMessage

COMPOSE = Composer(address_of("okrsync <okrsync@shop.example>"))
ERRAND = Errand(edition="weekly", period="2026-W47", about="company", address="a@shop.example")
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "List-Unsubscribe", "Auto-Submitted", "MIME-Version", "Content-Type",
}  # fmt: skip
CUTTING = (
    "<script>alert('x')</script> \r\nBcc: you@evil.example\r\n\r\n \u202egnp.exe שלום & \x1b[2J "
)


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)  # type: ignore[return-value]


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_it_has_a_text_an_html_part_and_its_picture_inline():
    message = read(COMPOSE(examples.report(), ERRAND).content)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    picture = list(message.walk())[-1]
    assert f"cid:{str(picture['Content-ID']).strip('<>')}" in html_of(message)
    assert picture.get_content_disposition() == "inline"


def test_the_text_part_is_the_text_report():
    report = examples.full("Words")
    body = read(COMPOSE(report, ERRAND).content).get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == render(report, Form.TEXT).splitlines()


def test_the_subject_carries_the_answer():
    report = examples.report(findings=[examples.finding(), examples.finding("HY303", "H-1")])
    subject = str(read(COMPOSE(report, ERRAND).content)["Subject"])
    assert subject.startswith("54% of work reaches an outcome (+4): 1 decision due, 2 new warnings")
    assert subject.endswith("the company, week 47")


@pytest.mark.parametrize(
    "name", ["Pay", "Payments and refunds of the north and south", "Zählung Tür"]
)
def test_the_subject_begins_on_its_own_line_however_long_it_is(name):
    known = examples.goals()
    team = replace(known.teams[0], name=name, unit=None)
    other, problems = examples.build(teams=[team], cycles=known.cycles, objectives=known.objectives)
    assert other is not None, problems
    content = COMPOSE(examples.report(other, about="team:pay"), ERRAND).content
    (line,) = (each for each in content.split(b"\r\n") if each.startswith(b"Subject:"))
    assert len(line) > len("Subject: 54%")
    assert str(read(content)["Subject"]) == (
        f"54% of work reaches an outcome (+4) - {name}, week 47"
    )


def test_the_same_errand_has_the_same_message_id_and_a_cycle_is_one_thread():
    one, again = COMPOSE(examples.report(), ERRAND), COMPOSE(examples.full(), ERRAND)
    next_week = Errand(edition="weekly", period="2026-W48", about="company", address=ERRAND.address)
    other = COMPOSE(examples.report(), next_week)
    assert one.message_id == again.message_id != other.message_id
    threads = {str(read(mail.content)["References"]) for mail in (one, again, other)}
    assert len(threads) == 1
    assert threads.isdisjoint({one.message_id, other.message_id})


@pytest.mark.parametrize("address", [ERRAND.address, f"{'who' * 20}@{'big-company.' * 8}example"])
def test_headers_that_programs_read_are_whole_and_never_encoded(address):
    domain = address.partition("@")[2]
    compose = Composer(address_of(f"Ökrsync <okrsync@{domain}>"))
    errand = replace(ERRAND, about="team:merchant-growth", address=address)
    head = compose(examples.report(), errand).content.partition(b"\r\n\r\n")[0].decode("ascii")
    told = dict(line.split(": ", 1) for line in head.split("\r\n") if ": " in line)
    for name in ("Message-ID", "In-Reply-To", "References"):
        assert re.fullmatch(rf"<[0-9a-f]{{32}}@{re.escape(domain)}>", told[name])
    leave = told["List-Unsubscribe"].removeprefix("<mailto:").removesuffix(">")
    to, _, subject = leave.partition("?subject=")
    assert to == f"okrsync@{domain}"
    assert unquote(subject) == "Stop the okrsync report about team:merchant-growth"


def test_nothing_remote_is_asked_for_and_leaving_is_one_mail():
    message = read(COMPOSE(examples.full(), ERRAND).content)
    page = html_of(message)
    assert not re.search(r"<(?:link|script|iframe|object|form)\b|@import|url\(", page)
    assert {src[:4] for src in re.findall(r'src="([^"]*)"', page)} == {"cid:"}
    assert str(message["List-Unsubscribe"]).startswith("<mailto:okrsync@shop.example?subject=")


@pytest.mark.parametrize(
    "text",
    [
        "Words " * 900,
        CUTTING * 60,
        "שלום עולם " * 600,
        "é\u0301" * 5000,
        "漢字仮名" * 1200,
        "👩‍💻 " * 900,
    ],
)
def test_a_full_report_of_titles_of_5_kb_stays_under_80_kb(text):
    content = COMPOSE(examples.full(text), ERRAND).content
    assert len(content) < 80_000
    assert max(map(len, content.split(b"\r\n"))) < 998


@pytest.mark.parametrize("text", ["Words " * 900, "漢字仮名" * 1200, "👩‍💻 " * 900, "<&'\"=" * 900])
def test_many_key_results_under_one_objective_stay_under_80_kb_as_well(text):
    report = examples.full(text)
    lines = tuple(line for each in report.objectives for line in each.key_results)
    crowded = replace(report, objectives=(replace(report.objectives[0], key_results=lines),))
    assert len(COMPOSE(crowded, ERRAND).content) < 80_000


def test_no_title_adds_a_header_a_recipient_or_markup():
    message = read(COMPOSE(examples.full(CUTTING), ERRAND).content)
    assert set(message.keys()) == HEADERS
    assert "<script" not in html_of(message).casefold()
    assert str(message["To"]) == ERRAND.address


@given(st.text(max_size=300))
def test_whatever_a_team_is_called_the_headers_stay_ours(name):
    known = examples.goals()
    team = known.teams[0].__class__(id="pay", name=name)
    other, problems = examples.build(teams=[team], cycles=known.cycles, objectives=known.objectives)
    assert other is not None, problems
    message = read(COMPOSE(examples.report(other, about="team:pay"), ERRAND).content)
    assert set(message.keys()) == HEADERS
    assert not message.defects


@pytest.mark.parametrize(
    "told",
    ["", "nobody", "@x", "a@", "a b@x.example", "a@x.example\r\nBcc: b@x.example", "a@x, b@y",
     "jörg@shop.example", "a@b@c"],
)  # fmt: skip
def test_what_is_no_address_is_refused_by_name(told):
    with pytest.raises(ConfigError, match="is no mail address"):
        address_of(told)


def test_an_address_may_have_a_name():
    assert address_of("Tea Ms <tea@shop.example>").addr_spec == "tea@shop.example"
