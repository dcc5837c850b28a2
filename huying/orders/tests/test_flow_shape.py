"""The shape of the flow table: nothing unreachable, nothing that cannot be left, every word in Chinese, every form whole."""

import pytest

from huying.orders import flow
from huying.orders.flow import ACTIONS, FACTS, State
from huying.orders.flow.fields import Field
from huying.orders.notices import TEMPLATES
from huying.people.rules import PERMISSIONS, ROLES

S = State


def test_every_state_can_be_reached_and_left_and_every_action_can_happen() -> None:
    reached, grown = {S.DRAFT}, True
    happened: set[str] = set()
    while grown:
        before = len(reached) + len(happened)
        for action in ACTIONS.values():
            if action.sources & reached:
                happened.add(action.name)
                reached |= action.reaches
        grown = len(reached) + len(happened) > before
    assert reached == set(State)
    assert happened == set(ACTIONS)


def test_from_every_state_the_order_can_come_to_an_end_without_being_voided() -> None:
    ends, grown = {S.ARCHIVED}, True
    while grown:
        before = len(ends)
        for action in ACTIONS.values():
            if action.name not in ("void", "withdraw", "merge") and action.reaches & ends:
                ends |= action.sources
        grown = len(ends) > before
    assert ends == set(State)


def test_states_are_left_by_somebody_who_may() -> None:
    """Every action belongs to a permission, every permission of an action to a role."""
    held = frozenset().union(*(role.permissions for role in ROLES.values()))
    for action in ACTIONS.values():
        assert action.permission in PERMISSIONS
        assert action.permission in held, action.name


def test_labels_are_unique_and_chinese() -> None:
    labels = [action.label for action in ACTIONS.values()] + list(FACTS.values())
    assert len(labels) == len(set(labels))
    assert not ACTIONS.keys() & FACTS.keys()
    for kind in (
        flow.State,
        flow.AssignmentState,
        flow.Outcome,
        flow.Nature,
        flow.Urgency,
        flow.Channel,
        flow.ClockKind,
    ):
        assert len({label for _, label in kind.choices()}) == len(kind.choices())
    for text in [*labels, *(action.says for action in ACTIONS.values()), *TEMPLATES.values()]:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text), text


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_has_a_form_with_chinese_labels(name: str) -> None:
    fields: tuple[Field, ...] = ACTIONS[name].fields
    assert fields
    assert len({field.name for field in fields}) == len(fields)
    for field in fields:
        words = [field.label, *(label for _, label in field.choices)]
        assert all(words), field.name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in field.label)
        assert (field.type == "choice") == bool(field.choices)
        assert field.name.isidentifier()


def test_targets_are_reached() -> None:
    for action in ACTIONS.values():
        if action.target is not None:
            assert action.target in action.reaches


def test_event_labels_cover_actions_and_facts() -> None:
    assert flow.event_label("dispatch") == "派单"
    assert flow.event_label("registered") == "登记"
    with pytest.raises(KeyError):
        flow.event_label("no_such_kind")
