"""Notices 通知诉求人: short messages about an order, made and sent by a job that exists only if its move committed."""

from procrastinate.contrib.django import app

from .models import WorkOrder

TEMPLATES: dict[str, str] = {
    "dispatched": "您反映的事项已受理，工单编号{number}，已转{unit}办理，{due}。",
    "answered": "您反映的事项（工单编号{number}）已直接答复办结，感谢来电。",
    "replied": "您反映的事项（工单编号{number}）承办单位已答复，稍后将对您回访。",
    "closed": "您反映的事项（工单编号{number}）已办结，感谢您的支持。",
    "refused": "您反映的事项（工单编号{number}）不属于受理范围：{reason}。",
    "extended": "您反映的事项（工单编号{number}）办理时间有所延长，{due}。",
    "ask_citizen": "您反映的事项（工单编号{number}）需要补充：{question}，请致电12345。",
    "with_parent": "您反映的事项（工单编号{number}）与同类诉求一并办理，现已答复。",
}


def enqueue(order: WorkOrder, seq: int, template: str) -> None:
    """Queue a notice in the same transaction; the worker makes and sends it once (jobs.send_notice)."""
    app.configure_task("orders.send_notice").defer(order=order.pk, seq=seq, template=template)
