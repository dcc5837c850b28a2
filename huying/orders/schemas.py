"""Shapes of the orders API. The verbs' bodies are made from the flow table."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from .flow import ACTIONS, Action, Channel, Nature, Urgency
from .flow import Field as Told
from .flow.fields import LONG_TEXT_LIMIT, TEXT_LIMIT


class Place(Schema):
    text: str = Field(default="", max_length=300)
    street: str | None = Field(default=None, max_length=12)
    lat: float | None = Field(default=None, ge=-90, le=90)
    lng: float | None = Field(default=None, ge=-180, le=180)


class Caller(Schema):
    name: str = Field(default="", max_length=50)
    phone: str = Field(default="", max_length=30)
    anonymous: bool = False
    title: str = Field(default="", max_length=10)


class NewOrder(Schema):
    """A registration. `submit: false` leaves it a draft."""

    channel: Literal[tuple(Channel)] = "phone"  # type: ignore[valid-type]  # the flow's codes
    nature: Literal[tuple(Nature)]  # type: ignore[valid-type]  # the flow's codes
    title: str = ""
    content: str
    matter: str | None = Field(None, max_length=6)
    place: Place = Place()
    citizen: Caller = Caller()
    urgency: Literal[tuple(Urgency)] | None = None  # type: ignore[valid-type]  # the flow's codes
    confidential: bool | None = None
    source_id: str | None = Field(None, max_length=100)
    source_number: str = Field("", max_length=100)
    submit: bool = True
    draft_key: str | None = Field(None, max_length=64)


class Reason(Schema):
    reason: str = Field(min_length=2, max_length=200)


def _type_of(field: Told) -> Any:
    match field.type:
        case "long_text":
            return str
        case "boolean":
            return bool
        case "integer" | "assignment":
            return int
        case "date":
            return date
        case "datetime":
            return datetime
        case "units":
            return list[str]
        case "milestones":
            return list[dict[str, Any]]
        case "choice":
            return Literal[tuple(code for code, _ in field.choices)]
        case "nature":
            return Literal[tuple(Nature)]
        case "urgency":
            return Literal[tuple(Urgency)]
    return str


def body_of(action: Action) -> type[Schema]:
    """The request body of a verb: `seen`, the assignment where it is about one, and the action's fields."""
    parts: dict[str, Any] = {"seen": (int | None, Field(None, description="看到的版本号"))}
    if action.subject == "assignment":
        parts["assignment"] = (int | None, Field(None, description="承办任务"))
    for field in action.fields:
        kind = _type_of(field)
        limit = {"text": TEXT_LIMIT, "long_text": LONG_TEXT_LIMIT}.get(field.type)
        if field.required:
            parts[field.name] = (kind, Field(..., description=field.label, max_length=limit))
        else:
            parts[field.name] = (kind | None, Field(None, description=field.label, max_length=limit))
    name = "".join(part.title() for part in action.name.split("_")) + "Body"
    made = create_model(name, __base__=Schema, **parts)
    made.model_config = ConfigDict(extra="forbid")
    return made


BODIES = {name: body_of(action) for name, action in ACTIONS.items()}
