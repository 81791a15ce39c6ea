"""A change of a rule changes nothing else in the file: no comment, no order and no space."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from okrsync.core.mapping import MappingRule
from okrsync.core.mapping_edits import Add, Change, Move, Remove, Spot, condition_of, edited
from okrsync.errors import ConfigError, RefusedError, UsageError
from okrsync_yaml.goals import goals_of
from okrsync_yaml.mapping import YamlMapping, rules_of
from okrsync_yaml.mapping_edit import YamlMappingEditor

GOALS = goals_of(
    {
        "okrs.yaml": b"teams: [{id: till, name: T}]\n"
        b"objectives: [{id: O-1, title: t, team: till, key_results: [{id: KR-1}]}]\n"
        b"hypotheses: [{id: H-1}]"
    }
)
FILE = """\
# All rules of the shop.
rules:
  # Work that needs no outcome.
  - id: upkeep   # since spring
    when: {type: [Incident, "Dependency update"]}
    exempt: {because: keeps the shop open}

  - id: wallet
    when:
      # two ways to say it
      any:
        - {label: one-tap}
        - {component: wallet}
    serves: [H-1]  # the bet
    contact: till
    # the end of wallet

  # Everything else in payments.
  - id: rest
    when: {scope: PAY}
    serves: [KR-1]
# The end.
"""


@pytest.fixture
def editor(tmp_path):
    def made(text=FILE, name="mapping.yaml"):
        (tmp_path / name).write_bytes(text.encode())
        return YamlMappingEditor(tmp_path / "mapping.yaml", tmp_path)

    return made


def changes(draft):
    """List what the diff takes out and puts in."""
    lines = draft.diff.splitlines()[2:]
    return [line for line in lines if line[0] in "+-"]


def rule(rule_id="cards", *when, **given):
    return MappingRule(
        id=rule_id,
        when=condition_of(when or ("component=cards",)),
        **(given or {"serves": ("KR-1",)}),
    )


def order(draft):
    return [each.id for each in draft.mapping.rules]


def test_a_new_rule_is_written_as_its_neighbours_are(editor):
    draft = editor().draft(
        Add(rule("cards", "component=cards", "label!=wip"), Spot("rest", after=False)),
        GOALS,
        prefix="okr:",
    )
    assert order(draft) == ["upkeep", "wallet", "cards", "rest"]
    assert changes(draft) == [
        "+  - id: cards",
        "+    when: {component: cards, none: {label: wip}}",
        "+    serves: [KR-1]",
        "+",
    ]


def test_every_key_of_a_new_rule_can_be_said(editor):
    new = rule(
        "all",
        "tracker=t",
        "title_matches=one[- ]tap: #1",
        "type=7",
        "type=Bug",
        "field.Zone=x=y",
        exempt="it: is so",
        enabled=False,
        contact="till",
    )
    draft = editor().draft(Add(new, Spot("upkeep", after=True)), GOALS, prefix="okr:")
    assert order(draft) == ["upkeep", "all", "wallet", "rest"]
    assert draft.mapping.rules[1].when.field == {"Zone": ("x=y",)}
    assert draft.mapping.rules[1].when.type == ("7", "Bug")


@pytest.mark.parametrize("empty", ["", "rules: []\n", "# nothing\n", "rules: [ ]  # none"])
def test_the_first_rule_begins_the_list(editor, empty, tmp_path):
    made = editor(empty)
    draft = made.draft(Add(rule()), GOALS, prefix="okr:")
    assert order(draft) == ["cards"]
    made.save(draft)
    text = (tmp_path / "mapping.yaml").read_text()
    assert ("#" in text) == ("#" in empty)


def test_a_rule_takes_its_comments_along(editor):
    draft = editor().draft(Move("rest", Spot("wallet", after=False)), GOALS, prefix="okr:")
    assert order(draft) == ["upkeep", "rest", "wallet"]
    text = draft.texts["mapping.yaml"][1].decode()
    assert text.index("# Everything else") < text.index("id: rest") < text.index("id: wallet")
    assert sorted(text.split()) == sorted(FILE.split())


def test_a_rule_that_goes_leaves_the_comments_above_it(editor):
    draft = editor().draft(Remove("upkeep"), GOALS, prefix="okr:")
    assert changes(draft) == [
        "-  - id: upkeep   # since spring",
        '-    when: {type: [Incident, "Dependency update"]}',
        "-    exempt: {because: keeps the shop open}",
    ]


def test_the_last_rule_that_goes_leaves_an_empty_list(editor):
    text = "rules:  # of the shop\n  - id: a\n    when: {type: x}\n    serves: KR-1\n"
    draft = editor(text).draft(Remove("A"), GOALS, prefix="okr:")
    assert draft.texts["mapping.yaml"][1] == b"rules: []  # of the shop\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            Change(rule="wallet", serves=("KR-1", "H-1")),
            ["-    serves: [H-1]  # the bet", "+    serves: [KR-1, H-1]  # the bet"],
        ),
        (Change(rule="wallet", contact=""), ["-    contact: till"]),
        (Change(rule="rest", enabled=False), ["+    enabled: false"]),
        (
            Change(rule="rest", when=condition_of(["type=Bug"])),
            ["-    when: {scope: PAY}", "+    when: {type: Bug}"],
        ),
        (
            Change(rule="upkeep", exempt="it is the law"),
            [
                "-    exempt: {because: keeps the shop open}",
                "+    exempt: {because: it is the law}",
            ],
        ),
        (
            Change(rule="rest", exempt="no goal"),
            ["-    serves: [KR-1]", "+    exempt: {because: no goal}"],
        ),
    ],
)
def test_a_change_touches_its_own_lines_only(editor, change, told):
    draft = editor().draft(change, GOALS, prefix="okr:")
    assert sorted(changes(draft)) == sorted(told)


def test_switching_off_and_on_ends_where_it_began(editor, tmp_path):
    made = editor()
    made.save(made.draft(Change(rule="rest", enabled=False), GOALS, prefix="okr:"))
    draft = made.draft(Change(rule="rest", enabled=True), GOALS, prefix="okr:")
    assert changes(draft) == ["-    enabled: false", "+    enabled: true"]


def test_comments_are_never_lost_to_a_change(editor):
    with pytest.raises(ConfigError, match="comments would be lost") as caught:
        editor().draft(Change(rule="wallet", when=condition_of(["type=Bug"])), GOALS, prefix="okr:")
    assert caught.value.hint == "change the file by hand"


def test_rules_in_braces_and_brackets_stay_so(editor):
    text = "rules: [{id: a, when: {type: x}, serves: KR-1}, {id: b, when: {type: y}, serves: H-1}]"
    made = editor(text)
    moved = made.draft(Move("b", Spot("a", after=False)), GOALS, prefix="okr:")
    assert moved.texts["mapping.yaml"][1].decode() == (
        "rules: [{id: b, when: {type: y}, serves: H-1}, {id: a, when: {type: x}, serves: KR-1}]"
    )
    added = made.draft(Add(rule("c")), GOALS, prefix="okr:")
    assert added.texts["mapping.yaml"][1].decode() == (
        f"{text[:-1]}, {{id: c, when: {{component: cards}}, serves: [KR-1]}}]"
    )
    less = made.draft(Remove("a"), GOALS, prefix="okr:")
    assert less.texts["mapping.yaml"][1].decode() == (
        "rules: [{id: b, when: {type: y}, serves: H-1}]"
    )
    said = made.draft(Change(rule="a", learning=True, serves=("H-1",)), GOALS, prefix="okr:")
    assert "{id: a, when: {type: x}, serves: [H-1], learning: true}" in said.diff


def test_line_ends_and_a_byte_order_mark_stay(editor):
    text = "\ufeff" + FILE.replace("\n", "\r\n")
    for edit in (
        Add(rule()),
        Remove("wallet"),
        Move("rest", Spot("upkeep", after=False)),
        Change(rule="rest", enabled=False),
    ):
        after = editor(text).draft(edit, GOALS, prefix="okr:").texts["mapping.yaml"][1]
        assert after.startswith("\ufeff".encode())
        assert after.count(b"\n") == after.count(b"\r\n")


def test_a_rule_moves_between_files(tmp_path):
    folder = tmp_path / "mapping"
    folder.mkdir()
    (folder / "1.yaml").write_text(FILE)
    (folder / "2.yaml").write_text("rules:\n- id: last\n  when: {type: y}\n  serves: [H-1]\n")
    editor = YamlMappingEditor(folder, tmp_path)
    draft = editor.draft(Move("wallet", Spot("last", after=True)), GOALS, prefix="okr:")
    assert order(draft) == ["upkeep", "rest", "last", "wallet"]
    editor.save(draft)
    assert (folder / "2.yaml").read_text().endswith("  contact: till\n  # the end of wallet\n")
    rules = YamlMapping(folder, tmp_path).read(GOALS, prefix="okr:").rules
    assert [each.id for each in rules] == order(draft)
    again = editor.draft(Add(rule()), GOALS, prefix="okr:")
    assert list(again.texts) == ["mapping/2.yaml"]


def test_nothing_is_written_to_rules_that_changed_in_between(editor, tmp_path):
    made = editor()
    draft = made.draft(Remove("rest"), GOALS, prefix="okr:")
    (tmp_path / "mapping.yaml").write_text(f"{FILE}# me too\n")
    with pytest.raises(RefusedError):
        made.save(draft)
    assert (tmp_path / "mapping.yaml").read_text() == f"{FILE}# me too\n"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (Add(rule("cards", exempt=None, serves=("KR-9",))), "serves 'KR-9', which is no goal"),
        (Add(rule("cards", "label=okr:stale")), "'okr:stale' is a label of okrsync's own"),
        (Add(rule("bugs", "scope=pay", "type=Bug")), "the rule 'bugs' can never match: 'rest'"),
        (Move("rest", Spot("upkeep", after=False)), None),
        (Add(rule("cards", "title_matches=(")), "RE2 does not accept"),
    ],
)
def test_what_a_file_may_not_say_is_not_written(editor, edit, told):
    if told is None:
        assert order(editor().draft(edit, GOALS, prefix="okr:"))[0] == "rest"
        return
    with pytest.raises(ConfigError) as caught:
        editor().draft(edit, GOALS, prefix="okr:")
    assert [problem.message.startswith(told) for problem in caught.value.problems] == [True]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (Add(rule("Wallet")), "there is a rule 'wallet' already"),
        (Add(rule("x"), Spot("walet", after=True)), "no mapping rule is called 'walet'"),
        (Remove("nothing"), "no mapping rule is called 'nothing'"),
        (Change(rule="nothing"), "no mapping rule is called 'nothing'"),
        (Move("rest", Spot("REST", after=True)), "'rest' cannot stand before or after itself"),
    ],
)
def test_rules_are_named_rightly_or_not_at_all(editor, edit, told):
    with pytest.raises(UsageError) as caught:
        editor().draft(edit, GOALS, prefix="okr:")
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("component", "'component' is no condition"),
        ("component=", "'component=' is no condition"),
        ("lable=x", "a rule cannot ask for 'lable'"),
        ("field.=x", "a rule cannot ask for 'field.'"),
        ("any=x", "a rule cannot ask for 'any'"),
    ],
)
def test_a_condition_that_is_typed_wrongly_is_refused(word, told):
    with pytest.raises(UsageError) as caught:
        condition_of([word])
    assert str(caught.value) == told


COMMENTS = st.sampled_from(["", "  # why", "  # {not: yaml}"])


@st.composite
def files(draw):
    """Draw the text of a file with a few rules, each written in some manner."""
    margin = draw(st.sampled_from(["", "  ", "    "]))
    airy = draw(st.booleans())
    lines = ["# top", f"rules:{draw(COMMENTS)}"]
    for n in range(draw(st.integers(1, 4))):
        lines += [""] * airy + draw(st.sampled_from([[], [f"{margin}# about r{n}", f"{margin}#"]]))
        when = f"{{type: t{n}}}"
        manner = draw(st.sampled_from(["block", "deep", "braces"]))
        if manner == "braces":
            lines.append(f"{margin}- {{id: r{n}, when: {when}, serves: KR-1}}{draw(COMMENTS)}")
            continue
        lines.append(f"{margin}- id: r{n}{draw(COMMENTS)}")
        lines += (
            [f"{margin}  when: {when}{draw(COMMENTS)}"]
            if manner == "block"
            else [f"{margin}  when:", f"{margin}    type:", f"{margin}      - t{n}"]
        )
        lines.append(f"{margin}  serves: [KR-1]{draw(COMMENTS)}")
    lines += draw(st.sampled_from([[], ["# end"], ["", "# end", ""]]))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n"]))


@st.composite
def edits(draw):
    """Draw a change that these rules can undergo."""
    rules = [f"r{n}" for n in range(4)]
    one, other = draw(st.permutations(rules))[:2]
    spot = Spot(other, after=draw(st.booleans()))
    return draw(
        st.sampled_from(
            [
                Add(rule("new")),
                Add(rule("new"), spot),
                Move(one, spot),
                Remove(one),
                Change(rule=one, serves=("H-1",)),
                Change(rule=one, when=condition_of(["label=x", "label=y"])),
                Change(rule=one, enabled=False, contact="till"),
            ]
        )
    )


@given(files(), edits())
def test_whatever_the_manner_only_what_was_asked_changes(text, edit):
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "mapping.yaml").write_text(text)
        editor = YamlMappingEditor(folder / "mapping.yaml", folder)
        try:
            draft = editor.draft(edit, GOALS, prefix="okr:")
        except UsageError:
            assume(False)
        editor.save(draft)
        after = (folder / "mapping.yaml").read_text()
    assert [one.id for one in draft.mapping.rules] == [
        one.id for one in edited(rules_of({"m": text.encode()}, GOALS, prefix="okr:"), edit)
    ]
    comments = [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
    kept = [line.strip() for line in after.splitlines() if line.strip().startswith("#")]
    assert sorted(kept) == sorted(comments)
    named = set() if isinstance(edit, Add) else {edit.rule}
    for n in range(4):
        own = [line for line in text.splitlines() if f"id: r{n}" in line]
        assert f"r{n}" in named or [ln for ln in after.splitlines() if f"id: r{n}" in ln] == own
