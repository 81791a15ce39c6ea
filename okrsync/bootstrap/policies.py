"""What the settings say of how okrsync behaves, as the use cases and the rules take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.app.context import Policy
from okrsync.core.guard import Limits
from okrsync.core.vocabulary import Vocabulary
from okrsync.lint.policy import Policy as LintPolicy
from okrsync.lint.rule import Limits as Thresholds
from okrsync.lint.rule import Severity

if TYPE_CHECKING:
    from okrsync.settings.tree import Settings


def vocabulary_of(settings: Settings) -> Vocabulary:
    """Return which labels are ours to speak in."""
    return Vocabulary(prefix=settings.labels.prefix, group=settings.labels.linear_group)


def policy_of(settings: Settings) -> Policy:
    """Return what the settings say about how okrsync behaves."""
    sync = settings.sync
    return Policy(
        writes=sync.mode == "write",
        timezone=settings.zone,
        done_within=sync.done_within,
        limits=Limits(max_changes=sync.max_changes, max_change_percent=sync.max_change_percent),
        max_vanished=sync.max_vanished,
        overlap=sync.overlap,
        retention=sync.retention,
        mentions=sync.mentions,
        link_kinds=frozenset(settings.labels.links),
        planning_cycles=settings.lint.planning_cycles,
        waivers=settings.waivers,
    )


def rules_of(settings: Settings) -> LintPolicy:
    """Return what the settings made of the method's rules."""
    given = settings.lint
    return LintPolicy(
        severities={code: Severity(word) for code, word in given.severity.items()},
        by_team={
            team: {code: Severity(word) for code, word in codes.items()}
            for team, codes in given.teams.items()
        },
        waivers=settings.waivers,
    )


def goal_limits(settings: Settings) -> Thresholds:
    """Return from where on the rules that count or measure speak."""
    given, thresholds = settings.lint, settings.lint.thresholds
    return Thresholds(
        objectives_per_team=given.objectives_per_team,
        key_results_per_objective=given.key_results_per_objective,
        planning_cycles=given.planning_cycles,
        check_in_days=thresholds.OKR113.days,
        off_track_below=thresholds.OKR117,
        trivial_percent=thresholds.KR208,
        decide_days=thresholds.HY303.days,
        evidence_days=thresholds.HY305.days,
        window_days=thresholds.HY309.days,
        aligned_percent=thresholds.PF501,
        key_results_at_once=thresholds.PF503,
        flat_percent=thresholds.PF505,
    )
