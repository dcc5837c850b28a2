"""The stream process 实时推送: server-sent events at /api/v1/stream for the pages of this site, and nothing else.

In the demo the page comes from another port of the same host, so its origin is answered by name; any other is refused.
"""

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.config.settings")

import django

django.setup()

from django.http.request import split_domain_port, validate_host  # noqa: E402 - Django must be set up first

from .environment import environment  # noqa: E402
from .safety import refuse_unsafe  # noqa: E402

refuse_unsafe(accounts=False)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
STREAM_PATH = "/api/v1/stream"


def origin_allowed(origin: str, host: str) -> bool:
    """True for a trusted origin, or the page served by the web process under the name this request came by."""
    env = environment()
    if origin in env.trusted_origins:
        return True
    name = split_domain_port(host)[0]
    if not name or not validate_host(name, list(env.allowed_hosts)):
        return False
    parts = urlsplit(origin)
    return parts.scheme == "http" and parts.netloc.lower() == f"{name}:{env.port}"


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer the stream, readiness, and 404 for everything else."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    if scope["path"] == "/healthz":
        await _answer(send, 200, {"status": "ok"})
        return
    if scope["path"] != STREAM_PATH:
        await _answer(send, 404, {"title": "没有找到", "status": 404, "code": "not_found"})
        return
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin")
    if origin and not origin_allowed(origin, headers.get("host", "")):
        await _answer(send, 403, {"title": "不允许从这个网页连接", "status": 403, "code": "origin_refused"})
        return
    from huying.orders.stream import application as stream  # only this process needs it

    await stream(scope, receive, _naming(origin, send) if origin else send)


def _naming(origin: str, send: Send) -> Send:
    """Let the page of this origin, with its cookies, read the answer."""

    async def named(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *message.get("headers", []),
                (b"access-control-allow-origin", origin.encode("latin-1")),
                (b"access-control-allow-credentials", b"true"),
                (b"vary", b"Origin"),
            ]
        await send(message)

    return named


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    kind = b"application/json" if status == 200 else b"application/problem+json"
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": json.dumps(body, ensure_ascii=False).encode()})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
