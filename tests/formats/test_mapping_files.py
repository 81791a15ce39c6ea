"""Mapping rules are held against the goals, and never look at okrsync's own labels."""

from __future__ import annotations

import pytest

from okrsync.core.mapping import Condition, MappingRule
from okrsync.core.place import Place
from okrsync_yaml import MANIFEST
from okrsync_yaml.goals import goals_of
from okrsync_yaml.mapping import rules_of

GOALS = goals_of(
    {
        "okrs.yaml": b"teams: [{id: till, name: T}]\n"
        b"objectives: [{id: O-1, title: t, team: till, key_results: [{id: KR-1}]}]\n"
        b"hypotheses: [{id: H-1, previously: [H-OLD]}]\nbeliefs: [{id: B-1, text: t}]"
    }
)


def read(rule):
    return rules_of({"m.yaml": b"rules: [" + rule + b"]"}, GOALS, prefix="okr:")


def test_a_rule_keeps_everything_it_says():
    text = b"""rules:
  - id: r
    when:
      tracker: t
      scope: [A, B]
      project: p
      team: till
      type: 7
      label: l
      component: c
      status: doing
      parent: X-1
      milestone: m
      initiative: i
      title_matches: 'a|b'
      text_matches: [c]
      field: {zone: [x, y], size: z}
      any: {label: a}
      all: [{label: b}, {label: c}]
      none: [{any: [{type: d}]}]
    serves: [h-old, B-1, KR-1, O-1]
    learning: true
    enabled: false
    contact: till
"""
    (rule,) = rules_of({"m.yaml": text}, GOALS, prefix="okr:")

    def at(line, column):
        return Place("m.yaml", line, column)

    assert rule == MappingRule(
        id="r",
        when=Condition(
            tracker=("t",),
            scope=("A", "B"),
            project=("p",),
            team=("till",),
            type=("7",),
            label=("l",),
            component=("c",),
            status=("doing",),
            parent=("X-1",),
            milestone=("m",),
            initiative=("i",),
            title_matches=("a|b",),
            text_matches=("c",),
            field={"zone": ("x", "y"), "size": ("z",)},
            any=(Condition(label=("a",), place=at(18, 12)),),
            all=(
                Condition(label=("b",), place=at(19, 13)),
                Condition(label=("c",), place=at(19, 25)),
            ),
            none=(Condition(any=(Condition(type=("d",), place=at(20, 21)),), place=at(20, 14)),),
            place=at(4, 7),
        ),
        serves=("H-1", "B-1", "KR-1", "O-1"),
        learning=True,
        enabled=False,
        contact="till",
        place=at(2, 9),
    )


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (b"{id: r, when: {}, serves: O-1}", "m.yaml:1:23: 'when' must not be empty: it would"),
        (b"{id: r, serves: O-1}", "m.yaml:1:9: 'when' is missing here"),
        (b"{id: r, when: {any: []}, serves: O-1}", "m.yaml:1:29: 'any' must not be empty"),
        (
            b"{id: r, when: {any: {}}, serves: O-1}",
            "m.yaml:1:29: an entry of 'any' must not be empty: it",
        ),
        (b"{id: r, when: {all: [{}]}, serves: O-1}", "m.yaml:1:30: an entry of 'all' must not be"),
        (b"{id: r, when: {type: }, serves: O-1}", "m.yaml:1:30: 'type' must not be empty"),
        (
            b"{id: r, when: {lable: x, type: y}, serves: O-1}",
            "m.yaml:1:24: unknown key 'lable' (did you mean 'label'?)",
        ),
        (
            b"{id: r, when: {type: x}}",
            "m.yaml:1:9: an entry of 'rules' has neither 'serves' nor 'exempt'",
        ),
        (
            b"{id: r, when: {type: x}, serves: O-1, exempt: {because: y}}",
            "m.yaml:1:9: an entry of 'rules' has both",
        ),
        (b"{id: r, when: {type: x}, serves: []}", "m.yaml:1:42: 'serves' must not be empty"),
        (b"{id: r, when: {type: x}, exempt: {}}", "m.yaml:1:42: 'because' is missing here"),
        (
            b"{id: r, when: {type: x}, exempt: {because: ''}}",
            "m.yaml:1:52: 'because' must not be empty",
        ),
        (
            b"{id: r, when: {type: x}, serves: [O-1, KR-2]}",
            "m.yaml:1:48: serves 'KR-2', which is no goal (did you mean 'KR-1'?)",
        ),
        (b"{id: r, when: {type: x}, serves: till}", "m.yaml:1:42: serves 'till', which is no goal"),
        (
            b"{id: r, when: {team: tlil}, serves: O-1}",
            "m.yaml:1:30: there is no team 'tlil' (did you mean 'till'?)",
        ),
        (
            b"{id: r, when: {type: x}, serves: O-1, contact: tll}",
            "m.yaml:1:56: there is no team 'tll' (did you mean 'till'?)",
        ),
        (
            b"{id: r, when: {title_matches: '('}, serves: O-1}",
            "m.yaml:1:39: RE2 does not accept the pattern '(': missing )",
        ),
        (
            b"{id: r, when: {text_matches: [a, '(?=x)']}, serves: O-1}",
            "m.yaml:1:42: RE2 does not accept the pattern '(?=x)'",
        ),
        (
            b"{id: r, when: {label: OKR:stale}, serves: O-1}",
            "m.yaml:1:31: 'OKR:stale' is a label of okrsync's own",
        ),
        (
            b"{id: r, when: {none: {any: [{label: [a, okr:x]}]}}, serves: O-1}",
            "m.yaml:1:49: 'okr:x' is a label of okrsync's own",
        ),
        (
            b"{id: r, when: {field: {f: [okr:y]}}, serves: O-1}",
            "m.yaml:1:36: 'okr:y' is a label of okrsync's own",
        ),
        (
            b"{id: r, when: {type: x}, serves: O-1, enabled: yes}",
            "m.yaml:1:56: 'enabled' must be true or false, not 'yes'",
        ),
        (
            b"{id: r, when: {type: x}, serves: O-1}, {id: R, when: {type: x}, serves: O-1}",
            "m.yaml:1:53: the rule id 'R' is given twice",
        ),
    ],
)
def test_what_a_rule_may_not_say(mistakes, rule, told):
    (message,) = mistakes(read, rule)
    assert message.startswith(told)


def test_mistakes_of_rules_stay_with_their_rules(mistakes):
    rules = b"{id: a}, {id: b, when: {team: x}, serves: O-1}, {id: c, when: {type: x}, serves: O-9}"
    assert mistakes(read, rules) == [
        "m.yaml:1:9: 'when' is missing here",
        "m.yaml:1:39: there is no team 'x'",
        "m.yaml:1:90: serves 'O-9', which is no goal (did you mean 'O-1'?)",
    ]


def test_another_prefix_guards_another_vocabulary(mistakes):
    text = b"rules: [{id: r, when: {label: [okr:stale, Ziel-x]}, serves: O-1}]"
    (message,) = mistakes(rules_of, {"m.yaml": text}, GOALS, prefix="ziel-")
    assert message.startswith("m.yaml:1:43: 'Ziel-x' is a label of okrsync's own")


def test_a_missing_mapping_is_a_mistake(mistakes, tmp_path):
    source = MANIFEST.open_mapping({"path": "mapping.yaml"}, tmp_path)
    assert mistakes(source.read, GOALS, prefix="okr:") == ["mapping.yaml: does not exist"]
