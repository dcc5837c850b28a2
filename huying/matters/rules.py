"""Routing 归口 and limits 时限 as pure values."""

from dataclasses import dataclass

from huying.worktime.rules import Span


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the dispatch catalogue, as far as routing needs it."""

    code: str
    name: str
    matters: frozenset[str]
    lead: str
    assisting: tuple[str, ...]
    department_work: bool
    basis: str
    basis_source: str


@dataclass(frozen=True, slots=True)
class Where:
    """The territory of an order: area (6 digits), street (9 digits) and the zone that runs the street, "" if unknown."""

    area: str = ""
    street: str = ""
    zone: str = ""


def lines_for(matter: str, lines: tuple[Line, ...]) -> list[Line]:
    """Lines that cover a leaf: those that name the leaf itself first, else those of its group. Order of code."""
    exact = [line for line in lines if matter in line.matters]
    return exact or [line for line in lines if matter[:4] in line.matters]


def unit_code(target: str, where: Where) -> str | None:
    """The unit a catalogue target means at a place; None when the place is not known well enough.

    `U:code` a unit of the city; `A:kind` the department of that kind in the area, or the zone committee where a
    development zone runs the street (托管); `A` the area's government or zone; `S` the street office.
    """
    if target.startswith("U:"):
        return target[2:]
    if target == "S":
        return where.street or None
    territory = where.zone or where.area
    if not territory:
        return None
    if target == "A" or where.zone:
        return territory
    return f"{where.area}-{target[2:]}"


@dataclass(frozen=True, slots=True)
class Limit:
    """One rule of the time limits."""

    kind: str
    nature: str
    urgency: str
    unit_id: int | None
    span: Span


def limit_for(kind: str, nature: str, urgency: str, unit_id: int | None, limits: tuple[Limit, ...]) -> Span | None:
    """The most specific limit: a rule for the unit beats one for the urgency, which beats one for the nature."""
    fitting = [
        limit
        for limit in limits
        if limit.kind == kind
        and limit.nature in ("", nature)
        and limit.urgency in ("", urgency)
        and limit.unit_id in (None, unit_id)
    ]
    if not fitting:
        return None
    best = max(fitting, key=lambda limit: (limit.unit_id is not None, limit.urgency != "", limit.nature != ""))
    return best.span


# The clocks a limit can be set for, and the natures, as the orders' flow names them (a test holds them together): the
# catalogue lies below the orders and cannot ask them.
LIMIT_KINDS = {
    "review": "班组审核", "dispatch": "派单", "sign": "签收", "contact": "首次联系", "handle": "办理", "return_window": "退单",
    "return_decision": "退单审核", "extension_decision": "延期审核", "arbitrate": "会商", "reply_review": "答复审核",
    "call_back": "回访",
}  # fmt: skip
LIMIT_NATURES = {
    "consult": "咨询", "help": "求助", "complaint": "投诉", "report": "举报", "suggestion": "建议", "praise": "表扬",
}  # fmt: skip

# (kind, nature, urgency, amount, measure): the shipping defaults of hotline-domain.md section 2.4, this project's own
DEFAULT_LIMITS: tuple[tuple[str, str, str, float, str], ...] = (
    ("review", "", "", 30, "minutes"),
    ("dispatch", "", "", 60, "minutes"),
    ("dispatch", "", "urgent", 15, "minutes"),
    ("dispatch", "", "critical", 5, "minutes"),
    ("sign", "", "", 4, "working_hours"),
    ("sign", "", "urgent", 30, "minutes"),
    ("sign", "", "critical", 15, "minutes"),
    ("contact", "", "", 1, "working_days"),
    ("contact", "", "urgent", 2, "hours"),
    ("contact", "", "critical", 2, "hours"),
    ("return_window", "", "", 1, "working_days"),
    ("arbitrate", "", "", 1, "working_days"),
    ("return_decision", "", "", 4, "hours"),
    ("handle", "", "", 5, "working_days"),
    ("handle", "consult", "", 2, "working_days"),
    ("handle", "", "urgent", 24, "hours"),
    ("handle", "", "critical", 2, "hours"),
    ("extension_decision", "", "", 1, "working_days"),
    ("reply_review", "", "", 1, "working_days"),
    ("call_back", "", "", 2, "working_days"),
)
