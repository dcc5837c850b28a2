"""派单: to the unit that must answer, back, and on to another."""

from huying.kernel.errors import Invalid, Refused
from huying.matters import queries as matters
from huying.matters.rules import Where, lines_for, unit_code
from huying.people.models import Unit
from huying.people.queries import units_by_code
from huying.places import queries as places

from ..flow import ACTIVE, UNFINISHED, AssignmentState, Part, State
from ..models import Application, Assignment, WorkOrder
from ..moving import Move, unit_share


def where_of(order: WorkOrder) -> Where:
    """The territory of an order."""
    return Where(order.area_id or "", order.street_id or "", order.street.zone if order.street else "")


def guard_streets(move: Move, units: list[Unit], reason: str) -> None:
    """Department work is not pushed down to streets without a recorded reason (国办函〔2025〕66号).

    A street that the catalogue itself names for this matter and place needs none.
    """
    streets = {unit.code for unit in units if unit.kind == Unit.Kind.STREET}
    if not move.order.matter_id or not streets or reason:
        return
    lines = lines_for(move.order.matter_id, matters.catalogue())
    if not lines:
        return
    where = where_of(move.order)
    named = {unit_code(target, where) for line in lines for target in (line.lead, *line.assisting)}
    if lines[0].department_work and streets - named:
        raise Refused(
            "push_down_needs_reason",
            f"“{lines[0].name}”属于部门事项（{lines[0].code}），派给街道镇须写明理由", line=lines[0].code,
        )  # fmt: skip


def handling_units(codes: list[str]) -> dict[str, Unit]:
    """Units by code that may be given work; Invalid for unknown ones and for the hotline centre itself."""
    units = units_by_code(codes)
    for unit in units.values():
        if unit.kind == Unit.Kind.HOTLINE:
            raise Invalid(
                "not_a_handling_unit",
                f"{unit.short}不承办工单，请选择承办单位",
                errors=[{"field": "lead", "sentence": "请选择承办单位"}],
            )
    return units


def dispatch(
    move: Move, lead: str, assisting: list[str] | None = None, note: str = "", push_down_reason: str = ""
) -> None:
    """派单: hand a registered order to the unit that must answer it."""
    give(move, lead, assisting or [], note, push_down_reason)
    move.notify("dispatched")


def give(
    move: Move, lead: str, assisting: list[str], note: str, push_down_reason: str, *, appointed: bool = False
) -> None:
    """Make the lead and assisting assignments with their clocks."""
    codes = [lead, *assisting]
    if lead in assisting:  # one that a rule appointed; who names it is told by the check before
        raise Refused("lead_is_assisting", "同一单位不能既主办又协办")
    units = handling_units(codes)
    guard_streets(move, list(units.values()), push_down_reason)
    kind = "redo" if move.order.redo_count else "handle"
    for place, code in enumerate(codes):
        unit_share(
            move, units[code], Part.LEAD if place == 0 else Part.ASSISTING, note=note, appointed=appointed,
            push_down_reason=push_down_reason, kind=kind,
        )  # fmt: skip
    move.order.lead_unit = units[lead]


def add_assisting(move: Move, assisting: list[str], note: str = "", push_down_reason: str = "") -> None:
    """增加协办."""
    taken = {row.unit_id for row in move.assignments if row.state in ACTIVE}
    units = handling_units(assisting)
    guard_streets(move, list(units.values()), push_down_reason)
    for unit in units.values():
        if unit.pk in taken:
            raise Refused("already_assigned", f"{unit.short}已经在承办这张工单")
        unit_share(move, unit, Part.ASSISTING, note=note, push_down_reason=push_down_reason)


def withdraw_shares(move: Move, rows: list[Assignment]) -> None:
    """收回 assignments and all that was handed down from them."""
    gone = {row.pk for row in rows}
    ended = [row for row in move.assignments if row.state in ACTIVE and (row.pk in gone or row.parent_id in gone)]
    move.lapse(ended)
    for row in ended:
        move.change(row, state=AssignmentState.RECALLED)
        move.stop(assignment=row)


def recall(move: Move, reason: str) -> None:
    """收回重派."""
    withdraw_shares(move, [row for row in move.assignments if row.state in ACTIVE])
    move.order.lead_unit = None


def send_back(move: Move, reason: str, legal_basis: str, suggested_unit: str) -> None:
    """申请退单: with the reason, what it rests on, and whose it is instead."""
    row = move.share
    suggested = handling_units([suggested_unit])[suggested_unit]
    if suggested.pk == row.unit_id:
        raise Invalid(
            "suggests_itself",
            "建议承办单位不能是本单位",
            errors=[{"field": "suggested_unit", "sentence": "请选择其他单位"}],
        )
    Application.objects.create(
        order=move.order, assignment=row, kind="return", reason=reason, legal_basis=legal_basis, suggested_unit=suggested,
        asked_at=move.now,
    )  # fmt: skip
    move.change(row, came_from=row.state, state=AssignmentState.RETURN_REQUESTED)
    counts = dict(move.order.returns_by_unit)
    counts[str(row.unit_id)] = counts.get(str(row.unit_id), 0) + 1
    move.order.returns_by_unit = counts
    move.start("return_decision", row)


def decide(move: Move, kind: str, status: str, note: str) -> Application:
    """Decide the pending application of the move's assignment."""
    asked = Application.objects.filter(order=move.order, assignment=move.share, kind=kind, status="pending").first()
    if asked is None:
        raise Refused("no_application", "没有待审核的申请")
    asked.status, asked.decided_at, asked.decision_note = status, move.now, note
    asked.save(update_fields=["status", "decided_at", "decision_note"])
    return asked


def approve_return(move: Move, note: str = "") -> None:
    """同意退单: the lead's return sends the order back to dispatch, the third one to arbitration."""
    row = move.share
    decide(move, "return", "approved", note)
    move.lapse([row])
    move.change(row, state=AssignmentState.RETURNED)
    move.stop(assignment=row)
    move.order.return_count += 1
    if row.part != Part.LEAD:
        return
    withdraw_shares(move, [other for other in move.assignments if other is not row and other.state in ACTIVE])
    move.order.lead_unit = None
    if move.order.return_count >= matters.policy().arbitrate_after_returns:
        move.state = State.DISPUTED


def refuse_return(move: Move, reason: str) -> None:
    """驳回退单."""
    row = move.share
    decide(move, "return", "refused", reason)
    move.change(row, state=row.came_from or AssignmentState.TO_ACCEPT, came_from="")
    move.stop("return_decision", assignment=row)


def convene(move: Move, reason: str) -> None:
    """提请会商: everything given out so far is taken back until it is clear whose it is."""
    withdraw_shares(move, [row for row in move.assignments if row.state in ACTIVE])
    move.order.lead_unit = None


def arbitrate(
    move: Move, rule: str, note: str, lead: str = "", assisting: list[str] | None = None, push_down_reason: str = ""
) -> None:
    """会商指定: by catalogue, first receiver, territory, or the meeting's own choice; the unit may not send back."""
    found = _by_rule(move, rule)
    if rule != "meeting" and lead and lead not in found:
        raise Refused("lead_against_rule", "所选主办单位与指定依据不符，请不填主办单位由系统认定，或改选“会商确定”")
    lead = lead or next(iter(found), "")
    if not lead:
        raise Invalid(
            "lead_missing",
            "按这条依据找不到承办单位，请直接选择主办单位",
            errors=[{"field": "lead", "sentence": "请选择主办单位"}],
        )
    give(move, lead, assisting or [], note, push_down_reason, appointed=True)
    move.told["lead"] = lead
    move.notify("dispatched")


def _by_rule(move: Move, rule: str) -> list[str]:
    """The units that a rule of arbitration means, the first one foremost; none for a meeting's own choice."""
    order, where = move.order, where_of(move.order)
    found: list[str | None] = []
    match rule:
        case "first_receiver":
            found.extend(
                [row.unit.code for row in move.assignments if row.part == Part.LEAD and row.parent_id is None][:1]
            )
        case "territory":
            found = [unit_code("A", where)]
        case "catalogue" if order.matter_id:
            found = [unit_code(line.lead, where) for line in lines_for(order.matter_id, matters.catalogue())]
    return [code for code in found if code]


def hand_down(move: Move, to: list[str], note: str = "", push_down_reason: str = "") -> None:
    """下派: to units below one's own, which answer to it."""
    row = move.share
    units = units_by_code(to)
    for unit in units.values():
        if not _is_below(unit, row.unit, move.order):
            raise Invalid(
                "not_below",
                f"{unit.short}不是可以下派的下级单位",
                errors=[{"field": "to", "sentence": "请选择下级单位"}],
            )
        if any(other.unit_id == unit.pk and other.state in UNFINISHED for other in move.assignments):
            raise Refused("already_assigned", f"{unit.short}已经在承办这张工单")
    guard_streets(move, list(units.values()), push_down_reason)
    for unit in units.values():
        unit_share(move, unit, row.part, parent=row, note=note, push_down_reason=push_down_reason)


def _is_below(unit: Unit, above: Unit, order: WorkOrder) -> bool:
    """True when one unit may hand down to another.

    To its own units; within a district from its departments to its streets, from its government to any of them; from
    a development zone to the streets that it runs; from a department of the city to the district where it happened.
    """
    kind = Unit.Kind
    if unit.parent_id == above.pk:
        return True
    match above.kind:
        case kind.AREA:
            return unit.area == above.code and unit.tier > above.tier
        case kind.DISTRICT_DEPARTMENT:
            return unit.area == above.area and unit.kind == kind.STREET
        case kind.ZONE:
            return unit.kind == kind.STREET and places.street(unit.code).zone == above.code
        case kind.DEPARTMENT | kind.UTILITY:
            return unit.area == order.area_id and unit.kind in (kind.DISTRICT_DEPARTMENT, kind.STREET)
    return False


def take_back(move: Move, reason: str, units: list[str] | None = None) -> None:
    """收回下派: from the named units, else from all."""
    below = [row for row in move.assignments if row.parent_id == move.share.pk and row.state in ACTIVE]
    strangers = set(units or []) - {row.unit.code for row in below}
    if strangers:
        raise Invalid(
            "not_handed_down", "没有下派给所选的单位", errors=[{"field": "units", "sentence": "请选择已下派的单位"}]
        )
    withdraw_shares(move, [row for row in below if not units or row.unit.code in units])
