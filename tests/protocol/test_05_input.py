"""5: what okrsync writes is never what it reads: no label of ours holds up the next verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from okrsync.core.mapping import Condition, MappingRule
from okrsync.errors import ConfigError
from okrsync.settings.load import load
from okrsync_jira.settings import JiraSettings
from okrsync_yaml.mapping import rules_of

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.paragraph(5)
def test_a_condition_sees_the_labels_of_other_people(shop: Any) -> None:
    item = shop.tracker.create(title="nothing", labels=["Checkout", "okr:KR-1"])
    shop.mapping.rules = [when(label=("checkout",))]
    shop.pull()
    assert set(shop.judged(item).judgement.goals) == {"KR-1", "KR-3"}


@pytest.mark.paragraph(5)
@pytest.mark.parametrize("nested", ["{}", "{{none: {}}}", "{{any: [{}]}}", "{{all: [{}]}}"])
def test_a_rule_that_names_the_vocabulary_is_refused(nested: str) -> None:
    condition = nested.format("{label: [fine, OKR:stale]}")
    text = f"rules: [{{id: r, when: {condition}, serves: KR-1}}]".encode()
    with pytest.raises(ConfigError) as refused:
        rules_of({"m.yaml": text}, None, prefix="okr:")
    assert "'OKR:stale' is a label of okrsync's own" in str(refused.value.problems[0])


@pytest.mark.paragraph(5)
def test_a_scope_query_that_names_the_vocabulary_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "okrsync.yaml"
    file.write_text(
        "trackers: {shop: {adapter: jira, url: 'https://x.atlassian.net', email: a@b.c, token: t,"
        " scopes: [PAY], jql: 'labels = \"OKR:weak\"'}}"
    )
    with pytest.raises(ConfigError) as refused:
        load(file, environ={}, adapters={"jira": JiraSettings})
    told = "\n".join(str(problem) for problem in refused.value.problems)
    assert "names labels that begin with 'okr:'" in told
