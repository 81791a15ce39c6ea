"""Files of issues are read whatever their packing, and refused with a reason."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from okrsync_simulators.jira import JiraWorld, load_issues
from okrsync_simulators.jira.loading import UnusableIssueError
from okrsync_simulators.loading import UnreadableIssuesError, read_issues

ISSUES = [{"key": "A-1", "fields": {}}, {"key": "A-2", "fields": {}}]
LINES = b"\n".join(json.dumps(each).encode() for each in ISSUES) + b"\n\n"

real_data = pytest.mark.skipif(
    "TRACKER_REAL_DATA" not in os.environ,
    reason="TRACKER_REAL_DATA names no directory of recorded issues",
)


@pytest.mark.parametrize(
    "content",
    [LINES, json.dumps(ISSUES).encode(), json.dumps(ISSUES, indent=1).encode()],
    ids=["lines", "array", "pretty array"],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_every_packing_is_read(tmp_path, content, pack):
    path = tmp_path / "issues.data"
    path.write_bytes(pack(content))
    assert list(read_issues(path)) == ISSUES


def test_a_single_object_over_many_lines_is_one_issue(tmp_path):
    path = tmp_path / "issue.json"
    path.write_text(json.dumps(ISSUES[0], indent=2))
    assert list(read_issues(path)) == [ISSUES[0]]


@pytest.mark.parametrize(
    ("content", "message"),
    [("id,key\n1,A-1\n", "neither a JSON array nor JSON lines"), ("[1]", "found a int")],
)
def test_another_kind_of_file_is_refused(tmp_path, content, message):
    path = tmp_path / "issues"
    path.write_text(content)
    with pytest.raises(UnreadableIssuesError, match=message):
        list(read_issues(path))


def test_an_object_that_is_no_issue_is_refused(tmp_path):
    path = tmp_path / "issues"
    path.write_text('{"title": "x"}')
    with pytest.raises(UnusableIssueError, match="title"):
        load_issues(JiraWorld(), path)


def test_a_servers_epic_becomes_the_parent(tmp_path):
    path = tmp_path / "issues"
    epic = {"id": "7", "key": "A-1", "fields": {"issuetype": {"name": "Epic"}}}
    story = {"id": "8", "key": "A-2", "fields": {"epic": {"id": 7, "key": "A-1"}}}
    orphan = {"id": "9", "key": "A-3", "fields": {"parent": {"id": "99", "key": "B-1"}}}
    path.write_text("\n".join(json.dumps(each) for each in (story, epic, orphan)))
    world = JiraWorld()
    assert load_issues(world, path) == 3
    assert [world.issue(key).parent_id for key in ("A-1", "A-2", "A-3")] == [None, "7", None]
    assert world.issue("A-1").type.level == 1


@real_data
def test_a_real_archive_loads_whole():
    path = Path(os.environ["TRACKER_REAL_DATA"], "jira-titanium-archive/issues-slim-all.jsonl.gz")
    world = JiraWorld()
    assert load_issues(world, path) == 29_057 == len(world.issues)
    assert max(len(issue.labels) for issue in world.issues.values()) == 37
    assert sum(issue.parent_id is not None for issue in world.issues.values()) == 1_657


@real_data
def test_real_whole_issues_load():
    root = Path(os.environ["TRACKER_REAL_DATA"])
    world = JiraWorld()
    sample = root / "jira-titanium-archive/issues-raw-sample.jsonl.gz"
    assert load_issues(world, sample) == 2_336
    for path in sorted((root / "jira-port-ocean").glob("issue-*.json")):
        assert load_issues(world, path) == 1
    cloud = world.issue("SEC-108")
    assert cloud.labels == {"security"}
    assert cloud.description.startswith("Description")
    assert cloud.created == datetime(2026, 1, 25, 23, 39, 15, 250_000, UTC)
