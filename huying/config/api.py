"""The HTTP API put together: routers, errors as problem JSON, who is signed in."""

import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from huying.intake.api import router as intake
from huying.kernel.errors import HuyingError
from huying.matters.api import router as matters
from huying.orders.api import router as orders
from huying.people.api import router as people
from huying.people.signing import signed_in
from huying.places.api import router as places

from .problems import FIELD_SHOWN, INTERNAL, MEDIA_TYPE, StrictParser, body_too_large, problem, problem_of

logger = logging.getLogger(__name__)
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457; the codes are listed in docs/reference/errors.md",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "sentence"],
                "properties": {"field": {"type": "string"}, "sentence": {"type": "string"}},
            },
        },
    },
}


class Api(NinjaAPI):
    """Ninja's API whose document also says how every operation refuses."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The OpenAPI 3.1 document."""
        document = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        document["components"]["schemas"]["Problem"] = PROBLEM
        refusal = {
            "description": "Refused",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = refusal
        return document


api = Api(title="Huying 呼应", version="1", urls_namespace="api", auth=signed_in, docs_url=None, parser=StrictParser())
for router in (people, orders, matters, places, intake):
    api.add_router("", router)


@api.exception_handler(HuyingError)
def refused(request: HttpRequest, fault: HuyingError) -> HttpResponse:
    """Everything the rules say no to."""
    return problem_of(fault)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Wrong types and missing values, field by field; never the value that was sent."""
    errors = []
    for item in fault.errors:
        _source, *rest = map(str, item.get("loc", ("",)))  # where it was looked for: body, query, path, file
        path = rest[1:] if rest[:1] == ["payload"] else rest
        errors.append({"field": ".".join(path)[:FIELD_SHOWN], "sentence": _sentence(item)})
    listed = "；".join(f"{item['field']}{item['sentence']}" for item in errors[:5])
    return problem(422, "invalid_fields", f"填写有误：{listed}", {"errors": errors[:50]})


_SENTENCES = {
    "missing": "必填",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "string_pattern_mismatch": "格式有误",
    "literal_error": "不在可选范围内",
    "enum": "不在可选范围内",
    "extra_forbidden": "不认识的内容",
    "string_type": "须为文字",
    "bool_type": "须为是或否",
    "bool_parsing": "须为是或否",
    "int_type": "须为整数",
    "int_parsing": "须为整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "须为整数",
    "float_type": "须为数字",
    "float_parsing": "须为数字",
    "finite_number": "须为数字",
    "list_type": "须为列表",
    "dict_type": "须为一组内容",
    "model_type": "须为一组内容",
    "model_attributes_type": "须为一组内容",
    "string_unicode": "有无法识别的字符",
}


def _sentence(item: dict[str, Any]) -> str:
    kind = str(item.get("type", ""))
    bounds = item.get("ctx", {})
    if kind == "greater_than_equal":
        return f"不能小于{bounds.get('ge')}"
    if kind == "less_than_equal":
        return f"不能大于{bounds.get('le')}"
    if kind.startswith(("date_", "datetime_")):
        return "须为日期，如2026-11-24"
    return _SENTENCES.get(kind, "格式有误")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """What the framework refuses: bodies that cannot be read; the parser says why."""
    if isinstance(fault.__cause__, HuyingError):
        return problem_of(fault.__cause__)
    return problem(fault.status_code, "bad_request", "请求无法处理")


@api.exception_handler(Http404)
def missing(request: HttpRequest, fault: Http404) -> HttpResponse:
    """No such address."""
    return problem(404, "not_found", "没有找到")


@api.exception_handler(Exception)
def broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Our own mistake: logged with its kind and place, never with what was sent (the log's formatter sees to it)."""
    if isinstance(fault, RequestDataTooBig):
        return body_too_large()
    if isinstance(fault, SuspiciousOperation | MultiPartParserError | UnreadablePostError | BadRequest):
        return problem(400, "bad_request", "请求无法处理")
    route = request.resolver_match and request.resolver_match.route
    logger.error("unexpected %s in %s", type(fault).__name__, route, exc_info=fault)
    if isinstance(fault, OperationalError | InterfaceError):
        return problem(503, "database_unavailable", "数据库暂时无法使用，请稍后重试", headers={"Retry-After": "5"})
    return problem(500, *INTERNAL)
