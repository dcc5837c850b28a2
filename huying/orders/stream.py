"""The live stream 实时推送: server-sent events that tell the pages of staff which orders moved, as `event: hint`.

`{"number", "version", "kind"}` says that one order moved; `{"kind": "missed"}` says that hints were lost and everything
is to be read again. One database connection listens for the whole process, whatever the number of listeners; a listener
is a queue and a coroutine. Lost and repeated hints are harmless, hints about invisible orders are never sent.
"""

import asyncio
import contextlib
import json
import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections

from huying.kernel.errors import HuyingError

from . import hints
from .flow import Actor
from .hints import CHANNEL, MANY, Credential, Hint, Moved

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")

HEARTBEAT_SECONDS = 15.0
CHECK_SECONDS = 30.0
BURST_SECONDS = 0.15
READY_SECONDS = 10.0
BACK_OFF_SECONDS = (0.2, 1.0, 2.0, 5.0)
LAST_WORD_SECONDS = 2.0
RETRY_MS = 3000
QUEUE_LIMIT = 200
PENDING_LIMIT = 2000
THREADS = 3  # each holds one database connection; listeners hold none

HEARTBEAT = b": here\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would collect the events
]
log = logging.getLogger(__name__)


def framed(told: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: hint\ndata: {json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


MISSED = framed({"kind": "missed"})


class Listener:
    """One open page: who listens, and what is still to be sent to it."""

    def __init__(self, actor: Actor, credential: Credential) -> None:
        self.actor = actor
        self.credential = credential
        self.ended = asyncio.Event()
        self._waiting: deque[bytes] = deque()
        self._filled = asyncio.Event()

    def tell(self, event: bytes) -> None:
        """Queue an event; a reader too slow for its queue gets `missed` instead of all that waits."""
        if self._waiting and self._waiting[-1] == MISSED:
            return  # it will read everything anyway, after this moment
        if event == MISSED or len(self._waiting) >= QUEUE_LIMIT:
            self._waiting.clear()
            event = MISSED
        self._waiting.append(event)
        self._filled.set()

    def end(self) -> None:
        """Let the answer end."""
        self.ended.set()

    async def next(self) -> bytes:
        """What waits, in one piece, or a heartbeat when nothing came for a while."""
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await self._filled.wait()
        except TimeoutError:
            return HEARTBEAT
        self._filled.clear()
        piece = b"".join(self._waiting)
        self._waiting.clear()
        return piece


class Hub:
    """Listens to the database for all listeners of one process."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.listeners: set[Listener] = set()
        self.listening = asyncio.Event()
        self._pending: dict[Moved, None] = {}
        self._lost = False
        self._arrived = asyncio.Event()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="stream")
        self._tasks = [asyncio.create_task(work()) for work in (self._listen, self._hand_out, self._check)]

    async def close(self) -> None:
        """End everything, for a process that goes on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in self.listeners:
            listener.end()
        everyone = threading.Barrier(THREADS)  # no thread may take the task of another

        def leave() -> None:
            everyone.wait()
            connections.close_all()

        for _ in range(THREADS):
            self._threads.submit(leave)
        await self.loop.run_in_executor(None, self._threads.shutdown)

    async def in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run what asks the database; a broken connection is replaced at the next call."""

        def run() -> T:
            close_old_connections()
            try:
                return work(*arguments)
            finally:
                close_old_connections()

        return await self.loop.run_in_executor(self._threads, run)

    # -- from the database

    async def _listen(self) -> None:
        failures = 0
        heard_before = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    failures = 0
                    self.listening.set()
                    if heard_before:
                        self._lose()  # what moved while nobody heard
                    heard_before = True
                    await self._hear(connection)
            except Exception as fault:  # whatever it was: without this task the stream would be silent and look alive
                self.listening.clear()
                wait = BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)]
                failures += 1
                log.warning("stream: no connection to the database (%s), again in %g s", type(fault).__name__, wait)
                await asyncio.sleep(wait)

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Collect notifications until the connection breaks; a silent one is asked for a sign of life."""
        while True:
            async for notice in connection.notifies(timeout=HEARTBEAT_SECONDS):
                self._note(notice.payload)
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await connection.execute("SELECT 1")

    def _note(self, payload: str) -> None:
        moved = hints.understood(payload)
        if moved:
            self._pending[moved] = None
            self._arrived.set()
        if payload == MANY or len(self._pending) > PENDING_LIMIT:
            self._lose()

    def _lose(self) -> None:
        self._pending.clear()
        self._lost = True
        self._arrived.set()

    # -- to the listeners

    async def _hand_out(self) -> None:
        """A burst at a time: while one is looked up, the next one gathers."""
        while True:
            await self._arrived.wait()
            await asyncio.sleep(BURST_SECONDS)
            self._arrived.clear()
            moved, self._pending = list(self._pending), {}
            lost, self._lost = self._lost, False
            try:
                if not lost:
                    actors = {listener.actor for listener in self.listeners}
                    if moved and actors:
                        self._tell(await self.in_thread(hints.heard, moved, actors))
                    continue
            except Exception:
                log.exception("stream: hints could not be looked up")
            for listener in self.listeners:
                listener.tell(MISSED)

    def _tell(self, heard: dict[Actor, list[Hint]]) -> None:
        frames: dict[Hint, bytes] = {}
        for listener in self.listeners:
            if listener.actor not in heard:  # came, or got other roles, while the burst was looked up
                listener.tell(MISSED)
                continue
            for hint in heard[listener.actor]:
                if hint not in frames:
                    frames[hint] = framed(asdict(hint))
                listener.tell(frames[hint])

    async def _check(self) -> None:
        """Twice a minute: end those whose account, session or token has ended, renew the roles of the others."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.check()
            except Exception:
                log.exception("stream: accounts could not be checked")

    async def check(self) -> None:
        """Look once at every listener's account."""
        asked = {listener.credential for listener in self.listeners}
        admitted = await self.in_thread(hints.still_admitted, asked) if asked else {}
        for listener in self.listeners:
            if listener.credential in admitted:
                listener.actor = admitted[listener.credential]
            elif listener.credential in asked:
                listener.end()


def _address() -> dict[str, Any]:
    """How Django reaches the database, for a connection of our own; a silent network is noticed within a minute."""
    known = connections[DEFAULT_DB_ALIAS].get_connection_params()
    own = {
        name: value for name, value in known.items() if name not in ("cursor_factory", "context", "prepare_threshold")
    }
    return {"connect_timeout": 5, "keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3, **own}


_hub: Hub | None = None


def hub() -> Hub:
    """The hub of this process, or of this event loop where a process has several."""
    global _hub
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = Hub()
    return _hub


async def close() -> None:
    """End every listener's answer, for a process about to stop."""
    global _hub
    if _hub is not None and _hub.loop is asyncio.get_running_loop():
        closing, _hub = _hub, None
        await closing.close()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """监听: answer a GET by an endless stream of hints for the signed-in account; 401 for nobody, 503 while the database is away."""
    if scope["method"] != "GET":
        await _problem(send, 405, "method_not_allowed", "实时推送只能读取")
        return
    here = hub()
    try:
        actor, credential = await here.in_thread(hints.admit, scope)
        async with asyncio.timeout(READY_SECONDS):
            await here.listening.wait()
    except HuyingError as fault:
        await _problem(send, fault.status, fault.code, fault.sentence)
        return
    except Exception as fault:
        log.warning("stream: a listener could not be admitted (%s)", type(fault).__name__)
        await _problem(send, 503, "unavailable", "实时推送暂时不可用，稍后会自动重连")
        return
    listener = Listener(actor, credential)
    here.listeners.add(listener)
    try:
        await _serve(listener, receive, send)
    finally:
        here.listeners.discard(listener)


async def _serve(listener: Listener, receive: Receive, send: Send) -> None:
    """Write until the page hangs up or may not listen any more."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"retry: %d\n\n" % RETRY_MS, "more_body": True})

    async def write() -> None:
        while True:
            await send({"type": "http.response.body", "body": await listener.next(), "more_body": True})

    async def hang_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.create_task(work) for work in (write(), hang_up(), listener.ended.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        gone = tasks[1].done() or (tasks[0].done() and tasks[0].exception() is not None)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if not gone:
        # a reader that takes nothing is let go unanswered
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORD_SECONDS):
                await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _problem(send: Send, status: int, code: str, sentence: str) -> None:
    body = json.dumps({"title": sentence, "status": status, "code": code}, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
