"""The flow table, pure and exhaustive: every role in every state at every action, every rule, no dead ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from huying.orders.flow import (
    ACTIONS,
    Action,
    Actor,
    AssignmentFacts,
    AssignmentState,
    Limits,
    Nature,
    OrderFacts,
    Outcome,
    Part,
    Situation,
    State,
    derived_state,
    offers,
    why_not,
    why_not_told,
)
from huying.orders.flow import guards as g
from huying.people.rules import ROLES, permissions_of

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LIMITS = Limits()
S, A = State, AssignmentState
ME, SOMEBODY = 1, 2
OUR_UNIT, OTHER_UNIT, LOWER_UNIT = 10, 20, 30
OUR_TEAM, OTHER_TEAM = 5, 6

# Who may do what when nothing else stands in the way: said here a second time on purpose, by role instead of by
# permission, so that a slip in either table shows.
DESK = {"operator", "leader"}
ABOVE = {"supervisor", "chief"}
UNITS = {"handler", "head"}
WHO: dict[str, set[str]] = {
    "submit": DESK, "answer": DESK, "refuse": DESK, "transfer": DESK, "supplement": DESK, "withdraw": DESK,
    "pass_review": {"leader", "chief"}, "fail_review": {"leader", "chief"},
    "correct": DESK | {"dispatcher", "approver"}, "ask_citizen": DESK | {"dispatcher"},
    "dispatch": {"dispatcher"}, "add_assisting": {"dispatcher"}, "recall": {"dispatcher"}, "convene": {"dispatcher"},
    "approve_return": {"dispatcher"}, "refuse_return": {"dispatcher"},
    "arbitrate": {"dispatcher"} | ABOVE,
    "approve_extension": {"dispatcher", "supervisor"}, "refuse_extension": {"dispatcher", "supervisor"},
    "approve_promise": {"dispatcher", "supervisor"}, "refuse_promise": {"dispatcher", "supervisor"},
    "accept": UNITS, "contact": UNITS, "send_back": UNITS, "hand_down": UNITS, "take_back": UNITS, "extend": UNITS,
    "promise": UNITS, "reach_milestone": UNITS, "reply": UNITS,
    "pass_unit_review": {"head"}, "fail_unit_review": {"head"},
    "approve": {"approver"}, "reject": {"approver"},
    "call_back": {"callback"}, "redo": {"callback"}, "close_unreached": {"callback"},
    "urge": DESK | UNITS | ABOVE | {"dispatcher", "callback"},
    "supervise": ABOVE, "finish_supervision": ABOVE,
    "suspend": {"dispatcher", "supervisor"}, "resume": {"dispatcher", "supervisor"},
    "merge": {"leader", "dispatcher"}, "unmerge": {"leader", "dispatcher"},
    "void": {"leader", "dispatcher", "chief"},
    "reopen": {"dispatcher", "callback"} | ABOVE,
    "archive": ABOVE,
    "note_down": set(ROLES) - {"analyst", "planner", "admin"},
}  # fmt: skip

OPEN = set(State) - {S.CLOSED, S.ARCHIVED}
WORKING = {S.IN_PROGRESS, S.PROMISED}
BEFORE_UNITS = {S.DRAFT, S.TO_DISPATCH}
WHEN: dict[str, set[State]] = {
    "submit": {S.DRAFT}, "answer": BEFORE_UNITS, "refuse": BEFORE_UNITS, "transfer": BEFORE_UNITS,
    "pass_review": {S.IN_REVIEW}, "fail_review": {S.IN_REVIEW}, "correct": OPEN,
    "ask_citizen": {S.DRAFT, S.TO_DISPATCH, S.IN_PROGRESS}, "supplement": {S.AWAITING_CITIZEN},
    "dispatch": {S.TO_DISPATCH}, "add_assisting": WORKING, "recall": {S.IN_PROGRESS}, "accept": WORKING,
    "contact": WORKING, "send_back": {S.IN_PROGRESS}, "approve_return": WORKING, "refuse_return": WORKING,
    "convene": {S.TO_DISPATCH, S.IN_PROGRESS}, "arbitrate": {S.DISPUTED}, "hand_down": WORKING, "take_back": WORKING,
    "extend": WORKING, "approve_extension": WORKING, "refuse_extension": WORKING, "promise": {S.IN_PROGRESS},
    "approve_promise": {S.IN_PROGRESS}, "refuse_promise": {S.IN_PROGRESS}, "reach_milestone": {S.PROMISED},
    "reply": WORKING, "pass_unit_review": WORKING, "fail_unit_review": WORKING, "approve": {S.REPLY_REVIEW},
    "reject": {S.REPLY_REVIEW}, "call_back": {S.TO_CALL_BACK}, "redo": {S.TO_CALL_BACK},
    "close_unreached": {S.TO_CALL_BACK},
    "urge": OPEN - {S.DRAFT, S.SUSPENDED, S.AWAITING_CITIZEN},
    "supervise": OPEN - {S.DRAFT}, "finish_supervision": OPEN | {S.CLOSED},
    "suspend": {S.TO_DISPATCH, S.IN_PROGRESS, S.PROMISED, S.DISPUTED}, "resume": {S.SUSPENDED, S.AWAITING_CITIZEN},
    "merge": {S.DRAFT, S.IN_REVIEW, S.TO_DISPATCH, S.IN_PROGRESS}, "unmerge": {S.CLOSED, S.ARCHIVED},
    "void": OPEN, "withdraw": OPEN - {S.TO_CALL_BACK}, "reopen": {S.CLOSED, S.ARCHIVED}, "archive": {S.CLOSED},
    "note_down": OPEN | {S.CLOSED},
}  # fmt: skip


def actor(role: str, **changes: Any) -> Actor:
    """A person of a role: in our team when a desk role, in our unit when a unit role."""
    unit = OUR_UNIT if role in UNITS else None
    team = OUR_TEAM if role in DESK else None
    return replace(Actor(ME, "甲", unit, "", 0, team, role, permissions_of([role])), **changes)


def share(state: AssignmentState = A.HANDLING, **changes: Any) -> AssignmentFacts:
    """The lead's share, of our unit."""
    made = AssignmentFacts(
        1, OUR_UNIT, 3, Part.LEAD, state, contacted_at=NOW, due_at=NOW + timedelta(days=7), return_due_at=NOW + timedelta(days=1),
        extend_until=NOW + timedelta(days=6),
    )  # fmt: skip
    return replace(made, **changes)


def handed_down(state: AssignmentState = A.HANDLING) -> AssignmentFacts:
    """What the lead handed down to a unit below it."""
    return share(state, id=2, unit_id=LOWER_UNIT, parent_id=1, return_due_at=None)


def ready(action: Action, state: State, by: Actor) -> OrderFacts:
    """An order on which nothing but permission and state can stand in the way of the action."""
    order = OrderFacts(
        state, Nature.COMPLAINT, operator_id=ME, team_id=OUR_TEAM, failed_attempts=3, open_milestones=0,
        closed_at=NOW - timedelta(days=1), outcome=Outcome.SOLVED, assignments=(share(),),
    )  # fmt: skip
    mine = share(next(iter(action.units))) if action.units else share()
    special: dict[str, dict[str, Any]] = {
        "pass_review": {"operator_id": SOMEBODY},
        "finish_supervision": {"supervised": True},
        "unmerge": {"outcome": Outcome.MERGED},
        "reach_milestone": {"open_milestones": 1},
        "extend": {"assignments": (replace(mine, part=Part.ASSISTING),)},  # the lead of a promise has its date
        "take_back": {"assignments": (mine, handed_down())},
        "urge": {"assignments": (mine, handed_down())},
    }
    changes: dict[str, Any] = special.get(action.name, {"assignments": (mine,)} if action.units else {})
    if action.name.endswith("_extension"):
        mine = replace(mine, pending_extension=True)
        changes = {"assignments": (mine,)}
    if action.name.endswith("_promise"):
        mine = replace(mine, pending_promise=True)
        changes = {"assignments": (mine,)}
    if action.name in ("correct", "ask_citizen") and by.role in DESK:
        changes["operator_id"] = ME
    return replace(order, **changes)


def test_the_tables_speak_of_the_same_actions() -> None:
    assert WHO.keys() == ACTIONS.keys() == WHEN.keys()


@pytest.mark.parametrize("name", ACTIONS)
def test_every_role_in_every_state(name: str) -> None:
    action = ACTIONS[name]
    for role, state in product(ROLES, State):
        by = actor(role)
        refusal = why_not(action, ready(action, state, by), by, NOW, LIMITS)
        expected = "no_permission" if role not in WHO[name] else "wrong_state" if state not in WHEN[name] else None
        assert (refusal and refusal.code) == expected, (role, state)


@pytest.mark.parametrize("name", ACTIONS)
def test_the_system_may_do_everything_in_the_right_state(name: str) -> None:
    action = ACTIONS[name]
    system = Actor(None, "系统", None, "", 0, None, "system", frozenset(), system=True)
    for state in WHEN[name]:
        assert why_not(action, ready(action, state, system), system, NOW, LIMITS) is None, state


def test_somebody_without_roles_may_do_nothing() -> None:
    nobody = actor("planner")
    for action, state in product(ACTIONS.values(), State):
        refusal = why_not(action, ready(action, state, nobody), nobody, NOW, LIMITS)
        assert refusal is not None
        assert refusal.code == "no_permission"


# -- every rule has a case in which it refuses


def order(**changes: Any) -> OrderFacts:
    return replace(ready(ACTIONS["reply"], S.IN_PROGRESS, actor("handler")), **changes)


def case(
    by: Actor | None = None, assignment: AssignmentFacts | None = None, told: dict[str, Any] | None = None, **changes: Any
) -> Situation:  # fmt: skip
    """A situation; the assignment also is the order's."""
    if assignment is not None and "assignments" not in changes:
        changes["assignments"] = (assignment,)
    return Situation(order(**changes), by or actor("handler"), NOW, LIMITS, assignment, told or {})


PROMISE = {"until": date(2026, 6, 1), "milestones": [{"title": "立项", "due_on": date(2026, 4, 1)}]}
CALLED = {"reached": True, "solved": True, "satisfied": "satisfied"}
UNHAPPY = {"reached": True, "solved": False, "satisfied": "unsatisfied", "reason": "没有人来"}
REFUSALS: list[tuple[Callable[[Situation], Any], str, Situation]] = [
    (g.own_order, "not_your_order", case(actor("operator"), operator_id=SOMEBODY)),
    (g.own_order, "not_your_order", case(actor("leader"), operator_id=SOMEBODY, team_id=OTHER_TEAM)),
    (g.own_order_or_desk, "not_your_order", case(actor("operator"), operator_id=SOMEBODY)),
    (g.own_team, "not_your_team", case(actor("leader"), team_id=OTHER_TEAM)),
    (g.not_own_registration, "own_registration", case(actor("leader"), operator_id=ME)),
    (g.not_own_registration, "own_proposal", case(actor("leader"), operator_id=SOMEBODY, proposer_id=ME)),
    (g.complete, "content_missing", case(actor("operator"), has_content=False)),
    (g.has_lead, "no_lead_unit", case(actor("dispatcher"), assignments=())),
    (g.has_lead, "no_lead_unit", case(actor("dispatcher"), assignment=share(A.RETURNED))),
    (g.own_assignment, "not_your_unit", case()),
    (g.own_assignment, "not_your_unit", case(assignment=share(unit_id=OTHER_UNIT))),
    (g.any_assignment, "no_such_assignment", case(actor("dispatcher"))),
    (g.within_return_window, "return_window_over", case(assignment=share(return_due_at=NOW - timedelta(seconds=1)))),
    (g.returns_left, "returns_used_up", case(assignment=share(), returns_by_unit={OUR_UNIT: 2})),
    (g.not_appointed, "appointed", case(assignment=share(appointed=True))),
    (g.not_a_hand_down, "hand_down", case(assignment=handed_down())),
    (g.is_lead, "not_lead", case(assignment=share(part=Part.ASSISTING))),
    (g.not_handed_on, "handed_down", case(assignment=share(), assignments=(share(), handed_down(A.REPLIED)))),
    (g.children_replied, "children_unfinished", case(assignment=share(), assignments=(share(), handed_down()))),
    (g.extension_open, "extension_pending", case(assignment=share(pending_extension=True))),
    (g.extension_open, "extensions_used_up", case(assignment=share(extensions=2))),
    (g.extension_open, "promised", case(assignment=share(), state=S.PROMISED)),
    (g.extension_open, "already_overdue", case(assignment=share(due_at=NOW))),
    (g.extension_open, "too_late_to_extend", case(assignment=share(extend_until=NOW - timedelta(seconds=1)))),
    (g.extension_pending, "no_extension_pending", case(assignment=share())),
    (g.promise_not_pending, "promise_pending", case(assignment=share(pending_promise=True))),
    (g.promise_pending, "no_promise_pending", case(assignment=share())),
    (g.milestones_reached, "milestones_left", case(assignment=share(), state=S.PROMISED, open_milestones=1)),
    (g.milestones_open, "no_open_milestone", case(assignment=share(), state=S.PROMISED)),
    (g.can_hand_down, "already_third_tier", case(assignment=handed_down())),
    (g.can_hand_down, "lowest_tier", case(assignment=share(lowest=True))),
    (g.is_hand_down, "nothing_handed_down", case(assignment=share())),
    (g.redo_left, "redo_used_up", case(actor("callback"), redo_count=3)),
    (g.rework_left, "redo_used_up", case(actor("approver"), redo_count=3, explanation_pending=True)),
    (g.attempts_used, "attempts_left", case(actor("callback"), failed_attempts=2)),
    (g.within_reopen_window, "reopen_window_over", case(actor("chief"), closed_at=NOW - timedelta(days=30, seconds=1))),
    (g.within_reopen_window, "not_reopenable", case(actor("chief"), outcome=Outcome.MERGED)),
    (g.merged_child, "not_merged", case(actor("leader"))),
    (g.not_a_parent, "has_children", case(actor("leader"), children=1)),
    (g.supervised, "not_supervised", case(actor("chief"))),
    (g.not_supervised, "already_supervised", case(actor("chief"), supervised=True)),
    (g.supervision_finished, "still_supervised", case(actor("chief"), supervised=True)),
    (g.answered_with_parent, "parent_open", case(actor("chief"), parent_open=True)),
    (g.has_whom_to_urge, "nobody_to_urge", case(assignment=share())),
    (g.has_whom_to_urge, "nobody_to_urge", case(assignments=(share(), handed_down(A.REPLIED)))),
    (g.answer_is_grounded, "answer_needs_knowledge", case(actor("operator"), told={"answer": "可以"})),
    (g.citizen_was_told, "citizen_not_told", case(actor("operator"), told={"told_citizen": False})),
    (g.citizen_knows_of_delay, "citizen_not_told", case(told={"told_citizen": False})),
    (g.exclusion_fits, "nothing_to_exclude", case(actor("approver"), told={"excluded": True})),
    (g.supervision_is_ahead, "due_in_the_past", case(actor("chief"), told={"due_on": date(2026, 3, 9)})),
    (g.reply_has_contact, "contact_missing", case(assignment=share(contacted_at=None))),
    (g.lead_not_assisting, "lead_is_assisting", case(actor("dispatcher"), told={"lead": "a", "assisting": ["b", "a"]})),
    (g.lead_not_assisting, "assisting_twice", case(actor("dispatcher"), told={"lead": "a", "assisting": ["b", "b"]})),
    (g.call_back_is_whole, "answers_missing", case(told={"reached": True, "solved": True})),
    (g.call_back_is_whole, "answers_missing", case(told={"reached": True, "satisfied": "satisfied"})),
    (g.call_back_is_whole, "answers_unexpected", case(told={"reached": False, "solved": False})),
    (g.call_back_is_whole, "answers_unexpected", case(told={"reached": False, "next": "close"})),
    (g.call_back_is_whole, "reason_missing", case(told=UNHAPPY | {"reason": ""})),
    (g.call_back_is_whole, "reason_missing", case(told=CALLED | {"solved": False})),
    (g.call_back_is_whole, "unhappy_needs_choice", case(told=UNHAPPY | {"next": "close"})),
    (g.call_back_is_whole, "happy_needs_no_redo", case(told=CALLED | {"next": "redo"})),
    (g.call_back_is_whole, "redo_used_up", case(told=UNHAPPY, redo_count=3)),
    (g.milestones_are_dated, "milestones_missing", case(told=PROMISE | {"milestones": []})),
    (g.milestones_are_dated, "promise_in_the_past", case(told=PROMISE | {"until": date(2026, 3, 10)})),
    (g.milestones_are_dated, "promise_too_long", case(told=PROMISE | {"until": date(2026, 12, 11)})),
    (g.milestones_are_dated, "milestone_after_end", case(told=PROMISE | {"until": date(2026, 3, 31)})),
    (
        g.milestones_are_dated, "milestone_in_the_past",
        case(told=PROMISE | {"milestones": [{"title": "立项", "due_on": date(2026, 3, 9)}]}),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "code", "situation"), REFUSALS, ids=[f"{rule.__name__}-{code}" for rule, code, _ in REFUSALS]
)
def test_every_rule_refuses_with_a_sentence(rule: Callable[[Situation], Any], code: str, situation: Situation) -> None:
    refusal = rule(situation)
    assert refusal.code == code
    assert "。" not in refusal.sentence
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refusal.sentence)


def rules_in_use() -> set[Callable[[Situation], Any]]:
    return {rule for action in ACTIONS.values() for rule in (*action.guards, *action.checks)}


def test_every_rule_in_use_has_a_refusing_case_and_no_rule_is_unused() -> None:
    assert rules_in_use() | {g.redo_left} == {rule for rule, _, _ in REFUSALS}
    written = {
        rule for name, rule in vars(g).items()
        if callable(rule) and getattr(rule, "__module__", "") == g.__name__ and not name.startswith("_")
    } - {g.months_after}  # fmt: skip
    assert written == {rule for rule, _, _ in REFUSALS}


def test_every_guard_that_refuses_is_what_the_button_says() -> None:
    """A guard's refusal reaches the one who asks, through `why_not`, unless permission or state refuse first."""
    for action in ACTIONS.values():
        for rule, code, situation in REFUSALS:
            if rule not in action.guards or situation.order.state not in action.sources or situation.assignment is None:
                continue
            if not situation.actor.may(action.permission) or situation.assignment.state not in action.units:
                continue
            refusal = why_not(action, situation.order, situation.actor, NOW, LIMITS, situation.assignment.id)
            assert refusal is not None, (action.name, code)


@pytest.mark.parametrize(
    ("rule", "situation"),
    [
        (g.within_return_window, case(assignment=share(return_due_at=NOW))),
        (g.within_return_window, case(assignment=share(return_due_at=None))),
        (g.extension_open, case(assignment=share(extend_until=NOW))),
        (g.within_reopen_window, case(actor("chief"), closed_at=NOW - timedelta(days=30))),
        (g.attempts_used, case(actor("callback"), failed_attempts=0, reachable=False)),
        (g.reply_has_contact, case(assignment=share(contacted_at=None), told={"unreachable_reason": "三次未接"})),
        (g.reply_has_contact, case(assignment=share(contacted_at=None, part=Part.ASSISTING))),
        (g.reply_has_contact, case(assignment=replace(handed_down(), contacted_at=None))),
        (g.answer_is_grounded, case(actor("operator"), nature=Nature.CONSULT)),
        (g.answer_is_grounded, case(actor("operator"), told={"knowledge": "供热条例第二十条"})),
        (g.own_order, case(actor("operator"), operator_id=None)),
        (g.own_team, case(actor("chief"), team_id=OTHER_TEAM)),
        (g.call_back_is_whole, case(told=CALLED)),
        (g.call_back_is_whole, case(told=UNHAPPY, redo_count=2)),
        (g.call_back_is_whole, case(told=UNHAPPY | {"next": "explain_close"}, redo_count=3)),
        (g.call_back_is_whole, case(told={"reached": False})),
        (g.milestones_are_dated, case(told=PROMISE | {"until": date(2026, 12, 10)})),
        (g.supervision_is_ahead, case(actor("chief"), told={"due_on": date(2026, 3, 10)})),
        (g.rework_left, case(actor("approver"), redo_count=3)),
    ],
)
def test_the_edge_that_is_still_allowed(rule: Callable[[Situation], Any], situation: Situation) -> None:
    assert rule(situation) is None


def test_a_day_of_the_promise_is_a_day_in_the_city() -> None:
    """At four in the morning in Xi'an it is still yesterday in UTC."""
    early = datetime(2026, 3, 9, 20, 0, tzinfo=UTC)
    refusal = g.milestones_are_dated(replace(case(told=PROMISE | {"until": date(2026, 3, 10)}), now=early))
    assert refusal is not None
    assert refusal.code == "promise_in_the_past"


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 3, 10), 9, date(2026, 12, 10)),
        (date(2026, 5, 31), 9, date(2027, 2, 28)),
        (date(2027, 5, 31), 9, date(2028, 2, 29)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_after(day: date, months: int, expected: date) -> None:
    assert g.months_after(day, months) == expected


# -- offers


def test_offers_agree_with_why_not() -> None:
    """What is offered as allowed works, what is offered as not allowed says why, and nothing that works is left out."""
    for role, state, prepared in product(ROLES, State, ACTIONS.values()):
        by = actor(role)
        facts = ready(prepared, state, by)
        shown = {offer.name: offer for offer in offers(facts, by, NOW, LIMITS)}
        for action in ACTIONS.values():
            refusal = why_not(action, facts, by, NOW, LIMITS)
            offer = shown.get(action.name)
            if offer is None:
                assert refusal is not None, (role, state, action.name)
                continue
            assert offer.allowed == (refusal is None)
            assert offer.reason == (refusal.sentence if refusal else "")
            assert refusal is None or refusal.code not in ("no_permission", "wrong_state")
            if offer.assignment is not None:
                assert (why_not(action, facts, by, NOW, LIMITS, offer.assignment) is None) == offer.allowed


def test_allowed_offers_come_first_and_the_main_one_before_all() -> None:
    by = actor("handler")
    found = offers(ready(ACTIONS["reply"], S.IN_PROGRESS, by), by, NOW, LIMITS)
    assert [offer.allowed for offer in found] == sorted((offer.allowed for offer in found), reverse=True)
    assert found[0].name == "reply"


def test_the_decision_goes_to_the_share_that_asks() -> None:
    """An assisting unit asks for an extension, the lead for a promise: each decision finds its own."""
    lead = share(pending_promise=True, id=1)
    assisting = share(part=Part.ASSISTING, unit_id=OTHER_UNIT, pending_extension=True, id=7)
    facts, by = order(assignments=(lead, assisting)), actor("dispatcher")
    found = {offer.name: offer.assignment for offer in offers(facts, by, NOW, LIMITS) if offer.allowed}
    assert found["approve_promise"] == found["refuse_promise"] == 1
    assert found["approve_extension"] == found["refuse_extension"] == 7


def test_nobody_acts_on_the_share_of_another_unit() -> None:
    facts = order(assignments=(share(A.TO_ACCEPT), share(A.TO_ACCEPT, id=3, unit_id=OTHER_UNIT, part=Part.ASSISTING)))
    refusal = why_not(ACTIONS["accept"], facts, actor("handler"), NOW, LIMITS, 3)
    assert refusal is not None
    assert refusal.code == "not_your_unit"


# -- the rule by which the order follows its assignments


@pytest.mark.parametrize("current", State)
def test_the_state_follows_from_the_assignments(current: State) -> None:
    gone = {None, A.RETURNED, A.RECALLED}
    for lead, assisting in product([None, *AssignmentState], repeat=2):
        rows: list[AssignmentFacts] = [handed_down()]  # never counts by itself
        if lead is not None:
            rows.append(share(lead))
        if assisting is not None:
            rows.append(share(assisting, id=3, part=Part.ASSISTING, unit_id=OTHER_UNIT))
        expected = current
        if current in WORKING and lead in gone:
            expected = S.TO_DISPATCH
        elif current in WORKING and lead == A.REPLIED and assisting in gone | {A.REPLIED}:
            expected = S.REPLY_REVIEW
        assert derived_state(current, tuple(rows)) == expected, (lead, assisting)


def test_checks_pass_when_nothing_special_was_told() -> None:
    """A check that refuses what its own form calls optional would make the form lie."""
    for action in ACTIONS.values():
        told = {"told_citizen": True, **PROMISE, **CALLED, "knowledge": "条例"}
        situation = case(assignment=share(), explanation_pending=True)
        assert why_not_told(action, situation, told) is None, action.name
