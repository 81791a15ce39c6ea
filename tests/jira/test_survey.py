"""What is known of an address before anything is sent there."""

from __future__ import annotations

import pytest

from okrsync.core.backoff import Retry
from okrsync.ports.tracker import Connection
from okrsync_jira import MANIFEST
from okrsync_jira.settings import JiraSettings


@pytest.mark.parametrize("page", ["/jira/software/projects/PAY/boards/1", "/browse/PAY-1"])
def test_the_address_of_a_page_is_that_of_its_site(page: str) -> None:
    settings = JiraSettings.model_validate(
        {"url": f"https://shop.atlassian.net{page}", "token": "x", "scopes": ["PAY"]}
    )
    assert MANIFEST.survey is not None
    survey = MANIFEST.survey(settings, Connection(name="jira", retry=Retry(lambda _seconds: None)))
    reached = survey.reach()
    survey.close()
    assert reached.section == {"url": "https://shop.atlassian.net"}
    assert reached.why
