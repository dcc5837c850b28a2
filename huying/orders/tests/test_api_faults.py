"""What arrives broken, hostile or too large gets a clear refusal: a problem document, never a 500, nothing kept."""

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils.module_loading import import_string

from huying.orders.models import WorkOrder
from huying.orders.operations import registering
from huying.people.models import Staff
from tests.city import PASSWORD, Desk

pytestmark = pytest.mark.django_db
BODY = {
    "channel": "phone",
    "nature": "complaint",
    "title": "夜市占道",
    "content": "夜市摊位占满人行道。",
    "matter": "010201",
}


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, checked for its shape."""
    assert answer.status_code == status, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.content)
    assert (said["status"], said["code"]) == (status, code)
    assert said["detail"] == said["title"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"]), "a sentence for a clerk"
    return said


@pytest.fixture
def token(desk: Desk) -> str:
    return desk.token("operator")


@pytest.fixture
def send(token: str) -> Any:
    """A request as the operator, with whatever body."""
    client = Client(raise_request_exception=False)

    def call(path: str, content: Any = None, method: str = "post", kind: str = "application/json", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
        return client.generic(
            method.upper(), f"/api/v1{path}", content or b"", content_type=kind, headers=headers, **more
        )

    return call


def body(**changes: Any) -> bytes:
    return json.dumps(BODY | changes).encode()


# -- bodies that cannot be read


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{", 400, "bad_json"),
        (b"\x00", 400, "bad_json"),
        (b"nothing", 400, "bad_json"),
        (b"[" * 100_000, 400, "bad_json"),
        (b'{"a":' * 5_000, 400, "bad_json"),
        (b'{"lat": NaN}', 400, "bad_json"),
        (b"1" * 5_000, 400, "bad_json"),
        ("内容".encode("gbk"), 400, "bad_encoding"),
        (json.dumps(BODY, ensure_ascii=False).encode("gb18030"), 400, "bad_encoding"),
        (json.dumps(BODY, ensure_ascii=False).encode("utf-16"), 400, "bad_encoding"),
        (b"\xed\xa0\x80", 400, "bad_encoding"),
        (b"null", 422, "invalid_fields"),
        (b"[]", 422, "invalid_fields"),
        (b'"text"', 422, "invalid_fields"),
        (b"12", 422, "invalid_fields"),
        (b"", 422, "invalid_fields"),
    ],
)
def test_bodies_that_are_no_json_object(send: Any, content: bytes, status: int, code: str) -> None:
    is_problem(send("/orders", content), status, code)
    assert not WorkOrder.objects.exists()


def test_a_byte_order_mark_is_no_fault(send: Any) -> None:
    assert send("/orders", b"\xef\xbb\xbf" + body()).status_code == 201


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", ""])
def test_a_body_of_another_type_is_refused(send: Any, kind: str) -> None:
    is_problem(send("/orders", body(), kind=kind), 415, "not_json")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": 5}, "content"),
        ({"content": None}, "content"),
        ({"content": ["a"]}, "content"),
        ({"nature": "anger"}, "nature"),
        ({"nature": 1}, "nature"),
        ({"place": "here"}, "place"),
        ({"place": {"lat": "north"}}, "place.lat"),
        ({"place": {"lat": 91}}, "place.lat"),
        ({"place": {"text": "x" * 301}}, "place.text"),
        ({"citizen": {"anonymous": "perhaps"}}, "citizen.anonymous"),
        ({"citizen": {"phone": "1" * 31}}, "citizen.phone"),
        ({"matter": 10201}, "matter"),
        ({"submit": "later"}, "submit"),
        ({"confidential": []}, "confidential"),
    ],
)
def test_wrong_types_are_named_by_field(send: Any, changes: dict[str, Any], field: str) -> None:
    said = is_problem(send("/orders", body(**changes)), 422, "invalid_fields")
    assert field in [item["field"] for item in said["errors"]]
    assert all(item["sentence"] for item in said["errors"])


def test_a_verb_refuses_fields_it_does_not_know(desk: Desk, send: Any) -> None:
    number = desk.register()["number"]
    said = is_problem(send(f"/orders/{number}/note_down", b'{"note": "x", "state": "closed"}'), 422, "invalid_fields")
    assert said["errors"] == [{"field": "state", "sentence": "不认识的内容"}]
    # a name may itself be broken
    is_problem(send(f"/orders/{number}/note_down", b'{"note": "x", "\\ud800": 1}'), 422, "bad_text")


# -- texts that cannot be stored


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\udfff", "\\ud800\\ud800", "\\uD83D"])
@pytest.mark.parametrize("field", ["title", "content", "source_id", "source_number"])
def test_nul_and_half_characters_are_refused_by_field(send: Any, escape: str, field: str) -> None:
    content = json.dumps(BODY | {field: "前@后"}).replace("@", escape).encode()
    said = is_problem(send("/orders", content), 422, "bad_text")
    assert said["errors"][0]["field"] == field
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize("path", ["/citizens/lookup", "/views", "/sessions"])
def test_nul_is_refused_wherever_text_goes_in(send: Any, path: str) -> None:
    bodies = {
        "/citizens/lookup": {"phone": "13800005678\0"}, "/views": {"name": "a\0", "query": "q=1"},
        "/sessions": {"username": "operator\0", "password": "x"},
    }  # fmt: skip
    is_problem(send(path, json.dumps(bodies[path]).encode()), 422, "bad_text")


def test_control_characters_are_refused_where_they_would_be_stored(desk: Desk, send: Any) -> None:
    is_problem(send("/orders", body(content="响\u0007铃")), 422, "bad_text")
    number = desk.register()["number"]
    is_problem(send(f"/orders/{number}/reveal", json.dumps({"reason": "核\u0001对"}).encode()), 422, "bad_text")
    is_problem(send("/views", json.dumps({"name": "a\u0002", "query": ""}).encode()), 422, "bad_text")


def test_whole_characters_of_other_planes_and_escaped_ones_are_kept(send: Any) -> None:
    text = "𠮷野家门口😀，原样“\\u0000”四个字"
    answer = send("/orders", json.dumps(BODY | {"content": text}).encode())  # the emoji goes as two escapes
    assert (answer.status_code, answer.json()["content"]) == (201, text)


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE orders_workorder; --",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{ 7*7 }} ${7*7} %s %(x)s {0}",
        "../../etc/passwd",
        '=HYPERLINK("http://x")',
        "\\'\\\"\\x00",
    ],
)
def test_sql_script_and_templates_are_stored_and_shown_as_typed(desk: Desk, send: Any, text: str) -> None:
    made = send("/orders", json.dumps(BODY | {"title": text, "content": text, "place": {"text": text}}).encode())
    assert made.status_code == 201
    number = made.json()["number"]
    shown = desk.call("operator", "get", f"/orders/{number}")
    assert (shown[1]["title"], shown[1]["content"], shown[1]["place"]["text"]) == (text, text, text)
    assert desk.call("operator", "get", "/orders", {"q": text})[0] == 200
    assert WorkOrder.objects.count() == 1


def test_json_is_never_read_as_a_page(desk: Desk, send: Any) -> None:
    answer = send("/orders", body(title="<script>alert(1)</script>"))
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_long_texts_are_refused_with_the_limit_and_not_cut(send: Any) -> None:
    said = is_problem(send("/orders", body(content="长" * 100_000)), 413, "text_too_long")
    assert str(registering.CONTENT_LIMIT) in said["detail"]
    is_problem(send("/orders", body(title="长" * 100_000)), 413, "text_too_long")
    assert not WorkOrder.objects.exists()


def test_a_body_above_the_limit_is_refused_with_the_limit(send: Any) -> None:
    said = is_problem(send("/orders", body(content="x" * (1024 * 1024))), 413, "body_too_large")
    assert "最多1MB" in said["detail"]
    assert said["limit_bytes"] == 1024 * 1024


def test_what_says_it_is_huge_is_refused_unread(send: Any) -> None:
    answer = send("/orders", b"{}", CONTENT_LENGTH=str(10**12))
    said = is_problem(answer, 413, "body_too_large")
    assert "附件最多20MB" in said["detail"]


# -- addresses, query values, methods


@pytest.mark.parametrize(
    "query",
    [
        "limit=abc", "limit=-1", "limit=0", "limit=101", "limit=1e3", "limit=99999999999999999999", "sort=oldest",
        "cursor=garbage", "cursor=W251bGwsMV0", "cursor=WyJ4IiwxXQ", "cursor=e30", "cursor=%F0%9F%98%80", "cursor=MQ",
        f"cursor={'W' * 201}", "state=flying", "state=draft,flying", "nature=anger", "urgency=high", "channel=fax",
        "lamp=blue", "mine=yes", "ours=1", "queue=nothing", "domain=x1", "domain=1", "matter=01020", "matter=ab",
        "area=61", "street=雁塔", "phone=12", "phone=abc", "from=yesterday", "from=2026-13-01", "from=20261124",
        "to=2026-02-30", "from=2026-11-24&to=2026-11-23", "from=0001-01-01", "to=9999-12-31", "colour=red", "Q=x",
        f"q={'长' * 201}", "q=%00", "state=%00", "cursor=%00", "unit=%00", "%00=1",
    ],
)  # fmt: skip
def test_query_values_that_cannot_be_meant(send: Any, query: str) -> None:
    answer = send(f"/orders?{quote(query, safe='=&%,')}", method="get")
    said = json.loads(answer.content)
    assert answer.status_code == 422, said
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert said["code"] in {"invalid_fields", "bad_filter", "bad_cursor", "bad_text"}
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"])


@pytest.mark.parametrize("path", ["/matters", "/units", "/places"])
@pytest.mark.parametrize("query", ["limit=abc", "limit=-1", "q=%00", "limit=1000", f"q={'x' * 51}"])
def test_searches_refuse_bad_values(send: Any, path: str, query: str) -> None:
    assert send(f"{path}?{query}", method="get").status_code == 422


@pytest.mark.parametrize("q", ["'", "\\", "%", "_", "' OR 1=1 --", "a & !b | (c", ":*", "<->", "的", "。！", "🙂", " "])
def test_searches_take_any_punctuation(send: Any, q: str) -> None:
    for path in ("/orders", "/matters", "/units", "/places"):
        assert send(f"{path}?q={quote(q)}", method="get").status_code == 200, path


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/nothing", 404, "not_found"),
        ("post", "/orders/{number}/destroy", 404, "not_found"),
        ("get", "/orders/{number}/attachments/999", 404, "no_such_file"),
        ("get", "/orders/{number}/attachments/99999999999999999999999", 404, "no_such_file"),
        ("get", "/orders/{number}/attachments/-1", 404, "no_such_file"),
        ("get", "/orders/{number}/attachments/x", 422, "invalid_fields"),
        ("put", "/orders", 405, "method_not_allowed"),
        ("delete", "/orders/{number}", 405, "method_not_allowed"),
        ("patch", "/orders/{number}", 405, "method_not_allowed"),
        ("get", "/orders/{number}/dispatch", 405, "method_not_allowed"),
        ("trace", "/orders", 405, "method_not_allowed"),
        ("get", "/orders/123", 422, "bad_number"),
        ("get", "/orders/202611240000012", 422, "bad_number"),
        ("get", "/orders/%00", 400, "bad_request"),
        ("get", "/orders/" + "9" * 5000, 422, "bad_number"),
        ("delete", "/drafts/%00", 400, "bad_request"),
        ("delete", "/views/999999999999999999999999", 204, ""),
    ],
)
def test_addresses_and_methods_that_are_none(
    desk: Desk, send: Any, method: str, path: str, status: int, code: str
) -> None:
    number = desk.register()["number"]
    answer = send(path.format(number=number), method=method)
    if code:
        is_problem(answer, status, code)
        assert (status != 405) or answer.headers["Allow"]
    assert answer.status_code == status


def test_numbers_may_be_typed_as_people_write_them(desk: Desk, send: Any) -> None:
    order = desk.register()
    for typed in (order["number_display"], f"{order['number'][:8]} {order['number'][8:]}"):
        assert send(f"/orders/{quote(typed)}", method="get").json()["number"] == order["number"]


def test_versions_and_shares_beyond_any_number(desk: Desk, send: Any) -> None:
    number = desk.register()["number"]
    is_problem(send(f"/orders/{number}/note_down", b'{"note": "x", "seen": 99999999999999999999}'), 409, "stale")
    is_problem(send(f"/orders/{number}/note_down", b'{"note": "x", "seen": -1}'), 409, "stale")
    is_problem(send(f"/orders/{number}/note_down", b'{"note": "x", "seen": "new"}'), 422, "invalid_fields")


def test_an_idempotency_key_is_kept_whole_or_refused(send: Any) -> None:
    is_problem(send("/orders", body(), headers={"Idempotency-Key": "k" * 101}), 422, "bad_idempotency_key")
    first = send("/orders", body(), headers={"Idempotency-Key": "k" * 100})
    again = send("/orders", body(), headers={"Idempotency-Key": "k" * 100})
    assert first.json()["number"] == again.json()["number"]
    assert first.json().keys() == again.json().keys()
    other = send("/orders", body(content="另一件事"), headers={"Idempotency-Key": "k" * 100})
    is_problem(other, 409, "idempotency_mismatch")


# -- who asks


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Bearer x", "bad_token"),
        ("Bearer ", "bad_token"),
        ("Bearer", "bad_token"),
        ("bearer x", "bad_token"),
        ("Bearer " + "x" * 10_000, "bad_token"),
        ("Bearer ÿþ\t\x01", "bad_token"),
        ("Basic b3BlcmF0b3I6eA==", "sign_in_required"),
        ("", "sign_in_required"),
    ],
)
def test_credentials_that_are_none(db: None, header: str, code: str) -> None:
    answer = Client(raise_request_exception=False).get("/api/v1/me", headers={"Authorization": header})
    is_problem(answer, 401, code)


@pytest.mark.parametrize("cookie", ["x", "a" * 32, "'; --", '"abcdefgh\\000ijkl"', "%00" * 12, "é" * 40])
def test_a_session_cookie_that_is_none(db: None, cookie: str) -> None:
    client = Client(raise_request_exception=False)
    is_problem(client.get("/api/v1/me", headers={"Cookie": f"huying_session={cookie}"}), 401, "sign_in_required")


@pytest.fixture
def session(db: None) -> Client:
    """The operator by session cookie, with CSRF enforced as in production."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answer = client.post(
        "/api/v1/sessions", {"username": "operator", "password": PASSWORD}, content_type="application/json"
    )
    assert answer.status_code == 200
    return client


def test_a_cookie_alone_reads_but_does_not_write(session: Client) -> None:
    assert session.get("/api/v1/me").status_code == 200
    refused = session.post("/api/v1/orders", BODY, content_type="application/json")
    is_problem(refused, 403, "csrf_failed")
    wrong = session.post("/api/v1/orders", BODY, content_type="application/json", headers={"X-CSRFToken": "x" * 64})
    is_problem(wrong, 403, "csrf_failed")
    form = session.post("/api/v1/orders/1/attachments", {"csrfmiddlewaretoken": "x"})
    is_problem(form, 403, "csrf_failed")
    right = session.post(
        "/api/v1/orders",
        BODY,
        content_type="application/json",
        headers={"X-CSRFToken": session.cookies["huying_csrf"].value},
    )
    assert right.status_code == 201


def test_an_ended_session_asks_to_sign_in(session: Client) -> None:
    session.session.flush()
    is_problem(session.get("/api/v1/orders"), 401, "sign_in_required")


def test_a_disabled_account_is_out_at_once(desk: Desk, session: Client, send: Any) -> None:
    Staff.objects.filter(username="operator").update(is_active=False)
    is_problem(session.get("/api/v1/orders"), 401, "sign_in_required")
    is_problem(send("/orders", method="get"), 401, "bad_token")
    answer = Client().post(
        "/api/v1/sessions", {"username": "operator", "password": PASSWORD}, content_type="application/json"
    )
    is_problem(answer, 401, "wrong_password")


def test_a_new_password_ends_old_sessions(session: Client) -> None:
    operator = Staff.objects.get(username="operator")
    operator.set_password("another-password-1")
    operator.save()
    is_problem(session.get("/api/v1/me"), 401, "sign_in_required")


# -- our own faults


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Let the list fail in a way."""

    def fail(fault: Exception) -> None:
        def broken(*_: Any, **__: Any) -> Any:
            raise fault

        monkeypatch.setattr("huying.orders.queries.page", broken)

    return fail  # type: ignore[return-value]  # a fixture may be a function


def test_a_mistake_of_ours_is_said_as_such(failing: Any, send: Any) -> None:
    failing(RuntimeError("杨试试 13800005678"))
    said = is_problem(send("/orders", method="get"), 500, "internal_error")
    assert "13800005678" not in json.dumps(said, ensure_ascii=False)


def test_a_database_that_is_away_says_come_again(failing: Any, send: Any) -> None:
    failing(OperationalError("connection refused"))
    answer = send("/orders", method="get")
    is_problem(answer, 503, "database_unavailable")
    assert answer.headers["Retry-After"] == "5"


PERSONAL = ("杨试试", "13800005678", "试试路1号", "huying-demo", "密码错了")


def test_nothing_personal_is_logged_whatever_goes_wrong(
    desk: Desk, send: Any, failing: Any, caplog: pytest.LogCaptureFixture
) -> None:
    logging_settings: Any = settings.LOGGING
    formatter = import_string(logging_settings["formatters"]["line"]["()"])  # the one the server writes with
    caplog.handler.setFormatter(formatter("%(levelname)s %(name)s %(message)s"))
    caplog.set_level(logging.DEBUG)
    for name in ("django.db.backends",):  # statements with their values are logged at DEBUG only, with DEBUG = True
        logging.getLogger(name).setLevel(logging.INFO)
    citizen = {"name": "杨试试", "phone": "13800005678"}
    for changes in (
        {"citizen": citizen}, {"citizen": citizen, "nature": "anger"}, {"citizen": citizen, "matter": "999999"},
        {"citizen": citizen, "content": "试试路1号" * 30_000}, {"citizen": citizen | {"phone": "13800005678" * 5}},
        {"citizen": citizen, "title": "杨试试\0"}, {"citizen": citizen, "杨试试": "13800005678"},
    ):  # fmt: skip
        send("/orders", body(**changes))
    send("/orders", json.dumps(BODY | {"citizen": citizen}, ensure_ascii=False).encode("gbk"))
    send("/orders", ('{"citizen": "杨试试 13800005678'.encode()))
    send("/citizens/lookup", json.dumps({"phone": "13800005678"}).encode())
    send("/sessions", json.dumps({"username": "13800005678", "password": "密码错了"}).encode())
    for query in ("q=杨试试", "phone=13800005678", "phone=13800005678&lamp=杨试试", "cursor=13800005678", "杨试试=1"):
        send(f"/orders?{quote(query, safe='=&')}", method="get")
    send(f"/orders/{quote('杨试试13800005678')}", method="get")
    failing(ValueError("杨试试 13800005678 试试路1号"))
    send(f"/orders?q={quote('杨试试')}", method="get")
    assert "unexpected ValueError in api/v1/orders" in caplog.text
    for word in PERSONAL:
        assert word not in caplog.text, word
