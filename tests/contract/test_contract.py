"""The HTTP contract: the document is the one that was agreed, and answers have exactly the shape it says."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from pydantic import BaseModel, TypeAdapter

from huying.config.api import api
from huying.config.management.commands.write_openapi import FILE, document
from huying.matters.api import MatterList
from huying.orders import answers
from huying.orders.flow import ACTIONS
from huying.people.api import Me, SignedIn, UnitList, Welcome
from huying.places.api import PlaceList
from tests.city import PASSWORD, Desk

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_the_one_that_was_agreed() -> None:
    assert FILE.read_text("utf-8") == document(), (
        "the API changed: run `huying write_openapi` and look at the difference"
    )


def test_every_operation_says_how_it_answers_and_refuses() -> None:
    schema = json.loads(document())
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            assert "application/problem+json" in responses["default"]["content"], path
            good = [code for code in responses if code.startswith("2")]
            assert good, (method, path)
            if "204" not in good and not path.endswith("/attachments/{pk}"):  # a file is no JSON
                assert "application/json" in responses[good[0]]["content"], (method, path)
            assert operation.get("summary"), path


def test_every_verb_is_an_operation_with_its_own_body() -> None:
    schema = json.loads(document())
    for name, action in ACTIONS.items():
        operation = schema["paths"][f"/api/v1/orders/{{number}}/{name}"]["post"]
        assert (operation["operationId"], operation["summary"]) == (name, action.label)
        body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
        shape = schema["components"]["schemas"][body]
        assert shape["properties"].keys() == {"seen", "assignment", *(field.name for field in action.fields)}, name
        assert set(shape.get("required", ())) == {field.name for field in action.fields if field.required}, name
        assert shape["additionalProperties"] is False


def same(shape: Any, said: Any, path: str = "") -> None:
    """The answer fits the shape, and neither has a name that the other lacks."""
    fitted = TypeAdapter(shape).validate_python(said, strict=False)

    def compare(model: Any, value: Any, where: str) -> None:
        if isinstance(model, BaseModel):
            assert model.__class__.model_fields.keys() == value.keys(), where
            for name in value:
                compare(getattr(model, name), value[name], f"{where}.{name}")
        elif isinstance(model, list):
            for item, other in zip(model, value, strict=True):
                compare(item, other, f"{where}[]")

    compare(fitted, said, path)


@pytest.mark.django_db
def test_answers_have_exactly_the_declared_shape(desk: Desk) -> None:
    def get(path: str, who: str = "dispatcher", **query: str) -> Any:
        status, said = desk.call(who, "get", path, query)
        assert status == 200, said
        return said

    order = desk.register()
    same(answers.OrderShown, order, "register")
    number = order["number"]
    same(answers.OrderShown, desk.do("dispatcher", number, "dispatch", lead="610113-cg", note="尽快"), "dispatch")
    desk.do("handler", number, "accept")
    desk.do("handler", number, "contact", way="phone", reached=True, record="已联系")
    desk.do("handler", number, "extend", days=2, reason="需要会同街道", told_citizen=True)
    desk.do("dispatcher", number, "approve_extension")
    desk.do(
        "handler", number, "promise", until="2027-03-01", reason="要修路",
        milestones=[{"title": "开工", "due_on": "2027-01-10"}, {"title": "完工", "due_on": "2027-02-20"}],
    )  # fmt: skip
    desk.do("dispatcher", number, "approve_promise")
    same(answers.OrderDetail, get(f"/orders/{number}"), "detail")
    same(answers.EventList, get(f"/orders/{number}/events"), "events")
    same(answers.Routing, get(f"/orders/{number}/routing"), "routing")
    same(answers.RoutingBefore, get("/routing", matter="010201", street="610113003", nature="complaint"), "routing")
    same(answers.OrderPage, get("/orders"), "list")
    same(list[answers.QueueShown], get("/queues"), "queues")
    same(answers.FlowShown, get("/flow"), "flow")
    same(MatterList, get("/matters", q="暖气"), "matters")
    same(UnitList, get("/units", q="城管"), "units")
    same(PlaceList, get("/places", q="cybjd"), "places")
    same(Me, get("/me"), "me")
    same(Welcome, get("/welcome"), "welcome")
    same(
        answers.CitizenInClear,
        desk.call("dispatcher", "post", f"/orders/{number}/reveal", {"reason": "核对地址"})[1],
        "reveal",
    )
    same(
        answers.CallerHistory, desk.call("operator", "post", "/citizens/lookup", {"phone": "13800005678"})[1], "lookup"
    )
    same(answers.ViewShown, desk.call("operator", "post", "/views", {"name": "我的", "query": "mine=true"})[1], "view")
    same(answers.ViewList, get("/views", "operator"), "views")
    same(
        SignedIn,
        desk.call("operator", "post", "/sessions", {"username": "operator", "password": PASSWORD})[1],
        "session",
    )


# one verb of each kind stands for the others: their endpoints and bodies are made by the same few lines
OPERATIONS = r"/api/v1/(?!sessions)[a-z]+(/\{\w+\}|/lookup)?(/(events|routing|reveal|attachments.*|dispatch|reply|promise|call_back))?$"


@contextmanager
def served(url: str) -> Iterator[str]:
    """A live server on a database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
         "--blocking-threads", "2", "--no-ws", "--log-level", "error", "huying.config.wsgi:application"],
        cwd=ROOT, env=os.environ | {"HUYING_DATABASE_URL": url},
    )  # fmt: skip
    try:
        base = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{base}/healthz", timeout=5).read()
                break
            except OSError:
                assert child.poll() is None, "the server ended by itself"
                assert time.monotonic() < deadline, "the server did not come up"
                time.sleep(0.2)
        yield base
    finally:
        child.terminate()
        child.wait(20)


@pytest.fixture
def copied(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a copy of the tests' database: a live server commits what it is sent."""
    with django_db_blocker.unblock():
        made = connection.settings_dict
        connection.close()  # a database that is copied has no visitors
    where = f"host={made['HOST']} port={made['PORT'] or 5432} user={made['USER']} password={made['PASSWORD']}"
    copy = f"{made['NAME']}_contract"
    with psycopg.connect(f"{where} dbname=postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{made["NAME"]}"')
        account = quote(made["USER"]) + (f":{quote(made['PASSWORD'])}" if made["PASSWORD"] else "")
        try:
            yield f"postgresql://{account}@/{copy}?host={quote(made['HOST'])}&port={made['PORT'] or 5432}"
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


def test_no_generated_request_breaks_the_server(copied: str, tmp_path: Path) -> None:
    """Schemathesis through its command line, a bounded number of examples: no 5xx, no other media type."""
    with served(copied) as base:
        credentials = json.dumps({"username": "operator", "password": PASSWORD}).encode()
        asked = urllib.request.Request(f"{base}/api/v1/sessions", credentials, {"Content-Type": "application/json"})
        token = json.loads(urllib.request.urlopen(asked, timeout=10).read())["token"]
        done = subprocess.run(
            [str(Path(sys.executable).parent / "schemathesis"), "run", f"{base}/api/v1/openapi.json", "--header",
             f"Authorization: Bearer {token}", "--checks", "not_a_server_error,content_type_conformance", "--phases",
             "coverage,fuzzing", "--max-examples", "3", "--seed", "12345", "--include-path-regex", OPERATIONS, "--warnings",
             "off", "--no-color", "--no-shrink", "--generation-database", "none"],
            capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    tested = re.search(r"(\d+) selected / \d+ total", done.stdout)
    assert tested is not None
    assert int(tested[1]) >= 20


def test_the_document_is_served() -> None:
    assert api.openapi_url == "/openapi.json"
