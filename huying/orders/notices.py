"""Notices 通知诉求人: short messages about an order, made and sent by a job that exists only if its move committed."""

from procrastinate.contrib.django import app

from huying.kernel.clock import local

from .flow.fields import REFUSAL_REASONS
from .models import WorkOrder

TEMPLATES: dict[str, str] = {
    "dispatched": "您反映的事项已受理，工单编号{number}，已转{unit}办理，{due}。",
    "answered": "您反映的事项（工单编号{number}）已直接答复办结，感谢来电。",
    "replied": "您反映的事项（工单编号{number}）承办单位已答复，稍后将对您回访。",
    "closed": "您反映的事项（工单编号{number}）已办结，感谢您的支持。",
    "refused": "您反映的事项（工单编号{number}）不予受理，原因：{reason}。如有疑问请致电12345。",
    "extended": "您反映的事项（工单编号{number}）办理时间有所延长，{due}。",
    "promised": "您反映的事项（工单编号{number}）短期难以办结，{unit}承诺分步办理，{due}。",
    "suspended": "您反映的事项（工单编号{number}）因客观原因暂缓办理，恢复后将继续办理。",
    "ask_citizen": "您反映的事项（工单编号{number}）需要补充：{question}，请致电12345。",
    "merged": "您反映的事项（工单编号{number}）与同类诉求一并办理，办结后将告知您。",
    "with_parent": "您反映的事项（工单编号{number}）与同类诉求一并办理，现已答复。",
}
REASONS = dict(REFUSAL_REASONS)


def enqueue(order: WorkOrder, seq: int, template: str) -> None:
    """Queue a notice in the same transaction; the worker makes and sends it once (jobs.send_notice).

    What it says about unit and due time is what held when the move was made, however late the worker comes. Nothing is
    queued for a citizen without a telephone number.
    """
    if not order.citizen.phone_sealed:
        return
    due = f"应于{local(order.due_at):%m月%d日}前办结" if order.due_at else "将尽快办理"
    app.configure_task("orders.send_notice").defer(
        order=order.pk, seq=seq, template=template, unit=order.lead_unit.short if order.lead_unit else "承办单位", due=due,
        reason=REASONS.get(order.refusal_reason, ""),
    )  # fmt: skip
