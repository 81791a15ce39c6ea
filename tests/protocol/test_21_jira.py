"""21: okrsync on Jira Cloud, through the adapter and over HTTP: spellings, deltas, histories."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app import people
from okrsync.core.backoff import Retry
from okrsync.core.goals import Kind
from okrsync.core.ledger import Origin
from okrsync.core.work import ItemRef, LabelEdit
from okrsync.errors import ConfigError
from okrsync.ports.tracker import Connection, EditOutcome
from okrsync.testing.world import START
from okrsync_jira import MANIFEST
from okrsync_simulators.clock import ManualClock
from okrsync_simulators.jira import JiraWorld, serve_world
from okrsync_simulators.people import ANOTHER_BOT, MIRA, Account

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.paragraph(21)

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


@dataclass
class Jira:
    """Jira as the shop's tracker, and as its people know it. Time passes with all they do."""

    world: JiraWorld
    clock: ManualClock
    port: Any = None
    name: str = "jira"
    sent: list[str] = field(default_factory=list)
    """The kind of every request, in order."""

    def __getattr__(self, method: str) -> Any:
        return getattr(self.port, method)

    def create(self, title: str, *labels: str, project: str = "PAY") -> str:
        issue = self.world.create_issue(project=project, summary=title, labels=labels)
        self.later()
        return issue

    def person(
        self,
        issue: str,
        add: tuple[str, ...] = (),
        remove: tuple[str, ...] = (),
        account: Account = MIRA,
    ) -> None:
        self.later()
        self.world.person_edits_labels(issue, add, remove, account)
        self.later()

    def on_our_account(
        self, issue: str, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()
    ) -> None:
        self.later()
        self.world.bot_edits_labels(issue, add, remove)
        self.later()

    def later(self) -> None:
        self.clock.advance(timedelta(minutes=1))

    def labels(self, issue: str) -> frozenset[str]:
        return self.world.labels(issue)


@pytest.fixture
def shop(open_shop: Any) -> Iterator[Any]:
    """Open the shop on a Jira with the projects PAY and WEB."""
    clock = ManualClock(START, tick=timedelta(milliseconds=20))
    world = JiraWorld(clock)
    for project in ("PAY", "WEB"):
        world.create_project(project)
    with serve_world(world) as running, ExitStack() as opened:
        given = {key: value for key, value in running.settings.items() if key != "adapter"}
        jira = Jira(world, clock)
        jira.port = MANIFEST.connect(
            MANIFEST.settings.model_validate(given),
            Connection(
                name="jira", retry=Retry(sleep=lambda _seconds: None), count=jira.sent.append
            ),
        )
        opened.callback(jira.port.close)
        shop = open_shop()
        shop.clock, shop.trackers = clock, {"jira": jira}
        shop.restart()
        yield shop
        assert world.protocol_breaches == []


def origin(shop: Any, item: str, label: str) -> Origin:
    row = shop.state(item).row(label)
    assert row is not None
    found: Origin = row.origin
    return found


def test_a_label_that_nobody_carries_any_more_has_no_definition_to_miss(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, remove=("okr:KR-1",))
    shop.sync()
    assert shop.tracker.definitions() is None
    assert shop.vanishings() == []
    assert "KR-1" in shop.judged(item).judgement.own.vetoes


def test_a_persons_spelling_is_not_written_twice_and_not_touched(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.pull()
    shop.tracker.person(item, add=("OKR:kr-1",))
    shop.sync()
    assert shop.tracker.labels(item) == {"OKR:kr-1", "okr:aligned"}
    shop.goals.key_result("KR-1", kind=Kind.TASK)
    shop.sync()
    assert shop.tracker.labels(item) == {"OKR:kr-1", "okr:weak"}


def test_two_spellings_side_by_side_are_two_rows(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, add=("okr:kr-1",))
    shop.sync()
    assert shop.labels(item) == {"okr:KR-1", "okr:kr-1", "okr:aligned"}
    assert (origin(shop, item, "okr:KR-1"), origin(shop, item, "okr:kr-1")) == (
        Origin.OURS,
        Origin.THEIRS,
    )


def test_of_two_spellings_only_ours_goes_when_a_person_unlinks_the_goal(shop: Any) -> None:
    item = shop.tracker.create("search")
    shop.sync()
    shop.tracker.person(item, add=("okr:kr-3",))
    shop.pull()
    people.unlink(shop.ctx, shop.strategy(), "PAY-1", "KR-3", "not any more")
    shop.sync()
    assert shop.labels(item) == {"okr:kr-3", "okr:unaligned"}


def test_ours_taken_away_from_beside_another_spelling_is_not_written_again(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, add=("okr:kr-1",), remove=("okr:KR-1",))
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == {"okr:kr-1", "okr:aligned"}
    assert shop.judged(item).judgement.own.vetoes == frozenset()


def test_a_verdict_in_another_case_is_foreign(shop: Any) -> None:
    item = shop.tracker.create("wallet", "OKR:Stale")
    shop.sync()
    assert shop.tracker.labels(item) == {"OKR:Stale", "okr:H-1", "okr:KR-1"}
    assert shop.state(item).foreign == {"OKR:Stale"}


@pytest.mark.parametrize("goal_id", ["H 1", "H\t1", "H\u00a01", " H-1", ""])
def test_a_goal_id_never_makes_a_label_with_a_space(shop: Any, goal_id: str) -> None:
    shop.tracker.create("wallet")
    shop.goals.hypothesis("H-1", id=goal_id)
    with pytest.raises(ConfigError) as refused:
        shop.sync()
    assert "cannot be a goal id" in refused.value.problems[0].message
    assert shop.tracker.world.writes == []


def test_a_label_with_a_space_is_refused_before_it_is_sent(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    edit = LabelEdit(ItemRef("jira", item), add=("okr:H-1", "okr:H 1"))
    (result,) = shop.tracker.apply([edit])
    assert result.outcome is EditOutcome.REFUSED
    assert "write" not in shop.tracker.sent


def test_writes_name_only_our_labels_and_spare_what_came_in_between(shop: Any) -> None:
    item = shop.tracker.create("wallet", "urgent")
    shop.pull()
    shop.tracker.person(item, add=("later",))
    shop.sync()
    (write,) = [one for one in shop.tracker.world.writes if one.over_api]
    assert (set(write.add), write.remove) == (WALLET, ())
    assert shop.tracker.labels(item) == WALLET | {"urgent", "later"}


def test_a_swap_is_one_request_without_a_notification(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.goals.kill("H-1")
    shop.tracker.sent.clear()
    made = shop.sync()
    assert shop.tracker.sent.count("write") == 1
    assert (made.applied.added, made.applied.removed) == (1, 1)
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}


def test_histories_of_many_issues_are_read_in_bulk(shop: Any) -> None:
    items = [shop.tracker.create("wallet") for _ in range(12)]
    shop.sync()
    for item in items:
        shop.tracker.world.person_edits_labels(item, remove=["okr:KR-1"])
    shop.tracker.later()
    shop.tracker.sent.clear()
    shop.pull()
    assert shop.tracker.sent.count("history") == 1
    assert all("KR-1" in shop.judged(item).judgement.own.vetoes for item in items)


def test_a_changelog_entry_holds_whole_sets_of_which_only_the_difference_was_done(
    shop: Any,
) -> None:
    item = shop.tracker.create("wallet", "a-b", "urgent")
    shop.sync()
    shop.tracker.person(item, add=("okr:KR-3", "x"), remove=("okr:KR-1", "urgent"))
    shop.sync()
    assert origin(shop, item, "okr:KR-3") is Origin.THEIRS
    assert [(act.kind.value, act.goal) for act in shop.state(item).acts] == [
        ("veto", "KR-1"),
        ("link", "KR-3"),
    ]
    assert shop.tracker.labels(item) == {"a-b", "x", "okr:KR-3", "okr:aligned"}


def test_a_label_toggled_twice_between_two_looks_ends_as_the_changelog_says(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    for _ in range(2):
        shop.tracker.person(item, remove=("okr:KR-1",))
        shop.tracker.person(item, add=("okr:KR-1",))
    shop.tracker.person(item, remove=("okr:aligned",))
    shop.sync()
    assert origin(shop, item, "okr:KR-1") is Origin.THEIRS
    assert shop.state(item).mutes == {"okr:aligned"}


def test_a_person_or_program_on_our_own_account_is_heard_as_a_person(shop: Any) -> None:
    linked, vetoed = shop.tracker.create("nothing"), shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.on_our_account(linked, add=("okr:KR-3",))
    shop.tracker.on_our_account(vetoed, remove=("okr:H-1",))
    shop.sync()
    assert shop.labels(linked) == {"okr:KR-3", "okr:aligned"}
    assert origin(shop, linked, "okr:KR-3") is Origin.THEIRS
    assert shop.labels(vetoed) == {"okr:unaligned"}


def test_another_program_that_takes_a_label_away_for_ever_wins(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    for _ in range(3):
        shop.sync()
        shop.tracker.person(item, remove=("okr:KR-1",), account=ANOTHER_BOT)
    assert "okr:KR-1" not in shop.labels(item)
    written = [w for w in shop.tracker.world.writes if w.over_api and "okr:KR-1" in w.add]
    assert len(written) == 1


def test_where_silence_is_denied_a_project_is_written_aloud_and_others_still_silently(
    shop: Any,
) -> None:
    shop.tracker.world.deny_silent_edits("PAY")
    loud = [shop.tracker.create("wallet") for _ in range(3)]
    silent = [shop.tracker.create("wallet", project="WEB") for _ in range(3)]
    shop.sync()
    assert [shop.labels(item) for item in (*loud, *silent)] == [WALLET] * 6
    assert shop.tracker.sent.count("write") == 7
    assert len([one for one in shop.tracker.world.writes if one.over_api]) == 6


def test_a_moved_issue_keeps_its_identity_and_its_veto(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, remove=("okr:H-1",))
    shop.sync()
    shop.tracker.world.move(item, "WEB")
    shop.tracker.later()
    shop.sync()
    judged = shop.judged(item)
    assert (judged.item.key, judged.item.scope, judged.item.ref.id) == ("WEB-1", "WEB", item)
    assert shop.labels(item) == {"okr:unaligned"}


def test_an_issue_moved_out_of_our_projects_is_left_as_it_is_and_remembered(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.person(item, remove=("okr:H-1",))
    shop.sync()
    shop.tracker.world.move(item, "OPS")
    shop.goals.kill("H-1")
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}
    shop.tracker.world.move(item, "PAY")
    shop.tracker.later()
    shop.sync()
    assert shop.judged(item).judgement.own.vetoes == {"H-1"}


def test_the_labels_of_a_clone_are_found_and_a_lagging_search_makes_no_veto(shop: Any) -> None:
    item = shop.tracker.create("wallet")
    shop.sync()
    shop.tracker.world.lag_seconds = 3600
    clone = shop.tracker.world.clone(item)
    shop.tracker.world.flush_index()
    shop.pull()
    shop.pull()
    assert shop.state(item).acts == ()
    assert shop.state(clone).foreign == {"okr:aligned"}
    assert shop.state(clone).ours == frozenset()
