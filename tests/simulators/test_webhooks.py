"""The simulated trackers write webhooks as the vendors do, and the courier is as bad as theirs."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from okrsync_simulators import webhooks
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira import webhooks as jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear import webhooks as linear
from okrsync_simulators.webhooks import UNREACHABLE, Courier, Letter

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass
class Box:
    """A letter box that answers what it is told to."""

    url: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        return [body for _, body in self.got]


@contextmanager
def opened() -> Iterator[Box]:
    box = Box()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            box.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(box.status)
            self.end_headers()

        def log_message(self, *_rest: Any) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        box.url = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def box() -> Iterator[Box]:
    with opened() as box:
        yield box


def letter(text: str = "{}") -> Letter:
    return Letter(text.encode(), {"X-Delivery": text}, linear.sign)


def delivered(box: Box, count: int, **given: Any) -> list[bytes]:
    courier = Courier(box.url, "secret", Random(7), **given)
    for number in range(count):
        courier.hand_in(letter(str(number)))
    courier.deliver()
    return box.bodies


def test_what_is_handed_in_arrives_in_order_and_signed(box) -> None:
    assert delivered(box, 3) == [b"0", b"1", b"2"]
    headers, body = box.got[0]
    assert headers["linear-signature"] == linear.sign("secret", body)["Linear-Signature"]


def test_letters_get_lost_come_twice_late_and_in_disorder(box) -> None:
    assert 0 < len(delivered(box, 40, lost=0.5)) < 40
    box.got.clear()
    assert 40 < len(delivered(box, 40, twice=0.5)) < 80
    box.got.clear()
    assert 0 < len(delivered(box, 40, late=0.5)) < 40
    box.got.clear()
    mixed = delivered(box, 40, shuffled=True)
    assert mixed != sorted(mixed, key=int)
    assert sorted(map(int, mixed)) == list(range(40))


def test_what_was_late_arrives_in_the_end(box) -> None:
    courier = Courier(box.url, "secret", Random(7), late=0.5)
    for number in range(10):
        courier.hand_in(letter(str(number)))
    while courier.waiting:
        courier.deliver()
    assert sorted(map(int, box.bodies)) == list(range(10))


def test_what_nobody_takes_is_tried_again_word_for_word_and_not_for_ever(box) -> None:
    box.status = 503
    courier = Courier(box.url, "secret")
    courier.hand_in(letter())
    for _ in range(9):
        courier.deliver()
    assert courier.answers == {503: webhooks.TRIES}
    assert len({(headers["x-delivery"], body) for headers, body in box.got}) == 1


def test_what_is_refused_is_not_tried_again(box) -> None:
    box.status = 401
    courier = Courier(box.url, "secret")
    courier.hand_in(letter())
    courier.deliver()
    courier.deliver()
    assert courier.answers == {401: 1}


def test_forged_and_unsigned_letters_can_be_sent(box) -> None:
    courier = Courier(box.url, "secret")
    assert (courier.forge(letter()), courier.unsigned(letter())) == (200, 200)
    assert box.got[0][0]["linear-signature"] != linear.sign("secret", b"{}")["Linear-Signature"]
    assert "linear-signature" not in box.got[1][0]


def test_nobody_at_home_is_counted() -> None:
    with opened() as box:
        url = box.url
    assert Courier(url, "secret").forge(letter()) == UNREACHABLE


def test_jira_writes_of_everything_that_happens_to_an_issue() -> None:
    letters: list[Letter] = []
    world = JiraWorld(ManualClock(NOW))
    jira.announce(world, letters.append)
    id_ = world.create_issue(project="PAY", labels=["b"])
    world.person_edits_labels(id_, add=["a"], remove=["b"])
    world.move(id_, "WEB")
    world.delete(id_)

    said = [orjson.loads(each.body) for each in letters]
    assert [each["webhookEvent"] for each in said] == [
        "jira:issue_created",
        "jira:issue_updated",
        "jira:issue_updated",
        "jira:issue_deleted",
    ]
    assert {each["issue"]["id"] for each in said} == {id_}
    (item,) = said[1]["changelog"]["items"]
    assert (item["field"], item["fromString"], item["toString"]) == ("labels", "b", "a")
    assert len({each.headers["X-Atlassian-Webhook-Identifier"] for each in letters}) == 4


def test_linear_writes_flat_labels_and_what_they_were() -> None:
    letters: list[Letter] = []
    world = LinearWorld(ManualClock(NOW))
    linear.announce(world, letters.append)
    id_ = world.create_issue("GRO", "One", labels=["a"])
    world.person_edits_labels(id_, add=["b"])
    world.transition(id_, "Done")
    world.trash(id_)

    said = [orjson.loads(each.body) for each in letters]
    assert [each["action"] for each in said] == ["create", "update", "update", "remove"]
    assert {each["data"]["id"] for each in said} == {id_}
    assert [each["name"] for each in said[1]["data"]["labels"]] == ["a", "b"]
    assert len(said[1]["updatedFrom"]["labelIds"]) == 1
    assert "updatedFrom" not in said[2]
    assert len({each.headers["Linear-Delivery"] for each in letters}) == 4
