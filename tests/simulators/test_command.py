"""`python -m okrsync_simulators` says how to connect, serves, and ends politely."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
import pytest

COMMAND = (sys.executable, "-m", "okrsync_simulators")


@pytest.mark.parametrize("options", [("jira",), ("jira", "--generate", "20"), ("linear",)])
def test_it_serves_what_its_first_line_says_until_it_is_told_to_stop(options):
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE) as process:
        settings = json.loads(process.stdout.readline())
        url = settings.get("site", settings["url"])
        assert httpx.get(url).status_code < 500
        process.terminate()
        assert process.wait(timeout=10) == 0
    assert settings["adapter"] == options[0]


def test_a_file_without_issues_is_refused_in_one_line(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("nothing to see")
    command = [*COMMAND, "jira", "--issues", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert str(path) in ended.stderr
