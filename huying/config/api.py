"""The HTTP API put together: routers, errors as problem JSON, who is signed in."""

import json
import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder

from huying.intake.api import router as intake
from huying.kernel.errors import HuyingError
from huying.matters.api import router as matters
from huying.orders.api import router as orders
from huying.people.api import router as people
from huying.people.signing import signed_in
from huying.places.api import router as places

logger = logging.getLogger(__name__)
api = NinjaAPI(title="Huying 呼应", version="1", urls_namespace="api", auth=signed_in, docs_url=None)
for router in (people, orders, matters, places, intake):
    api.add_router("", router)


def problem(status: int, code: str, sentence: str, details: dict[str, Any] | None = None) -> HttpResponse:
    """A problem document (RFC 9457) with a stable code and a sentence for people."""
    body = {"type": "about:blank", "title": sentence, "status": status, "code": code, "detail": sentence, **(details or {})}
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, cls=NinjaJSONEncoder), status=status, content_type="application/problem+json"
    )


@api.exception_handler(HuyingError)
def refused(request: HttpRequest, fault: HuyingError) -> HttpResponse:
    """Everything the rules say no to."""
    return problem(fault.status, fault.code, fault.sentence, fault.details)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Wrong types and missing values, field by field; never the value that was sent."""
    errors = []
    for item in fault.errors:
        path = [str(part) for part in item.get("loc", ()) if part not in ("body", "payload", "query", "path")]
        errors.append({"field": ".".join(path), "sentence": _sentence(item)})
    listed = "；".join(f"{item['field']}{item['sentence']}" for item in errors[:5])
    return problem(422, "invalid_fields", f"填写有误：{listed}", {"errors": errors})


def _sentence(item: dict[str, Any]) -> str:
    kind = str(item.get("type", ""))
    known = {
        "missing": "必填",
        "string_too_long": "太长",
        "string_too_short": "太短",
        "literal_error": "不在可选范围内",
        "extra_forbidden": "不认识的内容",
        "string_type": "须为文字",
        "bool_type": "须为是或否",
        "bool_parsing": "须为是或否",
        "int_type": "须为整数",
        "int_parsing": "须为整数",
        "string_unicode": "有无法识别的字符",
    }
    return known.get(kind, "格式有误")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """What the framework refuses: malformed JSON, unknown methods."""
    sentence = "请求内容不是有效的JSON" if fault.status_code == 400 else "请求无法处理"
    return problem(fault.status_code, "bad_request", sentence)


@api.exception_handler(Http404)
def missing(request: HttpRequest, fault: Http404) -> HttpResponse:
    """No such address."""
    return problem(404, "not_found", "没有找到")


@api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Our own mistake: logged with its kind and place, never with what was sent."""
    if isinstance(fault, RequestDataTooBig):
        return problem(413, "body_too_large", "提交的内容太大")
    if isinstance(fault, SuspiciousOperation):
        return problem(400, "bad_request", "请求无法处理")
    logger.error("unexpected %s in %s", type(fault).__name__, request.resolver_match and request.resolver_match.route, exc_info=fault)
    return problem(500, "internal_error", "系统出了问题，您填写的内容没有丢失，请稍后重试")
