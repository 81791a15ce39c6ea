"""Every way Linear says no becomes the error that tells what to do, after exact waits."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from okrsync.errors import (
    ConfigError,
    TrackerError,
    TrackerRefusedError,
    TrackerUnavailableError,
)
from okrsync_linear.allowance import seconds_to_wait
from okrsync_linear.failures import QueryTooComplexError
from okrsync_simulators.linear.budget import Budget

if TYPE_CHECKING:
    from collections.abc import Mapping

    import respx

    from tests.linear.conftest import Lab

    Scripted = tuple[Lab, respx.Route]

DATE = "Mon, 02 Mar 2026 09:00:00 GMT"
NINE = 1_772_442_000_000
WHO = {"data": {"viewer": {"id": "u1"}}}
TEAMS = {
    "data": {
        "teams": {"nodes": [{"key": "GRO"}], "pageInfo": {"hasNextPage": False, "endCursor": None}}
    }
}


def body(code: str, message: str = "No", **extensions: Any) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code, **extensions}}]}


def fine() -> list[httpx.Response]:
    return [httpx.Response(200, json=WHO), httpx.Response(200, json=TEAMS)]


def check_after(scripted: Scripted, *answers: httpx.Response | Exception) -> Lab:
    lab, route = scripted
    route.side_effect = [*answers, *fine()]
    assert lab.connect().check().id == "u1"
    return lab


def refusal_of(scripted: Scripted, answer: httpx.Response | Exception) -> TrackerError:
    lab, route = scripted
    route.side_effect = [answer] * 5
    with pytest.raises(TrackerError) as raised:
        lab.connect().check()
    return raised.value


def test_a_spent_budget_in_its_http_400_is_waited_out_exactly(scripted: Scripted) -> None:
    headers = {
        "Date": DATE,
        "X-RateLimit-Requests-Remaining": "0",
        "X-RateLimit-Requests-Reset": str(NINE + 1_800_500),
        "X-RateLimit-Complexity-Remaining": "250000",
        "X-RateLimit-Complexity-Reset": str(NINE + 3_600_000),
    }
    limited = httpx.Response(400, json=body("RATELIMITED", statusCode=429), headers=headers)
    assert check_after(scripted, limited).waits == [1800.5]


def test_a_real_429_is_treated_the_same(scripted: Scripted) -> None:
    headers = {"Date": DATE, "X-RateLimit-Requests-Reset": str(NINE + 7_000)}
    assert check_after(scripted, httpx.Response(429, headers=headers)).waits == [7.0]


def test_retry_after_is_obeyed_where_it_is_given(scripted: Scripted) -> None:
    limited = httpx.Response(429, headers={"Retry-After": "4000"})
    assert check_after(scripted, limited).waits == [4000.0]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"x-ratelimit-requests-reset": str(NINE)}, None),
        ({"date": "yesterday", "x-ratelimit-requests-reset": str(NINE)}, None),
        ({"date": DATE, "x-ratelimit-requests-reset": "soon"}, None),
        ({"date": DATE, "x-ratelimit-requests-reset": str(NINE - 5_000)}, 0.0),
        (
            {
                "date": DATE,
                "x-ratelimit-requests-reset": str(NINE + 1_000),
                "x-ratelimit-complexity-reset": str(NINE + 9_000),
            },
            9.0,
        ),
    ],
)
def test_the_wait_comes_from_the_trackers_own_clock(
    headers: Mapping[str, str], seconds: float | None
) -> None:
    assert seconds_to_wait(headers) == seconds


def test_the_simulated_budget_is_waited_out(lab: Lab) -> None:
    lab.world.budget = Budget(lab.clock, requests=1)
    tracker = lab.connect()
    with pytest.raises(TrackerUnavailableError, match="rate limit"):
        tracker.check()
    assert lab.waits == [3600.0, 3600.0]


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut"),
        httpx.Response(503, text="<html>"),
        httpx.Response(500, json=body("INTERNAL_SERVER_ERROR", type="internal error")),
        httpx.Response(400, json=body("LOCK_TIMEOUT", type="lock timeout")),
        httpx.Response(200, text="<html>maintenance</html>"),
        httpx.Response(200, text='{"data": {"viewer": '),
        httpx.Response(200, text="null"),
        httpx.Response(200, text="[]"),
        httpx.Response(200, json={"data": None}),
        httpx.Response(200, json={"data": {"viewer": None}}),
        httpx.Response(200, json={"errors": {"message": "odd"}}),
        httpx.Response(200, json={"errors": ["odd"]}),
    ],
    ids=str,
)
def test_what_may_pass_is_unavailable(
    scripted: Scripted, failure: httpx.Response | Exception
) -> None:
    assert isinstance(refusal_of(scripted, failure), TrackerUnavailableError)


def test_waits_double_from_a_second(scripted: Scripted) -> None:
    waits = check_after(scripted, httpx.ConnectError("no"), httpx.Response(502)).waits
    assert 0.5 <= waits[0] <= 1.0 <= waits[1] <= 2.0


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(401, json=body("AUTHENTICATION_ERROR")),
        httpx.Response(400, json=body("AUTHENTICATION_ERROR")),
        httpx.Response(401, json={"errors": [{"message": "who are you"}]}),
        httpx.Response(401, text="who are you"),
        httpx.Response(200, json={**WHO, **body("FORBIDDEN")}),
        httpx.Response(400, json=body("FEATURE_NOT_ACCESSIBLE")),
        httpx.Response(404, text="no such page"),
        httpx.UnsupportedProtocol("ftp"),
    ],
    ids=str,
)
def test_what_no_wait_can_mend_is_refused_with_a_hint(
    scripted: Scripted, failure: httpx.Response | Exception
) -> None:
    error = refusal_of(scripted, failure)
    assert isinstance(error, TrackerRefusedError)
    assert error.hint
    assert scripted[0].waits == []


@pytest.mark.parametrize("token", ["hunter2\n", "hun\nter2", "huntér2", " hunter2"])
def test_a_token_that_cannot_be_sent_is_refused_at_once_and_not_repeated(
    lab: Lab, token: str
) -> None:
    with pytest.raises(TrackerRefusedError, match="cannot be built") as raised:
        lab.connect(token=token).check()
    told = "".join(traceback.format_exception(raised.value))
    assert "ter2" not in told
    assert "huntér2" not in told
    assert raised.value.__context__ is None
    assert lab.waits == []


def test_the_words_for_people_are_told_beside_the_terse_ones(scripted: Scripted) -> None:
    answer = httpx.Response(
        400, json=body("INPUT_ERROR", "Argument error", userPresentableMessage="No such cursor.")
    )
    assert str(refusal_of(scripted, answer)).endswith("Argument error (No such cursor.)")


def test_a_query_too_complex_at_one_row_is_refused(scripted: Scripted) -> None:
    lab, route = scripted
    too_complex = httpx.Response(400, json=body("INPUT_ERROR", "Query too complex"))
    route.side_effect = [httpx.Response(200, json=WHO)] + [too_complex] * 20
    with pytest.raises(QueryTooComplexError):
        lab.connect().check()


def test_a_certificate_that_cannot_be_verified_points_at_the_setting(scripted: Scripted) -> None:
    words = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
    error = refusal_of(scripted, httpx.ConnectError(words))
    assert "ca_file" in (error.hint or "")


def test_an_unreadable_certificate_file_is_a_mistake_in_the_settings(
    scripted: Scripted, tmp_path: Any
) -> None:
    with pytest.raises(ConfigError, match="certificates"):
        scripted[0].connect(ca_file=str(tmp_path / "none.pem")).check()


def test_a_personal_key_goes_without_bearer(scripted: Scripted) -> None:
    check_after(scripted)
    assert scripted[1].calls[0].request.headers["Authorization"] == "lin_api_x"
