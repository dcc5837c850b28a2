"""Shapes of the orders API. The verbs' bodies are made from the flow table."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, create_model

from huying.kernel.paging import MAX_LIMIT

from .flow import ACTIONS, Action, Channel, Nature, Urgency
from .flow import Field as Told
from .flow.fields import LONG_TEXT_LIMIT, TEXT_LIMIT


class Body(BaseModel):
    """What is sent: nothing but what is declared. Not Ninja's Schema, which reads attributes of any object, even of a text."""

    model_config = ConfigDict(extra="forbid")


class Place(Body):
    text: str = Field(default="", max_length=300)
    street: str | None = Field(default=None, max_length=12)
    lat: float | None = Field(default=None, ge=-90, le=90)
    lng: float | None = Field(default=None, ge=-180, le=180)


class Caller(Body):
    name: str = Field(default="", max_length=50)
    phone: str = Field(default="", max_length=30)
    anonymous: bool = False
    title: str = Field(default="", max_length=10)


class NewOrder(Body):
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


class Filters(Schema):
    """What the list of orders may be narrowed by; several codes are separated by commas."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(None, max_length=200)
    sort: Literal["newest", "due"] = "newest"
    q: str = Field("", max_length=200, description="编号、电话、姓名或词语")
    state: str = Field("", max_length=200)
    nature: str = Field("", max_length=100)
    urgency: str = Field("", max_length=50)
    channel: str = Field("", max_length=200)
    domain: str = Field("", max_length=2)
    matter: str = Field("", max_length=6)
    unit: str = Field("", max_length=40)
    area: str = Field("", max_length=6)
    street: str = Field("", max_length=12)
    lamp: str = Field("", max_length=10, description="red、yellow、green")
    from_: str = Field("", alias="from", max_length=10, description="受理日期起，含当日")
    to: str = Field("", max_length=10, description="受理日期止，含当日")
    mine: str = Field("", max_length=5, description="true：本人登记的")
    ours: str = Field("", max_length=5, description="true：本单位承办或本班组的")
    phone: str = Field("", max_length=30)
    queue: str = Field("", max_length=30)

    @classmethod
    def names(cls) -> frozenset[str]:
        """The names in the address."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items())


class Phone(Body):
    phone: str = Field(min_length=1, max_length=30)


class NewView(Body):
    name: str = Field(min_length=1, max_length=50)
    query: str = Field(max_length=2000)


class Reason(Body):
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


def body_of(action: Action) -> type[Body]:
    """The request body of a verb: `seen`, the assignment it is about (only some are), and the action's fields."""
    parts: dict[str, Any] = {
        "seen": (int | None, Field(None, description="看到的版本号")),
        "assignment": (int | None, Field(None, description="承办任务")),
    }
    for field in action.fields:
        kind = _type_of(field)
        limit = {"text": TEXT_LIMIT, "long_text": LONG_TEXT_LIMIT}.get(field.type)
        if field.required:
            parts[field.name] = (kind, Field(..., description=field.label, max_length=limit))
        else:
            parts[field.name] = (kind | None, Field(None, description=field.label, max_length=limit))
    name = "".join(part.title() for part in action.name.split("_")) + "Body"
    return create_model(name, __base__=Body, **parts)


BODIES = {name: body_of(action) for name, action in ACTIONS.items()}
