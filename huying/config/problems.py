"""Faults over HTTP 错误回答: what arrives is read strictly, and every refusal is a problem document (RFC 9457)."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser
from ninja.responses import NinjaJSONEncoder

from huying.kernel.errors import HuyingError, Invalid

MEDIA_TYPE = "application/problem+json"
API = "/api/"
MULTIPART_ALLOWANCE = 1024 * 1024  # what stands around a file: boundaries, names
FIELD_SHOWN = 60
# Characters no address and no query value of ours has; the database could not even store NUL.
_CONTROL = frozenset(map(chr, (*range(9), 11, 12, *range(14, 32), 127)))


class UnsupportedBody(HuyingError):
    """415: the body is not what the address takes."""

    status = 415


class BadRequest(HuyingError):
    """400: the request cannot be read."""

    status = 400


def problem(
    status: int, code: str, sentence: str, details: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> HttpResponse:
    """A problem document with a stable code and a sentence for people. Never with what was sent but field names."""
    said = {"type": "about:blank", "title": sentence, "status": status, "code": code, "detail": sentence}
    text = json.dumps(said | (details or {}), ensure_ascii=False, cls=NinjaJSONEncoder)
    # a field name that was sent may hold half a character
    return HttpResponse(text.encode("utf-8", "replace"), status=status, content_type=MEDIA_TYPE, headers=headers)


def problem_of(fault: HuyingError) -> HttpResponse:
    """The problem document of a fault; `retry_after` (seconds) also becomes the header."""
    seconds = fault.details.get("retry_after")
    headers = {"Retry-After": str(seconds)} if seconds else None
    return problem(fault.status, fault.code, fault.sentence, fault.details, headers)


def body_too_large() -> HttpResponse:
    """413, saying the limit."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return problem(413, "body_too_large", f"提交的内容太大，最多{_megabytes(limit)}", {"limit_bytes": limit})


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:g}MB"


class StrictParser(Parser):
    """Bodies are JSON in UTF-8 whose texts can be stored; query values hold no control characters.

    A body of another type is refused: a form of a foreign page can send text/plain, but not application/json.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON. Errors: `not_json`, `bad_encoding`, `bad_json`, `bad_text`."""
        if request.content_type != "application/json":
            raise UnsupportedBody("not_json", "请求内容须为JSON（Content-Type: application/json）")
        try:
            text = request.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadRequest("bad_encoding", "请求内容须为UTF-8编码") from None
        try:
            found = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise BadRequest("bad_json", "请求内容不是有效的JSON") from None
        if "\\u" in text:  # only an escape can spell what JSON in UTF-8 cannot hold
            for path, value in _texts(found):
                _storable(value, path)
        return found

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        """The values, the last of each name. Errors: `bad_text`."""
        found: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        for name, value in found.items():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str):
                    _storable(text, name)
        return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a JSON value, names included, with the path of its field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield path, name
            yield from _texts(item, f"{path}.{name}" if path else name)


def _storable(text: str, field: str) -> None:
    """Refuse NUL and halves of characters, which the database cannot keep."""
    fits = "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        fits = False
    if not fits:
        named = field.encode("utf-8", "replace").decode()[:FIELD_SHOWN]
        raise Invalid(
            "bad_text",
            "内容里有无法识别的字符，请删除后重试",
            errors=[{"field": named, "sentence": "有无法识别的字符"}],
        )


SENTENCES = {
    400: ("bad_request", "请求无法处理"),
    403: ("forbidden", "没有权限"),
    404: ("not_found", "没有这个地址"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法"),
    413: ("body_too_large", "提交的内容太大"),
}
INTERNAL = ("internal_error", "系统出了问题，您填写的内容没有丢失，请稍后重试")


def faults(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Below /api/ every error is a problem document, whichever layer refused; what cannot be meant is refused at once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if session and not (
            session.isascii() and session.isalnum()
        ):  # never ours, and may be more than can be looked up
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        if not request.path_info.startswith(API):
            return get_response(request)
        if not _CONTROL.isdisjoint(request.path_info):
            return problem(400, "bad_request", "地址里有无法识别的字符")
        most = settings.MAX_ATTACHMENT_MB * 1024 * 1024 + MULTIPART_ALLOWANCE
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:  # refused before a byte of it is kept
            sentence = f"提交的内容太大，附件最多{settings.MAX_ATTACHMENT_MB}MB"
            return problem(413, "body_too_large", sentence, {"limit_bytes": most})
        answer = get_response(request)
        if answer.status_code >= 400 and answer.headers.get("Content-Type") != MEDIA_TYPE:
            code, sentence = SENTENCES.get(answer.status_code, INTERNAL)
            kept = {name: answer.headers[name] for name in ("Allow", "Retry-After") if name in answer.headers}
            return problem(answer.status_code, code, sentence, headers=kept)
        return answer

    return middleware
