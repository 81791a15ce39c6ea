"""What the simulated trackers say in their webhooks, the adapters understand."""

from __future__ import annotations

from datetime import UTC, datetime

import okrsync_jira
import okrsync_linear
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import JiraWorld
from okrsync_simulators.jira.webhooks import announce as announce_jira
from okrsync_simulators.linear import LinearWorld
from okrsync_simulators.linear.webhooks import announce as announce_linear

SECRET = "between us"
START = datetime(2026, 11, 2, 9, tzinfo=UTC)


def heard(manifest, letters, **given):
    """Return what was authentic, and what it rang for."""
    settings = {"token": "t", "webhook_secret": SECRET, **given}
    hooks = manifest.webhooks(manifest.settings.model_validate(settings))
    for letter in letters:
        signed = {**letter.headers, **letter.sign(SECRET, letter.body)}
        forged = {**letter.headers, **letter.sign("a guess", letter.body)}
        headers = {name.lower(): value for name, value in signed.items()}
        assert hooks.authentic(headers, letter.body)
        assert not hooks.authentic({k.lower(): v for k, v in forged.items()}, letter.body)
        yield hooks.delivery(headers, letter.body)


def test_jiras() -> None:
    letters = []
    world = JiraWorld(ManualClock(START))
    announce_jira(world, letters.append)
    id_ = world.create_issue(project="PAY")
    world.person_edits_labels(id_, add=["x"])
    world.delete(id_)

    deliveries = list(
        heard(okrsync_jira.MANIFEST, letters, url="https://shop.example", scopes=["PAY"])
    )

    assert [each.items for each in deliveries] == [(id_,)] * 3
    assert len({each.id for each in deliveries}) == 3
    assert deliveries[1].event == "jira:issue_updated"


def test_linears() -> None:
    letters = []
    world = LinearWorld(ManualClock(START))
    announce_linear(world, letters.append)
    id_ = world.create_issue("GRO", "One")
    world.person_edits_labels(id_, add=["x"])

    deliveries = list(heard(okrsync_linear.MANIFEST, letters, scopes=["GRO"]))

    assert [each.items for each in deliveries] == [(id_,)] * 2
    assert [each.event for each in deliveries] == ["Issue.create", "Issue.update"]
    assert len({each.id for each in deliveries}) == 2
