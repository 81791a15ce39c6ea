"""Random rules and items over few words, so that they meet often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from okrsync.core.conditions import Facts
from okrsync.core.mapping import Condition, Mapping, MappingRule
from okrsync.core.place import Place
from okrsync.core.work import Category, ItemRef
from okrsync.testing.world import work_item

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = ("a", "B", "ß", "Ç", "İ")
MOST = (
    *("tracker", "scope", "project", "team", "type", "label"),
    *("component", "parent", "milestone", "initiative"),
)
PATTERNS = ("a", "^b", "(?-i)B", "a.*b", "", "ß|ç", r"\bb\b", "x$")
words = st.lists(st.sampled_from(WORDS), max_size=3).map(tuple)
word = st.sampled_from((None, *WORDS))
patterns = st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2).map(tuple)
values = st.lists(st.sampled_from((*WORDS, "A", "SS", "ss")), min_size=1, max_size=3).map(tuple)
texts = st.text(alphabet="aAbBßÇç x", max_size=8)

STATUSES = st.lists(st.sampled_from(("a", "doing", "DONE")), min_size=1, max_size=2).map(tuple)
FIELDS = st.dictionaries(st.sampled_from(("f", "g")), values, min_size=1)
KEYS = {
    **dict.fromkeys(MOST, values),
    "status": STATUSES,
    "title_matches": patterns,
    "text_matches": patterns,
    "field": FIELDS,
}


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> Condition:
    """Draw a condition that says something, with others nested in it."""
    plain = draw(st.lists(st.sampled_from(tuple(KEYS)), max_size=3, unique=True))
    keys: dict[str, Any] = {key: draw(KEYS[key]) for key in plain}
    nested = draw(st.lists(st.sampled_from(("any", "all", "none")), max_size=2, unique=True))
    if depth:
        some = st.lists(conditions(depth=depth - 1), min_size=1, max_size=3).map(tuple)
        keys |= {key: draw(some) for key in nested}
    return Condition(**(keys or {"type": draw(values)}))


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """Draw an item as conditions see it."""
    item = work_item(
        "1",
        ref=ItemRef(draw(st.sampled_from(WORDS)), "1"),
        scope=draw(st.sampled_from(WORDS)),
        projects=draw(words),
        type=draw(st.sampled_from(WORDS)),
        components=draw(words),
        status=draw(st.sampled_from(("a", "b"))),
        category=draw(st.sampled_from(Category)),
        milestone=draw(word),
        initiatives=draw(words),
        title=draw(texts),
        text=draw(st.one_of(st.none(), texts)),
        fields={"f": draw(words)},
    )
    return Facts(item, draw(word), draw(words), draw(words))


def rules_from(whens: Sequence[Condition], *, off: frozenset[int] = frozenset()) -> Mapping:
    """Make a rule of each condition, every third an exempting one."""
    return Mapping(
        rules=tuple(
            MappingRule(
                id=f"rule-{n}",
                when=when,
                serves=() if n % 3 == 2 else (f"KR-{n}",),
                exempt="upkeep" if n % 3 == 2 else None,
                enabled=n not in off,
                place=Place("mapping.yaml", n + 1, 1),
            )
            for n, when in enumerate(whens)
        )
    )


@st.composite
def mappings(draw: st.DrawFn) -> Mapping:
    """Draw some rules, of which some may be switched off."""
    whens = draw(st.lists(conditions(), max_size=5))
    return rules_from(whens, off=draw(st.frozensets(st.integers(0, 5), max_size=2)))
