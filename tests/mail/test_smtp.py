"""What a mail server says, and what is made of it."""

from __future__ import annotations

import pytest

from okrsync.app.doctor_mail import examine_mail
from okrsync.app.doctor_values import Grade
from okrsync.errors import MailError
from okrsync.ports.mailer import Answer
from tests.mail.conftest import (
    LEADS,
    PASSWORD,
    PAYERS,
    USER,
    Inbox,
    mailer,
    presenting,
    serving,
    trusting,
)

FROM, MESSAGE = "okrsync@shop.example", b"Subject: hello\r\n\r\n.a line with a dot\r\n"


def test_a_message_arrives_as_it_was_and_one_connection_serves_several(inbox):
    sending = mailer(inbox)
    assert sending.send(FROM, LEADS, MESSAGE).answer is Answer.TAKEN
    assert sending.send(FROM, PAYERS, MESSAGE).answer is Answer.TAKEN
    sending.close()
    assert inbox.arrived == [(LEADS, MESSAGE), (PAYERS, MESSAGE)]


@pytest.mark.parametrize(
    ("said", "answer"),
    [("550 no such user", Answer.REFUSED), ("451 greylisted", Answer.LATER)],
)
def test_refusing_one_recipient_concerns_nobody_else(inbox, said, answer):
    inbox.answers[PAYERS] = said
    sending = mailer(inbox)
    reply = sending.send(FROM, PAYERS, MESSAGE)
    assert (reply.answer, reply.why) == (answer, said)
    assert sending.send(FROM, LEADS, MESSAGE).answer is Answer.TAKEN
    sending.close()
    assert inbox.counted() == {LEADS: 1}


@pytest.mark.parametrize(
    ("said", "answer"), [("554 looks like spam", Answer.REFUSED), ("452 full", Answer.LATER)]
)
def test_a_message_is_refused_as_an_address_is(inbox, said, answer):
    inbox.of_data = said
    sending = mailer(inbox)
    assert sending.send(FROM, LEADS, MESSAGE).answer is answer
    sending.close()


def test_objecting_to_us_is_nobodys_refusal_and_names_the_setting(inbox):
    inbox.of_sender = "550 relaying denied"
    with pytest.raises(MailError, match="relaying denied") as caught:
        mailer(inbox).send(FROM, LEADS, MESSAGE)
    assert caught.value.hint == "mend report.from"


def test_a_connection_that_breaks_leaves_open_what_became_of_the_message(inbox):
    inbox.hang_up_after_data = 1
    sending = mailer(inbox)
    with pytest.raises(MailError):
        sending.send(FROM, LEADS, MESSAGE)
    assert sending.send(FROM, LEADS, MESSAGE).answer is Answer.TAKEN
    sending.close()
    assert inbox.of(LEADS) == [MESSAGE, MESSAGE]


def test_a_server_that_is_not_there_is_said_in_one_line():
    told = Inbox(port=1)
    with pytest.raises(MailError, match=r"127\.0\.0\.1:1 cannot be used: .*refused"):
        mailer(told).send(FROM, LEADS, MESSAGE)


def test_starttls_comes_before_the_login_and_never_without(certificate):
    needs = {"auth_required": True, "auth_require_tls": True, "require_starttls": True}
    inbox = Inbox()
    options = needs | {"authenticator": inbox.authenticate, "tls_context": presenting(certificate)}
    who = {"security": "starttls", "username": USER, "password": PASSWORD}
    with serving(inbox, **options):
        sending = mailer(inbox, trust=trusting(certificate), **who)
        assert sending.send(FROM, LEADS, MESSAGE).answer is Answer.TAKEN
        sending.close()
        with pytest.raises(MailError, match="cannot be used"):  # nobody vouches for it
            mailer(inbox, **who).send(FROM, LEADS, MESSAGE)
    assert inbox.logins == [USER]
    with serving(Inbox()) as plain, pytest.raises(MailError, match="STARTTLS"):
        mailer(plain, trust=trusting(certificate), **who).send(FROM, LEADS, MESSAGE)
    assert plain.logins == []


def test_tls_from_the_first_byte(certificate):
    with serving(Inbox(), ssl_context=presenting(certificate)) as inbox:
        sending = mailer(inbox, security="tls", trust=trusting(certificate))
        assert sending.send(FROM, LEADS, MESSAGE).answer is Answer.TAKEN
        sending.close()
    assert inbox.counted() == {LEADS: 1}


@pytest.mark.parametrize(("password", "grade"), [(PASSWORD, Grade.OK), ("wrong", Grade.ERROR)])
def test_doctor_says_whether_the_login_is_taken_and_sends_nothing(password, grade):
    inbox = Inbox()
    options = {"authenticator": inbox.authenticate, "auth_require_tls": False}
    with serving(inbox, **options):
        seen = examine_mail(mailer(inbox, username=USER, password=password))
    assert seen.grade is grade
    assert inbox.logins
    assert inbox.arrived == []
    assert password not in f"{seen.message} {seen.remedy}"


def test_doctor_says_how_to_mend_a_server_that_does_not_answer():
    seen = examine_mail(mailer(Inbox(port=1)))
    assert seen.grade is Grade.ERROR
    assert "report.smtp" in seen.remedy
