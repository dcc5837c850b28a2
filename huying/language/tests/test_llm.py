"""大模型填单 against a small protocol server with every fault a server may have. All texts are invented."""

import dataclasses
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from huying.language import llm, pii
from huying.language.llm import LlmFilled, Server, Use

TEXT = "昨晚八点起凤翔小区停水，物业不管，希望尽快恢复供水，我电话13800001234"
GOOD = {
    "time": "昨晚八点", "place": "凤翔小区", "object": "物业", "happened": "凤翔小区停水，物业不管", "wanted": "尽快恢复供水",
    "title": "凤翔小区停水物业不管", "summary": "您反映的是凤翔小区停水，希望尽快恢复供水，对吗？", "nature": "help",
    "answers": {"停水几点开始？": "昨晚八点"},
}  # fmt: skip
QUESTIONS = ("停水几点开始？", "影响多少户？")

Handle = Callable[[socket.socket, bytes], None]


def envelope(content: Any) -> bytes:
    written = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": written}}]}).encode()


def http(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


@contextmanager
def serving(handle: Handle) -> Iterator[tuple[Server, list[bytes]]]:
    """A server on the loopback that reads one request per connection and lets `handle` answer it."""
    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def read(connection: socket.socket) -> bytes:
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65_536)
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        while len(body) < length:
            body += connection.recv(65_536)
        return head + b"\r\n\r\n" + body

    def run() -> None:
        while not stopped.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    seen.append(read(connection))
                    handle(connection, seen[-1])
                except OSError:
                    continue  # the client gave up, which is what several tests are about

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", "small"), seen
    finally:
        stopped.set()
        listener.close()


def ask(handle: Handle, text: str = TEXT, timeout: float = 5.0) -> tuple[LlmFilled | None, Use, list[bytes]]:
    uses: list[Use] = []
    with serving(handle) as (server, seen):
        filled = llm.fill(text, server=server, mask=pii.mask, log=uses.append, questions=QUESTIONS, timeout=timeout)
    assert len(uses) == 1
    return filled, uses[0], seen


def sends(answer: bytes) -> Handle:
    return lambda connection, _: connection.sendall(answer)


def test_a_good_answer_is_taken_and_logged_without_text() -> None:
    filled, use, seen = ask(sends(http(envelope(GOOD))))
    assert filled is not None
    assert dataclasses.asdict(filled) == GOOD
    assert (use.outcome, use.refused_fields) == ("filled", ())
    assert use.sent_characters == len(pii.mask(TEXT))
    assert "凤翔" not in repr(use)
    assert seen[0].startswith(b"POST /v1/chat/completions HTTP/1.1\r\n")


def test_personal_data_is_masked_before_it_leaves() -> None:
    _, _, seen = ask(sends(http(envelope(GOOD))))
    assert b"13800001234" not in seen[0]
    assert b"138****1234" in seen[0]


def test_a_number_that_the_limit_would_cut_is_masked_first() -> None:
    text = "水" * (llm.MOST_SENT_CHARS - 5) + "13800001234"
    _, use, seen = ask(sends(http(envelope(GOOD))), text)
    assert use.sent_characters == llm.MOST_SENT_CHARS
    assert b"13800" not in seen[0]


@pytest.mark.parametrize(
    "answer",
    [
        http(envelope("```json\n" + json.dumps(GOOD, ensure_ascii=False) + "\n```")),
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + envelope(GOOD),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n"
        % (len(envelope(GOOD)), envelope(GOOD)),
        http(envelope({**GOOD, "time": "昨晚 八点", "surplus": 1})),
    ],
)
def test_other_ways_to_write_a_good_answer(answer: bytes) -> None:
    filled, use, _ = ask(sends(answer))
    assert filled is not None
    assert filled.place == "凤翔小区"
    assert use.outcome == "filled"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"", "closed"),
        (b"hello", "bad_answer"),
        (http(b"<html>502 Bad Gateway</html>"), "bad_answer"),
        (http(b"{"), "bad_answer"),
        (http(b"[" * 20_000), "bad_answer"),
        (http(b"\xff\xfe"), "bad_answer"),
        (http(b"null"), "bad_answer"),
        (http(b'{"choices": []}'), "bad_answer"),
        (http(b'{"choices": [{"message": {"content": null, "refusal": "no"}}]}'), "refused"),
        (http(envelope("抱歉，我不能处理。")), "bad_answer"),
        (http(envelope([GOOD])), "bad_answer"),
        (http(envelope({**GOOD, "time": 8})), "bad_types"),
        (http(envelope({**GOOD, "answers": ["昨晚八点"]})), "bad_types"),
        (http(envelope({**GOOD, "answers": {"停水几点开始？": 8}})), "bad_types"),
        (http(envelope({})), "empty"),
        (http(envelope({"place": "不存在的地方"})), "nothing_believed"),
        (http(b"no", "500 Internal Server Error"), "status_500"),
        (http(b"no", "401 Unauthorized"), "status_401"),
        (http(b"", "302 Found", "Location: http://192.0.2.1/elsewhere\r\n"), "redirect"),
        (http(b"x" * (llm.MOST_ANSWER_BYTES + 1)), "too_large"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (llm.MOST_ANSWER_BYTES * 2), "too_large"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "too_large"),
    ],
)
def test_faults_of_the_answer_leave_the_rules_to_it(answer: bytes, outcome: str) -> None:
    filled, use, _ = ask(sends(answer))
    assert filled is None
    assert use.outcome == outcome


def test_a_reset_connection() -> None:
    def reset(connection: socket.socket, _: bytes) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    filled, use, _ = ask(reset)
    assert filled is None
    assert use.outcome == "unreachable"


def test_nobody_listens() -> None:
    uses: list[Use] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}")
    assert llm.fill(TEXT, server=server, mask=pii.mask, log=uses.append) is None
    assert uses[0].outcome == "unreachable"


def test_a_silent_server_and_one_that_drips_are_given_up_on_time() -> None:
    """Each byte arrives well within the limit; only the whole is too slow."""
    hold = threading.Event()

    def drip(connection: socket.socket, _: bytes) -> None:
        for byte in http(envelope(GOOD)):
            connection.sendall(bytes([byte]))
            if hold.wait(0.05):
                return

    def say_nothing(connection: socket.socket, _: bytes) -> None:
        hold.wait(30)

    try:
        for handle in (say_nothing, drip):
            filled, use, _ = ask(handle, timeout=0.4)
            assert filled is None
            assert use.outcome == "timeout"
    finally:
        hold.set()


def test_threads_that_hang_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*_: object) -> bytes:
        release.wait(30)
        return b""

    monkeypatch.setattr(llm, "_exchange", hang)
    monkeypatch.setattr(llm, "_exchanges", threading.BoundedSemaphore(2))
    uses: list[Use] = []
    for _ in range(3):
        llm.fill(TEXT, server=Server("http://127.0.0.1:9"), mask=pii.mask, log=uses.append, timeout=0.05)
    release.set()
    assert [use.outcome for use in uses] == ["timeout", "timeout", "busy"]


@pytest.mark.parametrize(
    ("lie", "refused"),
    [
        ({"place": "凤城小区"}, "place"),
        ({"wanted": "尽快恢复供水并赔偿"}, "wanted"),
        ({"title": "停水" * 16}, "title"),
        ({"title": "凤翔小区停水300户"}, "title"),
        ({"summary": "您反映的是凤翔小区停水，" * 6}, "summary"),
        ({"summary": "您反映的是停水，请回电13900005678，对吗？"}, "summary"),
        ({"nature": "urgent"}, "nature"),
        ({"answers": {"影响多少户？": "300户"}}, "answers"),
        ({"answers": {"你的密码？": "昨晚八点"}}, "answers"),
    ],
)
def test_what_the_text_does_not_say_is_not_believed(lie: dict[str, Any], refused: str) -> None:
    filled, use, _ = ask(sends(http(envelope({**GOOD, **lie}))))
    assert filled is not None
    assert not getattr(filled, refused)
    assert filled.time == "昨晚八点"
    assert (use.outcome, use.refused_fields) == ("partly", (refused,))


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://", "http:///v1", "nonsense", "http://127.0.0.1:99999/"])
def test_bad_addresses(url: str) -> None:
    uses: list[Use] = []
    assert llm.fill(TEXT, server=Server(url), mask=pii.mask, log=uses.append) is None
    assert uses[0].outcome in {"bad_address", "bad_answer", "unreachable"}


def test_a_mask_that_fails_sends_nothing() -> None:
    def broken(_: str) -> str:
        raise RuntimeError("13800001234")

    uses: list[Use] = []
    with serving(sends(http(envelope(GOOD)))) as (server, seen):
        assert llm.fill(TEXT, server=server, mask=broken, log=uses.append) is None
    assert not seen
    assert uses[0].outcome == "internal_RuntimeError"
    assert uses[0].sent_characters == 0


def test_without_a_server_or_a_text_nothing_happens() -> None:
    uses: list[Use] = []
    assert llm.fill(TEXT, server=None, mask=pii.mask, log=uses.append) is None
    assert llm.fill(" \n", server=Server("http://127.0.0.1:9"), mask=pii.mask, log=uses.append) is None
    assert uses == []


def test_the_environment_names_the_server_and_the_key_stays_out_of_sight() -> None:
    assert Server.from_environment({"HUYING_LLM_URL": " "}) is None
    server = Server.from_environment({"HUYING_LLM_URL": "http://127.0.0.1:8080/v1", "HUYING_LLM_KEY": "secret"})
    assert server == Server("http://127.0.0.1:8080/v1", "default", "secret")
    assert "secret" not in repr(server)


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
def test_every_way_to_write_the_address(path: str) -> None:
    with serving(sends(http(envelope(GOOD)))) as (server, seen):
        filled = llm.fill(TEXT, server=Server(server.url + path, key="k"), mask=pii.mask, log=lambda _: None, timeout=5)
    assert filled is not None
    assert seen[0].startswith(b"POST /v1/chat/completions ")
    assert b"Authorization: Bearer k\r\n" in seen[0]
