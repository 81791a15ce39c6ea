"""The same looks at Jira Data Center, and what only that can lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from okrsync_simulators.jira import Deployment, JiraWorld
from okrsync_simulators.jira import serve_world as serve_jira
from tests.cli.conftest import type_command
from tests.doctor.conftest import TOKENS

if TYPE_CHECKING:
    from tests.doctor.conftest import Ward


@pytest.fixture
def ward(ward: Ward) -> Ward:
    """Everything is well, and the Jira is a Data Center."""
    ward.jira = JiraWorld(deployment=Deployment.DATACENTER)
    ward.jira.create_issue(project="PAY")
    ward.jira.create_project("WEB")
    section = dict(ward.stack.enter_context(serve_jira(ward.jira)).settings)
    ward.environ[TOKENS["shop-jira"]] = str(section.pop("token"))
    ward.trackers["shop-jira"] = section | {"scopes": ["PAY"]}
    return ward


def test_a_healthy_data_center_is_healthy(ward: Ward):
    assert ward.found() == (0, [])
    assert ward.jira.protocol_breaches == []


def test_labels_that_are_not_on_the_edit_screen(ward: Ward):
    ward.jira.take_labels_off_screen("PAY")
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == (
        "labels-off-screen",
        "shop-jira PAY",
        5,
    )


def test_a_project_without_issues_shows_no_screen(ward: Ward):
    ward.jira.take_labels_off_screen("WEB")
    ward.trackers["shop-jira"]["scopes"] = ["WEB"]
    assert ward.found() == (0, [])


def test_bulk_changes_are_not_missed(ward: Ward):
    ward.jira.bulk.allowed = False
    assert ward.found() == (0, [])


def test_rights_and_scopes_are_told_as_on_cloud(ward: Ward):
    ward.trackers["shop-jira"]["scopes"] = ["PAY", "WEB", "WBE"]
    ward.jira.deny_edits("PAY")
    ward.jira.deny_silent_edits("WEB")
    found = ward.found()[1]
    assert [(each["code"], each["about"]) for each in found] == [
        ("scope-invisible", "shop-jira WBE"),
        ("edit-denied", "shop-jira PAY"),
        ("notifies", "shop-jira WEB"),
    ]


def test_an_expired_token(ward: Ward):
    ward.environ[TOKENS["shop-jira"]] = "old"
    assert ward.only_finding()["code"] == "login"


def test_a_site_of_the_other_kind(ward: Ward):
    ward.trackers["shop-jira"]["deployment"] = "cloud"
    found = ward.only_finding()
    assert found["exit"] == 5
    assert found["remedy"]


def test_init_sets_up_a_data_center(ward: Ward):
    folder = ward.folder / "new"
    url = str(ward.trackers["shop-jira"]["url"])
    ran = type_command(
        *("init", "-t", "jira", "--url", url, "-s", "PAY", "--folder", str(folder)),
        environ={"OKRSYNC_TRACKERS__JIRA__TOKEN": ward.environ[TOKENS["shop-jira"]]},
    )
    assert ran.code == 0, ran.err
    assert "email" not in (folder / "okrsync.yaml").read_text(encoding="utf-8")
