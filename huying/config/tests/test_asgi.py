"""The stream process answers its one path, to pages of this site only."""

import asyncio
import sys
from types import ModuleType
from typing import Any

import pytest

from huying.config import asgi


async def stream(scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b": hello\n\n"})


@pytest.fixture(autouse=True)
def sample_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that ends, in the place of the real one."""
    module = ModuleType("huying.orders.stream")
    module.application = stream  # type: ignore[attr-defined]  # a stand-in module has no declared names
    monkeypatch.setitem(sys.modules, "huying.orders.stream", module)


def get(path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """(status, headers) of a request."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    listed = [(name.encode(), value.encode()) for name, value in {"host": "127.0.0.1:8001", **headers}.items()]
    asyncio.run(asgi.application({"type": "http", "path": path, "method": "GET", "headers": listed}, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_the_page_of_the_same_host_may_listen_with_its_cookies() -> None:
    status, headers = get("/api/v1/stream", origin="http://127.0.0.1:8000")
    assert status == 200
    assert headers["access-control-allow-origin"] == "http://127.0.0.1:8000"
    assert headers["access-control-allow-credentials"] == "true"
    assert headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", ["http://evil.example", "https://127.0.0.1:8000", "http://127.0.0.1:9000", "null", "http://127.0.0.1:8000.evil.example"])  # fmt: skip
def test_another_page_may_not(origin: str) -> None:
    status, headers = get("/api/v1/stream", origin=origin)
    assert status == 403
    assert "access-control-allow-origin" not in headers


def test_a_host_name_that_is_not_ours_vouches_for_nothing() -> None:
    status, _ = get("/api/v1/stream", host="evil.example:8001", origin="http://evil.example:8000")
    assert status == 403


def test_behind_a_proxy_there_is_no_origin() -> None:
    status, headers = get("/api/v1/stream")
    assert status == 200
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/", "/api/v1/orders", "/admin/", "/api/v1/stream/"])
def test_nothing_else_is_served(path: str) -> None:
    assert get(path)[0] == 404


def test_readiness() -> None:
    assert get("/healthz")[0] == 200


def test_lifespan_is_answered() -> None:
    told = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return told.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(asgi.application({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
