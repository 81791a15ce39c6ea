"""What is shipped for running okrsync: hardened, of one piece with the code, and well-formed."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from okrsync.daemon.service import LEAVING
from okrsync.daemon.signals import LAST_MOMENT

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "okrsync.service"


def instructions() -> list[tuple[str, str]]:
    """Return the container file's instructions in order, continued lines joined."""
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


def unit() -> configparser.ConfigParser:
    class Repeated(dict[str, object]):
        def __setitem__(self, key: str, value: object) -> None:
            if key in self and isinstance(value, list):
                value = [*self[key], *value]  # type: ignore[misc]
            super().__setitem__(key, value)

    parser = configparser.RawConfigParser(strict=False, dict_type=Repeated)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text())
    return parser


def test_the_image_has_two_stages_and_takes_nothing_but_the_result_along() -> None:
    found = instructions()
    stages = [rest for word, rest in found if word == "FROM"]
    assert len(stages) == 2
    assert all(":" in stage and not stage.endswith(":latest") for stage in stages)
    copied = [rest for word, rest in found[found.index(("FROM", stages[1])) :] if word == "COPY"]
    assert copied == ["--from=build /opt/okrsync /opt/okrsync"]
    assert not [word for word, _ in found if word in {"ADD", "MAINTAINER"}]


def test_the_image_runs_as_a_number_that_is_not_root_and_can_be_stopped_and_asked() -> None:
    last = dict(instructions())
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last["USER"])
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert last["ENTRYPOINT"] == '["okrsync"]'  # no shell between signals and the process
    assert last["CMD"] == '["run"]'
    check = next(rest for word, rest in instructions() if word == "HEALTHCHECK")
    assert check.split("CMD ")[1] == '["okrsync", "status", "--health"]'
    assert last["VOLUME"] == '["/var/lib/okrsync"]'


def test_the_image_is_built_in_the_format_that_keeps_its_health_check() -> None:
    for name in ("Containerfile", "README.md"):
        told = (DEPLOY / name).read_text()
        assert told.count("podman build ") == told.count("podman build --format docker ") == 1


def test_no_secret_is_baked_in() -> None:
    told = (DEPLOY / "Containerfile").read_text() + UNIT.read_text()
    assert not re.search(r"(?i)(token|secret|password)\s*=\s*\S*[a-z0-9]{8}", told)
    ignored = (DEPLOY / "Containerfile.containerignore").read_text().splitlines()
    assert ignored[1] == "*"  # what is not named stays outside


def test_what_the_image_copies_is_there_and_is_let_in() -> None:
    let_in = {
        line.removeprefix("!")
        for line in (DEPLOY / "Containerfile.containerignore").read_text().splitlines()
        if line.startswith("!")
    }
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            names = {name.rstrip("/") for name in rest.split()[:-1]}
            assert names <= let_in
            assert all((ROOT / name).exists() for name in names)


def test_the_service_has_time_to_end() -> None:
    stop = int(unit()["Service"]["TimeoutStopSec"])
    assert LEAVING < LAST_MOMENT < 10 < stop


def test_the_service_is_confined() -> None:
    service = unit()["Service"]
    for setting, value in {
        "DynamicUser": "yes",
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "CapabilityBoundingSet": "",
        "StateDirectory": "okrsync",
        "Restart": "on-failure",
    }.items():
        assert service[setting] == value
    assert "LoadCredential" in service


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    copy = tmp_path / "okrsync.service"
    text = UNIT.read_text()
    copy.write_text(text.replace("/opt/okrsync/bin/okrsync run", "/bin/true"))
    verified = _analyze("verify", str(copy))
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    security = _analyze("security", "--offline=true", "--threshold=20", str(copy))
    assert security.returncode == 0, security.stdout  # an exposure of 2.0 at most


def _analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *words],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_metric_is_documented_and_no_other() -> None:
    from prometheus_client.parser import text_string_to_metric_families

    from okrsync.metrics import PrometheusTelemetry

    exposed = PrometheusTelemetry().exposition().decode()
    families = text_string_to_metric_families(exposed)
    names = {each.name + ("_total" if each.type == "counter" else "") for each in families}
    page = (ROOT / "docs" / "operating.md").read_text()
    assert set(re.findall(r"^\| `(okrsync_\w+)`", page, re.MULTILINE)) == names


def test_every_answer_to_a_webhook_is_documented() -> None:
    from okrsync.web.receiver import STATUS

    page = (ROOT / "docs" / "operating.md").read_text()
    missing = [
        outcome for outcome, status in STATUS.items() if f"{status} `{outcome.value}`" not in page
    ]
    assert not missing
