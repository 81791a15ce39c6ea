"""The real daemon against simulated trackers: it works, follows, survives, and leaves in time."""

from __future__ import annotations

import json
import signal
import statistics
import time
from collections import Counter
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app.daemon_note import DaemonNote
from okrsync.daemon.lease import Lease
from okrsync.storage import open_store
from okrsync_simulators.faults import Fault, FaultKind
from tests.daemon.conftest import MAPPING, OKRS, SETTINGS, until

if TYPE_CHECKING:
    from tests.daemon.conftest import Daemon, Town

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALIGNED = {"okr:aligned", "okr:KR-PAY"}


def _aligned(town: Town, issue: str, daemon: Daemon) -> None:
    until(lambda: town.labels(issue) == ALIGNED, daemon.log.read_text)


def test_labels_appear_and_webhooks_hurry_them(town: Town) -> None:
    first = town.issue()
    daemon = town.start()
    _aligned(town, first, daemon)
    items = 'okrsync_items{scope="PAY",tracker="shop-jira"} 2.0'
    until(lambda: items in daemon.get("/metrics").text, lambda: daemon.get("/metrics").text)
    took = []
    for number in range(12):
        issue = town.issue()
        begun = time.monotonic()
        assert daemon.rings(issue, f"d-{number}").status_code == 200
        _aligned(town, issue, daemon)
        took.append(time.monotonic() - begun)
    assert statistics.median(took) < 1.0
    assert daemon.rings(issue, "d-11").text == "duplicate\n"
    assert daemon.get("/readyz").json() == {"status": "ready"}
    port = {"OKRSYNC_WEB__PORT": daemon.url.rpartition(":")[2]}
    asked = town.run("status", "--health", **port)
    assert (asked.code, json.loads(asked.out)["status"]) == (0, "ok")
    for line in (
        'okrsync_webhooks_total{outcome="rung",tracker="shop-jira"} 12.0',
        'okrsync_label_edits_total{change="added",tracker="shop-jira"} 27.0',
    ):
        until(lambda: line in daemon.get("/metrics").text, lambda: daemon.get("/metrics").text)  # noqa: B023
    assert daemon.ends() == 0
    assert town.run("status", "--health", **port).code == 5
    log = daemon.log.read_text()
    secrets = [town.environ[name] for name in town.environ if name.endswith(("TOKEN", "SECRET"))]
    assert len(secrets) == 4
    assert not [secret for secret in secrets if secret in log]
    changed = daemon.told("labels.changed")
    assert {entry["item"] for entry in changed} >= {first, issue}
    assert {entry["tracker"] for entry in changed} == {"shop-jira", "shop-linear"}
    assert all(entry["run"] for entry in changed)


def test_it_leaves_in_time_during_a_long_wait_and_lets_a_stand_by_take_over(town: Town) -> None:
    town.jira.faults.put(
        Fault(FaultKind.STATUS, status=429, headers={"Retry-After": "1800"}, times=50)
    )
    daemon = town.start()
    assert daemon.hears("tracker.wait")["seconds"] == 1800.0
    second = town.start()
    second.hears("timetable.standing_by")
    assert second.get("/readyz").status_code == 503
    assert second.get("/healthz").json()["state"] == "stand-by"
    assert second.rings("10001").status_code == 503
    begun = time.monotonic()
    assert daemon.ends() == 0
    assert time.monotonic() - begun < 10
    second.hears("timetable.held")
    second.process.kill()  # whatever kills it
    third = town.start()
    third.hears("timetable.held")
    assert third.ends(signal.SIGINT) == 0


def test_changed_files_are_taken_over_and_broken_ones_refused(town: Town) -> None:
    issue = town.issue("Receipt by mail")
    daemon = town.start()
    until(lambda: town.labels(issue) == {"okr:unaligned"}, daemon.log.read_text)
    town.write(
        "mapping.yaml", MAPPING + "  - {id: r, when: {title_matches: re}, serves: [KR-NO]}\n"
    )
    assert "KR-NO" in daemon.hears("files.refused")["why"]
    refused = daemon.get("/healthz").json()["refused"]
    assert list(refused) == ["goals and mapping"]
    until(lambda: "goals and mapping: cannot be used" in town.run("status").err, str)
    town.write(
        "mapping.yaml", MAPPING + "  - {id: r, when: {title_matches: re}, serves: [KR-SIDE]}\n"
    )
    daemon.hears("files.accepted")
    until(lambda: town.labels(issue) == {"okr:aligned", "okr:KR-SIDE"}, daemon.log.read_text)
    town.write("okrsync.yaml", SETTINGS.replace("okrsync.db", "other.db"))
    assert "store cannot change" in daemon.hears("files.refused", 2)["why"]
    town.write("okrsync.yaml", SETTINGS)
    daemon.hears("files.accepted", 2)
    daemon.process.send_signal(signal.SIGHUP)
    daemon.hears("signal.heard")
    assert len(daemon.told("files.refused")) == 2
    assert daemon.ends() == 0


def test_what_waits_for_a_person_is_told_with_the_reason_and_the_command(town: Town) -> None:
    issue = town.issue()
    daemon = town.start(OKRSYNC_SYNC__MAX_CHANGES="1")
    said = daemon.hears("changes.wait")
    assert (said["items"], said["labels"], said["scope"]) == (2, 3, "PAY")
    assert "sync.max_changes" in said["why"]
    assert daemon.ends() == 0
    assert town.run(*said["command"].split()[1:]).code == 0
    assert town.labels(issue) == ALIGNED


def test_settings_that_are_gone_are_missed_and_not_done_without(town: Town) -> None:
    daemon = town.start(named=False)
    daemon.hears("pass.ended", 2)
    (town.folder / "okrsync.yaml").unlink()
    assert "there is no settings file" in daemon.hears("files.refused")["why"]
    assert list(daemon.get("/healthz").json()["refused"]) == ["settings"]
    town.write("okrsync.yaml", SETTINGS)
    daemon.hears("files.accepted")
    issue = town.issue()
    assert daemon.rings(issue).text == "rung\n"
    _aligned(town, issue, daemon)
    assert [line["what"] for line in daemon.told("files.taken")] == ["goals and mapping"]
    assert daemon.ends() == 0


def test_it_starts_with_broken_goals_and_goes_on_with_the_last_good_ones(town: Town) -> None:
    daemon = town.start()
    daemon.hears("pass.ended", 2)
    assert daemon.ends() == 0
    town.write("okrs.yaml", "objectives: [")
    issue = town.issue()
    daemon = town.start()
    daemon.hears("goals.kept")
    _aligned(town, issue, daemon)
    assert daemon.ends() == 0


def test_without_any_goals_it_waits_for_them(town: Town) -> None:
    town.write("okrs.yaml", "objectives: [")
    issue = town.issue()
    daemon = town.start()
    assert daemon.hears("files.refused")["in_force"] == "none"
    assert daemon.get("/readyz").json() == {"status": "no goals"}
    town.write("okrs.yaml", OKRS)
    _aligned(town, issue, daemon)
    assert daemon.ends() == 0


def test_a_tracker_that_is_down_does_not_stop_the_other_and_recovers(town: Town) -> None:
    town.jira.faults.draw_from(lambda _operation: Fault(FaultKind.STATUS, status=401))
    issue = town.issue()
    other = town.linear.create_issue("GRO", "One-tap wallet")
    daemon = town.start()
    until(lambda: town.linear.labels(other) == ALIGNED, daemon.log.read_text)
    assert daemon.hears("pass.failed")["tracker"] == "shop-jira"
    assert "shop-jira PAY" in daemon.get("/healthz").json()["failing"]
    assert daemon.get("/healthz").status_code == 200
    town.jira.faults.draw_from(None)
    _aligned(town, issue, daemon)
    assert daemon.ends() == 0


def test_once_makes_one_pass_and_ends(town: Town) -> None:
    issue = town.issue()
    daemon = town.start("--once")
    assert daemon.process.wait(30) == 0, daemon.log.read_text()
    assert town.labels(issue) == ALIGNED


def test_a_scope_that_nothing_happens_in_is_told_to_be_read_all_the_same(town: Town) -> None:
    for _ in range(3):
        assert town.start("--once").process.wait(30) == 0
    scopes = json.loads(town.run("status", "-f", "json").out)["scopes"]
    assert [one["pulled"] is not None for one in scopes] == [True] * len(scopes)


@pytest.mark.parametrize("text", ["trackers: [", "store: nowhere"])
def test_settings_that_cannot_be_used_end_it_at_once(town: Town, text: str) -> None:
    town.write("okrsync.yaml", text)
    daemon = town.start()
    assert daemon.process.wait(30) == 6
    assert "Traceback" not in daemon.log.read_text()


def test_the_write_in_flight_is_finished_and_recorded(town: Town) -> None:
    town.jira.bulk.allowed = False
    issues = [town.issue(f"Plan {number}") for number in range(60)]
    town.jira.faults.draw_from(_slow_writes)
    daemon = town.start()
    until(lambda: any(town.labels(issue) for issue in issues), daemon.log.read_text)
    _ends_in_time(daemon)
    changed = {issue for issue in issues if town.labels(issue)}
    assert 0 < len(changed) < len(issues), "the moment was missed"
    journal, left = town.journal()
    assert left == []
    assert {entry.ref.id for entry in journal if entry.ref.tracker == "shop-jira"} >= changed
    town.jira.faults.draw_from(None)
    _assert_converges(town, issues)


def test_a_task_of_the_tracker_is_not_waited_for_and_found_out_later(town: Town) -> None:
    town.jira.bulk.seconds = 4.0
    issues = [town.issue(f"Plan {number}") for number in range(60)]
    daemon = town.start()
    until(lambda: town.jira.requests["bulk.task"] > 0, daemon.log.read_text)
    _ends_in_time(daemon)
    assert daemon.told("tracker.wait") == []
    _, left = town.journal()
    assert {ref.id for ref in left} >= set(issues)
    time.sleep(town.jira.bulk.seconds)
    _assert_converges(town, issues)


def _ends_in_time(daemon: Daemon) -> None:
    begun = time.monotonic()
    assert daemon.ends() == 0
    assert time.monotonic() - begun < 10


def _assert_converges(town: Town, issues: list[str]) -> None:
    """Start it again; every label comes, and each is journalled once."""
    daemon = town.start()
    until(lambda: all(town.labels(issue) for issue in issues), daemon.log.read_text)
    _ends_in_time(daemon)
    journal, left = town.journal()
    assert left == []
    written = Counter(entry.ref.id for entry in journal for _ in entry.added)
    assert [written[issue] for issue in issues] == [1] * len(issues)


def _slow_writes(operation: str) -> Fault | None:
    slow = operation.startswith("issue.edit")
    return Fault(FaultKind.SLOW, seconds=0.15) if slow else None


def test_an_answer_that_never_comes_keeps_nobody(town: Town) -> None:
    asked = Event()

    def never_answer(_operation: str) -> Fault:
        asked.set()
        return Fault(FaultKind.SLOW, seconds=12)

    town.jira.faults.draw_from(never_answer)
    daemon = town.start()
    assert asked.wait(15), daemon.log.read_text()
    begun = time.monotonic()
    assert daemon.ends() == 0
    assert time.monotonic() - begun < 10
    daemon.hears("work.left")
    town.jira.faults.draw_from(None)


def test_who_lost_the_timetable_to_another_leaves(town: Town) -> None:
    daemon = town.start()
    daemon.hears("pass.ended", 2)
    store = open_store(f"sqlite:///{town.folder / 'okrsync.db'}")
    Lease(store).sign(DaemonNote(started=NOW, noted=NOW), first=True)
    store.close()
    assert daemon.process.wait(15) == 5
    assert "another okrsync" in daemon.hears("timetable.lost")["why"]


def test_status_tells_of_the_daemon(town: Town) -> None:
    def told() -> dict[str, Any]:
        daemon: dict[str, Any] = town.run("status", "--format", "json").json["daemon"]
        return daemon

    assert told() == {"running": False, "dead_letters": 0}
    daemon = town.start()
    daemon.hears("pass.ended", 2)
    until(lambda: [each["failures"] for each in told().get("scopes", [])] == [0, 0], str)
    assert told()["running"] is True
    once = town.start("--once")
    assert once.process.wait(30) == 4
    assert "another okrsync keeps the timetable" in once.log.read_text()
    assert "Daemon: runs for 0 min" in town.run("status").out
    assert daemon.ends() == 0
    assert told()["running"] is False
