"""Every verb by name, and the values told with it made clean and typed once for all of them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from huying.kernel import text
from huying.kernel.errors import Invalid, NotFound
from huying.people.models import Staff

from .. import reading
from ..flow import ACTIONS, Action, Actor, Field, Nature, Urgency
from ..flow.fields import LONG_TEXT_LIMIT, TEXT_LIMIT
from ..moving import Move, moving
from . import closing, dispatching, handling, registering

VERBS: dict[str, Callable[..., None]] = {
    name: next(
        getattr(module, name)
        for module in (registering, dispatching, handling, closing)
        if hasattr(module, name) and getattr(module, name).__module__ == module.__name__
    )
    for name in ACTIONS
}


def perform(
    number: str, name: str, told: Mapping[str, Any], *, by: Actor | Staff, seen: int | None = None,
    assignment: int | None = None,
) -> Move:  # fmt: skip
    """Do one action. Errors: NotFound (order, action), Invalid, Stale, Forbidden, Refused; a refusal changes nothing."""
    action = ACTIONS.get(name)
    if action is None:
        raise NotFound("no_such_action", "没有这项操作")
    actor = reading.actor_of(by) if isinstance(by, Staff) else by
    values = understood(action, told)
    with moving(number, action, by=actor, seen=seen, told=values, assignment=assignment) as move:
        VERBS[name](move, **values)
    return move


def understood(action: Action, told: Mapping[str, Any]) -> dict[str, Any]:
    """The values an action was told, cleaned and typed by its field declarations; Invalid lists every fault."""
    errors: list[dict[str, str]] = []
    values: dict[str, Any] = {}
    known = {field.name for field in action.fields}
    errors.extend({"field": name, "sentence": "不认识的内容"} for name in told if name not in known)
    for field in action.fields:
        value = told.get(field.name)
        if value is None or value == "" or value == []:
            if field.required:
                errors.append({"field": field.name, "sentence": f"请填写{field.label}"})
            continue
        try:
            values[field.name] = _typed(field, value)
        except ValueError as fault:
            errors.append({"field": field.name, "sentence": f"{field.label}：{fault}"})
    if errors:
        raise Invalid("invalid_fields", "；".join(item["sentence"] for item in errors), errors=errors)
    return values


def _typed(field: Field, value: Any) -> Any:
    match field.type:
        case "text" | "phone" | "unit" | "order" | "matter" | "street":
            if not isinstance(value, str):
                raise ValueError("须为文字")
            cleaned = text.clean(value, field.name, limit=TEXT_LIMIT, label=field.label)
            if field.required and not cleaned:
                raise ValueError("不能为空")
            return cleaned
        case "long_text":
            if not isinstance(value, str):
                raise ValueError("须为文字")
            cleaned = text.clean(value, field.name, limit=LONG_TEXT_LIMIT, label=field.label)
            if field.required and not cleaned:
                raise ValueError("不能为空")
            return cleaned
        case "boolean":
            if not isinstance(value, bool):
                raise ValueError("须为是或否")
            return value
        case "integer" | "assignment":
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
                raise ValueError("须为整数")
            return value
        case "date" | "datetime":
            return _date(value)
        case "choice":
            return _one_of([code for code, _ in field.choices], value)
        case "nature":
            return _one_of([item.value for item in Nature], value)
        case "urgency":
            return _one_of([item.value for item in Urgency], value)
        case "units":
            if not isinstance(value, list) or len(value) > 20 or not all(isinstance(item, str) for item in value):
                raise ValueError("须为单位编码的列表，最多20个")
            cleaned_codes = [text.clean(item, field.name, limit=TEXT_LIMIT, label=field.label) for item in value]
            if not all(cleaned_codes):
                raise ValueError("有空的单位编码")
            return cleaned_codes
        case "milestones":
            return _milestones(value)


def _one_of(codes: list[str], value: Any) -> str:
    if value not in codes:
        raise ValueError("不在可选范围内")
    return str(value)


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except TypeError:
        raise ValueError("须为日期，如2026-11-24") from None
    except ValueError:
        raise ValueError("须为日期，如2026-11-24") from None


def _milestones(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or len(value) > 30:
        raise ValueError("须为节点列表，最多30个")
    found = []
    for item in value:
        if not isinstance(item, dict) or not str(item.get("title", "")).strip():
            raise ValueError("每个节点须有名称和日期")
        title = text.clean(str(item["title"]), "milestones", limit=TEXT_LIMIT, label="节点")
        found.append({"title": title, "due_on": _date(item.get("due_on"))})
    return found
