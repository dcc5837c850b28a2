"""Checking rows of the catalogue and of the limits before they are stored: by hand in the admin, or from files."""

import re
from collections.abc import Iterable

from huying.people.models import Unit

from .rules import LIMIT_KINDS, LIMIT_NATURES

TARGET = re.compile(r"U:(?P<unit>[\w-]{1,40})|A:(?P<kind>[a-z]{1,20})|A|S")
LONGEST_HOURS, LONGEST_DAYS = 24 * 366, 366


def target_fault(target: str, units: Iterable[str]) -> str:
    """What is wrong with a catalogue target (`U:code`, `A:kind`, `A`, `S`), or empty; `units` are the codes that exist."""
    found = TARGET.fullmatch(target)
    if found is None:
        return f"“{target[:20]}”写法有误，须为 U:单位编码、A:区县部门类别、A（区县）或 S（街道镇）"
    known = units if isinstance(units, set | frozenset) else frozenset(units)
    if found["unit"] and found["unit"] not in known:
        return f"没有编码为“{found['unit']}”的单位"
    if found["kind"] and not any(code.endswith(f"-{found['kind']}") for code in known):
        return f"没有类别为“{found['kind']}”的区县部门"
    return ""


def duty_faults(lead: str, assisting: list[str], department_work: bool, units: Iterable[str]) -> dict[str, str]:
    """What is wrong with whom a line names, by field."""
    known = frozenset(units)
    faults = {}
    wrong = target_fault(lead, known)
    if not wrong and department_work and lead == "S":
        wrong = "部门事项不能由街道镇主办"
    if wrong:
        faults["lead"] = wrong
    for target in assisting:
        wrong = "主办单位不能同时协办" if target == lead else target_fault(target, known)
        if wrong:
            faults["assisting"] = wrong
    return faults


def limit_faults(kind: str, nature: str, amount: float, measure: str) -> dict[str, str]:
    """What is wrong with a time limit, by field."""
    faults = {}
    if kind not in LIMIT_KINDS:
        faults["kind"] = "没有这种时限"
    if nature and nature not in LIMIT_NATURES:
        faults["nature"] = "没有这种性质"
    most = {"minutes": LONGEST_HOURS * 60, "working_days": LONGEST_DAYS}.get(measure, LONGEST_HOURS)
    if not 0 < amount <= most:
        faults["amount"] = f"须大于0，不超过{most}"
    if measure == "working_days" and amount != int(amount):
        faults["amount"] = "工作日须为整数"
    return faults


def unit_codes() -> frozenset[str]:
    """The codes of all active units."""
    return frozenset(Unit.objects.filter(active=True).values_list("code", flat=True))
