"""Metrics by Prometheus' conventions: names, units, help, and a bounded number of series."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from okrsync.metrics import PrometheusTelemetry

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
PLACE = ("shop-jira", "PAY")
UNITS = ("seconds", "bytes", "info", "total")
NO_UNIT = {
    "okrsync_items",
    "okrsync_dead_letters",
    "okrsync_plans_waiting",
    "okrsync_findings",
    "okrsync_item_verdicts",
    "okrsync_files_refused",
    "okrsync_timetable_held",
    "okrsync_tracker_budget_remaining",
}
"""Gauges that count things; their name says which."""


@pytest.fixture
def told() -> PrometheusTelemetry:
    telemetry = PrometheusTelemetry()
    telemetry.passed(PLACE, "ok", 1.5)
    telemetry.fresh(PLACE, AT)
    telemetry.items(PLACE, 70)
    telemetry.read(PLACE, 7)
    telemetry.edited("shop-jira", "added", 2)
    telemetry.requested("shop-jira", "search")
    telemetry.waiting("shop-jira", 30.0)
    telemetry.budget("shop-linear", "requests", 12)
    telemetry.webhook("shop-jira", "rung")
    telemetry.dead_letters(1)
    telemetry.plans_waiting(2)
    telemetry.findings({"WI401": 3})
    telemetry.verdicts({("checkout", "aligned"): 5})
    telemetry.refused("settings", refused=True)
    telemetry.holding(holds=True)
    return telemetry


def values(telemetry: PrometheusTelemetry) -> dict[str, float]:
    """Return every sample as it stands in the exposition."""
    return {
        sample.name + "".join(f" {key}={value}" for key, value in sorted(sample.labels.items())): (
            sample.value
        )
        for family in text_string_to_metric_families(telemetry.exposition().decode())
        for sample in family.samples
    }


def test_the_exposition_is_well_formed_and_by_the_conventions(told: PrometheusTelemetry) -> None:
    families = list(text_string_to_metric_families(told.exposition().decode()))
    assert len({family.name for family in families}) == len(families) > 10
    for family in families:
        assert re.fullmatch(r"okrsync_[a-z]+(_[a-z]+)*", family.name)
        assert family.documentation.endswith(".")
        assert family.samples, family.name
        for sample in family.samples:
            assert all(re.fullmatch(r"[a-z]+", label) for label in sample.labels)
            assert sample.name.endswith("_total") is (family.type == "counter")
        if family.type != "counter":
            assert family.name.endswith(UNITS) is not (family.name in NO_UNIT), family.name


def test_what_was_told_is_what_is_read(told: PrometheusTelemetry) -> None:
    found = values(told)
    expected = {
        "okrsync_passes_total outcome=ok scope=PAY tracker=shop-jira": 1,
        "okrsync_pass_duration_seconds_sum scope=PAY tracker=shop-jira": 1.5,
        "okrsync_scope_last_success_timestamp_seconds scope=PAY tracker=shop-jira": AT.timestamp(),
        "okrsync_items scope=PAY tracker=shop-jira": 70,
        "okrsync_items_read_total scope=PAY tracker=shop-jira": 7,
        "okrsync_label_edits_total change=added tracker=shop-jira": 2,
        "okrsync_tracker_requests_total kind=search tracker=shop-jira": 1,
        "okrsync_tracker_retries_total tracker=shop-jira": 1,
        "okrsync_tracker_wait_seconds_total tracker=shop-jira": 30,
        "okrsync_tracker_budget_remaining budget=requests tracker=shop-linear": 12,
        "okrsync_webhooks_total outcome=rung tracker=shop-jira": 1,
        "okrsync_dead_letters": 1,
        "okrsync_plans_waiting": 2,
        "okrsync_findings code=WI401": 3,
        "okrsync_item_verdicts team=checkout verdict=aligned": 5,
        "okrsync_files_refused what=settings": 1,
        "okrsync_timetable_held": 1,
    }
    assert found | expected == found


def test_findings_and_verdicts_that_are_gone_leave(told: PrometheusTelemetry) -> None:
    told.findings({"PF501": 1})
    told.verdicts({})
    found = values(told)
    assert found["okrsync_findings code=PF501"] == 1
    assert not [name for name in found if "WI401" in name or "okrsync_item_verdicts" in name]


def test_a_scope_that_is_configured_no_more_is_neither_stale_nor_counted(
    told: PrometheusTelemetry,
) -> None:
    told.keep_only([PLACE])
    assert values(told)["okrsync_items scope=PAY tracker=shop-jira"] == 70
    told.keep_only([("shop-jira", "WEB")])
    about = ("okrsync_items ", "okrsync_scope_last_success")
    assert not [name for name in values(told) if name.startswith(about)]


WANTED = {
    "passes": "okrsync_passes",
    "duration": "okrsync_pass_duration_seconds",
    "items": "okrsync_items",
    "edits": "okrsync_label_edits",
    "requests by kind": "okrsync_tracker_requests",
    "retries": "okrsync_tracker_retries",
    "waits": "okrsync_tracker_wait_seconds",
    "budget left": "okrsync_tracker_budget_remaining",
    "freshness": "okrsync_scope_last_success_timestamp_seconds",
    "webhooks": "okrsync_webhooks",
    "findings by code": "okrsync_findings",
    "verdicts by team": "okrsync_item_verdicts",
}
"""What people who run okrsync ask for, and where they find it."""


def test_everything_that_is_asked_for_is_there(told: PrometheusTelemetry) -> None:
    families = text_string_to_metric_families(told.exposition().decode())
    samples = {family.name: family.samples for family in families}
    assert not [what for what, name in WANTED.items() if not samples.get(name)]


def test_two_telemetries_do_not_share_anything(told: PrometheusTelemetry) -> None:
    assert "okrsync_passes_total outcome=ok scope=PAY tracker=shop-jira" in values(told)
    assert not [name for name in values(PrometheusTelemetry()) if name.startswith("okrsync_passes")]
