"""Every rule, listed by hand in the order of the codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rules import (
    hy301_malformed,
    hy302_serves_no_key_result,
    hy303_decision_due,
    hy304_fog,
    hy305_no_evidence,
    hy306_against_the_evidence,
    hy308_contradicted_belief,
    kr201_task,
    kr202_no_who,
    kr203_no_behaviour,
    kr204_no_target,
    kr205_no_baseline,
    kr206_measures_the_system,
    kr207_impact_on_a_team,
    kr208_sandbagged,
    kr210_progress_from_tickets,
    kr211_only_a_task_list,
    kr212_binary,
    kr213_nothing_tests_it,
    okr101_orphan,
    okr102_parent_without_story,
    okr103_unknown_reference,
    okr104_too_many_objectives,
    okr105_too_many_key_results,
    okr106_solution_in_the_goal,
    okr107_owned_by_a_person,
    okr108_team_named_after_its_deliverable,
    okr109_copied_from_the_parent,
    okr110_outside_the_sphere_of_influence,
    okr111_no_lagging_side,
    okr112_no_leading_side,
    okr113_no_check_in,
    okr114_cycle_dates,
    okr115_customer_unknown,
    okr116_single_function_objective,
    okr117_off_track_without_decision,
    okr118_stale_waiver,
)

if TYPE_CHECKING:
    from okrsync.lint.rule import Rule

ALL: tuple[Rule, ...] = (
    okr101_orphan.RULE,
    okr102_parent_without_story.RULE,
    okr103_unknown_reference.RULE,
    okr104_too_many_objectives.RULE,
    okr105_too_many_key_results.RULE,
    okr106_solution_in_the_goal.RULE,
    okr107_owned_by_a_person.RULE,
    okr108_team_named_after_its_deliverable.RULE,
    okr109_copied_from_the_parent.RULE,
    okr110_outside_the_sphere_of_influence.RULE,
    okr111_no_lagging_side.RULE,
    okr112_no_leading_side.RULE,
    okr113_no_check_in.RULE,
    okr114_cycle_dates.RULE,
    okr115_customer_unknown.RULE,
    okr116_single_function_objective.RULE,
    okr117_off_track_without_decision.RULE,
    okr118_stale_waiver.RULE,
    kr201_task.RULE,
    kr202_no_who.RULE,
    kr203_no_behaviour.RULE,
    kr204_no_target.RULE,
    kr205_no_baseline.RULE,
    kr206_measures_the_system.RULE,
    kr207_impact_on_a_team.RULE,
    kr208_sandbagged.RULE,
    kr210_progress_from_tickets.RULE,
    kr211_only_a_task_list.RULE,
    kr212_binary.RULE,
    kr213_nothing_tests_it.RULE,
    hy301_malformed.RULE,
    hy302_serves_no_key_result.RULE,
    hy303_decision_due.RULE,
    hy304_fog.RULE,
    hy305_no_evidence.RULE,
    hy306_against_the_evidence.RULE,
    hy308_contradicted_belief.RULE,
)


def rule_named(word: str) -> Rule | None:
    """Find a rule by its code or its name, in any case."""
    fold = word.casefold()
    return next((rule for rule in ALL if fold in {rule.code.casefold(), rule.name}), None)
