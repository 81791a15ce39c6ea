"""5: what okrsync writes is never what it reads: no label of ours holds up the next verdict."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.core.mapping import Condition, MappingRule


def when(**condition: Any) -> MappingRule:
    return MappingRule(id="r", when=Condition(**condition), serves=("KR-3",))


@pytest.mark.paragraph(5)
@pytest.mark.parametrize(
    "condition",
    [
        {"label": ("okr:KR-1",)},
        {"label": ("OKR:kr-1", "okr:aligned")},
        {"any": (Condition(label=("okr:aligned",)),)},
        {"all": (Condition(label=("okr:H-1",)),)},
    ],
)
def test_a_condition_does_not_see_the_vocabulary_on_an_item(
    shop: Any, condition: dict[str, Any]
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.mapping.rules.insert(0, when(**condition))
    assert shop.judged(item).judgement.goals == ("H-1",)


@pytest.mark.paragraph(5)
def test_an_exception_does_not_see_the_vocabulary_either(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    excepted = Condition(label=("okr:aligned", "okr:KR-3"))
    shop.mapping.rules = [when(title_matches=("nothing",), none=(excepted,))]
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}
    assert shop.plan().planned.empty


@pytest.mark.paragraph(5)
def test_what_okrsync_wrote_does_not_hold_itself_up(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.mapping.rules = []
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


@pytest.mark.paragraph(5)
def test_a_search_that_shows_a_persons_label_is_not_taken_at_its_word(shop: Any) -> None:
    """The index tells of a label that is gone again; only the direct read after it counts."""
    item = shop.tracker.create(title="nothing")
    shop.pull()
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.tracker.lag = 1
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.pull()
    assert shop.judged(item).judgement.goals == ()
