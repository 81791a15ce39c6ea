"""Telemetry for Prometheus: the list of metrics there is, and their exposition as text.

Names and units follow Prometheus' conventions. Labels are names from the settings, codes and
closed sets; how many series there are depends on the settings and not on the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from okrsync import __version__

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from okrsync.ports.telemetry import Place

CONTENT_TYPE = CONTENT_TYPE_PLAIN_1_0_0
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 900, 3600)


class PrometheusTelemetry:
    """Counts into a registry of its own; safe from any thread."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a second series beside each that nobody asks for
        registry = self._registry = CollectorRegistry()
        place = ["tracker", "scope"]
        self._passes = Counter(
            "okrsync_passes", "Passes by how they ended.", [*place, "outcome"], registry=registry
        )
        self._durations = Histogram(
            "okrsync_pass_duration_seconds",
            "How long passes took.",
            place,
            registry=registry,
            buckets=_SECONDS,
        )
        self._fresh = Gauge(
            "okrsync_scope_last_success_timestamp_seconds",
            "When a scope was last read and made true without an error.",
            place,
            registry=registry,
        )
        self._items = Gauge("okrsync_items", "Items known of a scope.", place, registry=registry)
        self._read = Counter("okrsync_items_read", "Items read.", place, registry=registry)
        self._edits = Counter(
            "okrsync_label_edits",
            "Labels that took effect through okrsync.",
            ["tracker", "change"],
            registry=registry,
        )
        self._requests = Counter(
            "okrsync_tracker_requests",
            "Requests sent to trackers, by kind.",
            ["tracker", "kind"],
            registry=registry,
        )
        self._retries = Counter(
            "okrsync_tracker_retries", "Requests sent again.", ["tracker"], registry=registry
        )
        self._waits = Counter(
            "okrsync_tracker_wait_seconds",
            "Time spent waiting before requests were sent again.",
            ["tracker"],
            registry=registry,
        )
        self._budgets = Gauge(
            "okrsync_tracker_budget_remaining",
            "What a tracker still grants before it makes us wait.",
            ["tracker", "budget"],
            registry=registry,
        )
        self._webhooks = Counter(
            "okrsync_webhooks",
            "Webhook deliveries by what became of them.",
            ["tracker", "outcome"],
            registry=registry,
        )
        self._dead = Gauge(
            "okrsync_dead_letters",
            "Items whose webhooks failed for good and wait for a person.",
            registry=registry,
        )
        self._plans = Gauge(
            "okrsync_plans_waiting",
            "Plans that wait for a person's approval.",
            registry=registry,
        )
        self._findings = Gauge(
            "okrsync_findings", "Open findings by code.", ["code"], registry=registry
        )
        self._verdicts = Gauge(
            "okrsync_item_verdicts",
            "Items by the team they are of and their verdict.",
            ["team", "verdict"],
            registry=registry,
        )
        self._refused = Gauge(
            "okrsync_files_refused",
            "Whether these files cannot be used (1) and older ones are in force.",
            ["what"],
            registry=registry,
        )
        self._holding = Gauge(
            "okrsync_timetable_held",
            "Whether this process holds the timetable (1) or stands by (0).",
            registry=registry,
        )
        Gauge(
            "okrsync_build_info", "The version that runs.", ["version"], registry=registry
        ).labels(__version__).set(1)

    def exposition(self) -> bytes:
        """Return everything as Prometheus reads it."""
        return generate_latest(self._registry)

    def passed(self, place: Place, outcome: str, seconds: float) -> None:
        """Count a pass over a scope, or over single items (scope ``items``)."""
        self._passes.labels(*place, outcome).inc()
        self._durations.labels(*place).observe(seconds)

    def fresh(self, place: Place, at: datetime) -> None:
        """Note when a scope was last read and made true without an error."""
        self._fresh.labels(*place).set(at.timestamp())

    def items(self, place: Place, count: int) -> None:
        """Note how many items of a scope are known."""
        self._items.labels(*place).set(count)

    def keep_only(self, places: Collection[Place]) -> None:
        """Say nothing more of scopes that are configured no longer."""
        for gauge in (self._fresh, self._items):
            told = [sample.labels for family in gauge.collect() for sample in family.samples]
            for labels in told:
                if (labels["tracker"], labels["scope"]) not in places:
                    gauge.remove(labels["tracker"], labels["scope"])

    def read(self, place: Place, items: int) -> None:
        """Count items that were read."""
        self._read.labels(*place).inc(items)

    def edited(self, tracker: str, change: str, labels: int) -> None:
        """Count labels that took effect through us."""
        self._edits.labels(tracker, change).inc(labels)

    def requested(self, tracker: str, kind: str) -> None:
        """Count one request to a tracker."""
        self._requests.labels(tracker, kind).inc()

    def waiting(self, tracker: str, seconds: float) -> None:
        """Count a try that is repeated after a wait of so many seconds."""
        self._retries.labels(tracker).inc()
        self._waits.labels(tracker).inc(seconds)

    def budget(self, tracker: str, name: str, remaining: float) -> None:
        """Note what a tracker still grants before it makes us wait."""
        self._budgets.labels(tracker, name).set(remaining)

    def webhook(self, tracker: str, outcome: str) -> None:
        """Count a delivery."""
        self._webhooks.labels(tracker, outcome).inc()

    def dead_letters(self, count: int) -> None:
        """Note how many items wait for a person after their bells failed for good."""
        self._dead.set(count)

    def plans_waiting(self, count: int) -> None:
        """Note how many plans wait for a person's approval."""
        self._plans.set(count)

    def findings(self, by_code: Mapping[str, int]) -> None:
        """Note how many findings are open; codes not named have none."""
        self._findings.clear()
        for code, count in by_code.items():
            self._findings.labels(code).set(count)

    def verdicts(self, by_team: Mapping[tuple[str, str], int]) -> None:
        """Note how many items have which verdict, by team; pairs not named have none."""
        self._verdicts.clear()
        for pair, count in by_team.items():
            self._verdicts.labels(*pair).set(count)

    def refused(self, what: str, refused: bool) -> None:
        """Note whether files of this kind cannot be used, and older ones are in force."""
        self._refused.labels(what).set(refused)

    def holding(self, holds: bool) -> None:
        """Note whether this process holds the timetable or stands by."""
        self._holding.set(holds)
