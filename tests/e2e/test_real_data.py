"""The whole job on what people really wrote: a public Jira of ten years and a small Linear.

The Jira is served as Cloud would, and its whole issues also as the Server that they come from.

The issues are served over HTTP by processes of their own; okrsync runs in another.
`TRACKER_REAL_DATA` names the folder that holds them. Without `OKR_TESTS_LONG` only a part of the
Jira issues is taken.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATA = os.environ.get("TRACKER_REAL_DATA")
LIMIT = 0 if os.environ.get("OKR_TESTS_LONG") else 4000
"""About how many of the 29,057 Jira issues; 0 takes all."""
HERE = Path(__file__).parent
VERDICTS = {"okr:aligned", "okr:weak", "okr:stale", "okr:unaligned", "okr:exempt"}
Labels = dict[str, frozenset[str]]

pytestmark = pytest.mark.skipif(
    DATA is None, reason="TRACKER_REAL_DATA does not name the folder of real issues"
)


@contextmanager
def _served(tracker: str, issues: Path) -> Iterator[dict[str, Any]]:
    with subprocess.Popen(
        [sys.executable, "-m", "okrsync_simulators", tracker, "--issues", str(issues)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


class Job:
    """okrsync in a process of its own, which stops after each phase."""

    def __init__(self, settings: Path, trackers: Mapping[str, Mapping[str, Any]]) -> None:
        self.told: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "whole_job.py"), str(settings)],
            env=os.environ | _environ(trackers),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def phase(self) -> dict[str, Any]:
        """Wait for the end of a phase; return its figures."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "okrsync died"
        told: dict[str, Any] = json.loads(line)
        assert not told["failed"], told
        self.told.append(told)
        return told

    def go_on(self) -> None:
        """Let the next phase begin."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if len(self.told) < 5:
            self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


def _environ(trackers: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"OKRSYNC_TRACKERS__{name}__{key.upper()}": ",".join(value)
        if isinstance(value, list)
        else str(value)
        for name, section in trackers.items()
        for key, value in section.items()
    }


def _jira_labels(settings: Mapping[str, Any]) -> Labels:
    found = _jira_issues(settings, "project is not EMPTY", ["labels"])
    return {issue["id"]: frozenset(issue["fields"]["labels"]) for issue in found}


def _undated(settings: Mapping[str, Any]) -> set[str]:
    """Return what ended nobody knows when, and so is left alone."""
    ended = _jira_issues(settings, "statusCategory = done", ["resolutiondate"])
    return {issue["id"] for issue in ended if not issue["fields"].get("resolutiondate")}


def _jira_issues(
    settings: Mapping[str, Any], jql: str, fields: list[str]
) -> Iterator[dict[str, Any]]:
    if settings["deployment"] == "datacenter":
        yield from _server_issues(settings, jql, fields)
        return
    body: dict[str, Any] = {"jql": jql, "fields": fields, "maxResults": 5000}
    with httpx.Client(auth=(settings["email"], settings["token"]), timeout=60) as client:
        while True:
            page = client.post(f"{settings['url']}/rest/api/3/search/jql", json=body).json()
            yield from page["issues"]
            if not page.get("nextPageToken"):
                return
            body["nextPageToken"] = page["nextPageToken"]


def _server_issues(
    settings: Mapping[str, Any], jql: str, fields: list[str]
) -> Iterator[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {settings['token']}"}
    with httpx.Client(headers=headers, timeout=60) as client:
        start = 0
        while True:
            body = {"jql": f"{jql} ORDER BY key", "fields": fields, "startAt": start}
            page = client.post(f"{settings['url']}/rest/api/2/search", json=body).json()
            yield from page["issues"]
            start += len(page["issues"])
            if start >= page["total"]:
                return


def _linear_labels(settings: Mapping[str, Any]) -> Labels:
    query = "query($after: String) { issues(first: 50, after: $after) { nodes { id labels(first: 50) { nodes { name } } } pageInfo { hasNextPage endCursor } } }"  # noqa: E501
    found: Labels = {}
    after = None
    with httpx.Client(headers={"Authorization": settings["token"]}, timeout=60) as client:
        while True:
            body = {"query": query, "variables": {"after": after}}
            page = client.post(settings["url"], json=body).json()["data"]["issues"]
            for issue in page["nodes"]:
                found[issue["id"]] = frozenset(x["name"] for x in issue["labels"]["nodes"])
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]


def _jira_file(folder: Path) -> Path:
    whole = Path(str(DATA)) / "jira-titanium-archive" / "issues-slim-all.jsonl.gz"
    if not LIMIT:
        return whole
    some = folder / "issues.jsonl.gz"
    # Every so many, so that all years, projects and types are among them.
    with gzip.open(whole, "rb") as lines, gzip.open(some, "wb", 1) as out:
        out.writelines(islice(lines, 0, None, max(1, 29_057 // LIMIT)))
    return some


def test_the_whole_job_on_real_issues(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _whole_job(tmp_path, "jira", _jira_file(tmp_path))
    with capsys.disabled():
        _print(told)


def test_the_whole_job_on_whole_issues_of_a_data_center(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Path(str(DATA)) / "jira-titanium-archive" / "issues-raw-sample.jsonl.gz"
    told = _whole_job(tmp_path, "jira-datacenter", whole)
    with capsys.disabled():
        _print(told)
    assert told[0]["items"] == 2336 + 100


def _whole_job(tmp_path: Path, kind: str, issues: Path) -> list[dict[str, Any]]:
    """Plan, apply, look again, undo and look again; return the figures of each phase."""
    shutil.copytree(HERE / "real_company", tmp_path, dirs_exist_ok=True)
    linear_file = Path(str(DATA)) / "linear-garrarust" / "linear_issues.json"
    with ExitStack() as stack:
        jira = stack.enter_context(_served(kind, issues))
        linear = stack.enter_context(_served("linear", linear_file))
        before = _jira_labels(jira) | _linear_labels(linear)
        trackers = {"ARCHIVE_JIRA": jira, "ARCHIVE_LINEAR": linear}
        job = stack.enter_context(Job(tmp_path / "okrsync.yaml", trackers))
        alone = _undated(jira)
        _assert_planned(job.phase(), before, alone)
        assert _jira_labels(jira) | _linear_labels(linear) == before, "planning wrote labels"
        job.go_on()
        assert job.phase()["done"] == len(before) - len(alone)
        after = _jira_labels(jira) | _linear_labels(linear)
        _assert_labelled(before, after, alone)
        job.go_on()
        _assert_quiet(job.phase())
        job.go_on()
        assert job.phase()["done"] == len(before) - len(alone)
        assert _jira_labels(jira) | _linear_labels(linear) == before, "undo changed labels"
        job.go_on()
        _assert_quiet(job.phase())
        job.go_on()
    return job.told


def _assert_planned(plan: dict[str, Any], before: Labels, alone: set[str]) -> None:
    assert plan["items"] == len(before)
    assert sum(plan["verdicts"].values()) == len(before) - len(alone)
    # Rules that say nothing would make an easy job of it.
    assert set(plan["verdicts"]) >= {"aligned", "weak", "unaligned", "exempt"}
    assert plan["verdicts"]["aligned"] > len(before) / 20


def _assert_labelled(before: Labels, after: Labels, alone: set[str]) -> None:
    assert after.keys() == before.keys()
    for item, labels in after.items():
        assert before[item] == {x for x in labels if not x.startswith("okr:")}, item
        assert len(labels & VERDICTS) == (0 if item in alone else 1), item


def _assert_quiet(told: dict[str, Any]) -> None:
    assert (told["exit"], told["planned"]) == (0, 0)
    assert not [kind for kind in told["requests"] if kind.endswith("write")]


def _print(told: list[dict[str, Any]]) -> None:
    print()  # noqa: T201 - the figures are the point
    for one in told:
        print(  # noqa: T201
            f"{one['phase']:>16}: {one['seconds']:6.1f} s ({one['cpu_seconds']:.1f} s of CPU), "
            f"peak {one['megabytes']:.0f} MB, requests {one['requests']}"
        )
    print(f"{told[0]['items']} items, verdicts {told[0]['verdicts']}")  # noqa: T201
