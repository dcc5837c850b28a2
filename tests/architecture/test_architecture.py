"""What a reviewer would have to watch for by eye: one write path, one read door, no side doors, modules that fit a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from huying.config.management.commands.write_openapi import FILE
from huying.orders.flow import ACTIONS, event_label
from huying.orders.operations.performing import VERBS
from huying.orders.schemas import BODIES
from huying.people.rules import PERMISSIONS, ROLES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "huying"
MOST_LINES = 500
CONTRACT = FILE.read_text("utf-8")  # held to the code by tests/contract
# Where rows of orders may be read or written without the door: the door, the mechanism behind it, and what checks or
# moves the whole table and never answers a person.
WITHOUT_THE_DOOR = {
    "huying/orders/visibility.py": "the door itself",
    "huying/orders/moving.py": "locks through the door",
    "huying/orders/history.py": "locks an order that came through the door",
    "huying/orders/integrity.py": "the check of the whole history, for the administrator of the database",
    "huying/orders/jobs.py": "clocks and archiving of all orders, as the system",
}
HTTP = ("api.py", "stream.py")


def modules(*, tests: bool = False) -> Iterator[tuple[str, ast.Module]]:
    """(path, tree) of every module of the server, without migrations."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" in path.parts or (not tests and "tests" in path.parts):
            continue
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def managers(tree: ast.Module, model: str) -> list[int]:
    """Lines where `Model.objects` stands."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id == model
    ]


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_there_everywhere(name: str) -> None:
    action = ACTIONS[name]
    assert callable(VERBS[name]), "a verb"
    assert name in BODIES, "a body"
    assert f"/api/v1/orders/{{number}}/{name}" in CONTRACT, "an endpoint"
    assert event_label(name) == action.label, "an event"
    assert action.says.strip(), "a doc sentence"
    assert action.permission in PERMISSIONS, "a permission"
    assert any(action.permission in role.permissions for role in ROLES.values()), "somebody who may"
    assert f"`{name}`" in (ROOT / "docs" / "reference" / "flow.md").read_text("utf-8"), "a line in the documentation"


def test_orders_are_read_only_through_the_door() -> None:
    found = {
        path: lines
        for path, tree in modules()
        if (lines := managers(tree, "WorkOrder")) and path not in WITHOUT_THE_DOOR
    }
    outside = {path: lines for path, lines in found.items() if not path.startswith("huying/orders/")}
    # the demo city plays the whole city at once and answers nobody
    assert [path for path in outside if not path.startswith("huying/simulation/")] == []
    http = {path: lines for path, lines in found.items() if path.endswith(HTTP)}
    assert http == {}


def test_nobody_writes_history_but_the_mechanism() -> None:
    writers = {"create", "bulk_create", "update", "delete", "update_or_create", "get_or_create", "bulk_update"}
    found = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in writers:
                inner = node.value
                while isinstance(inner, ast.Call | ast.Attribute):
                    inner = inner.func if isinstance(inner, ast.Call) else inner.value
                if isinstance(inner, ast.Name) and inner.id == "Event":
                    found.append(path)
    assert set(found) <= {"huying/orders/operations/registering.py"}


def test_no_signals() -> None:
    found = [
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if any("signals" in name or name == "django.dispatch" for name in imported(node))
        if not path.startswith("huying/runtime/")  # signals of the operating system
    ]
    assert found == []


def test_modules_fit_their_limit() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for folder in ("huying", "tests", "tools", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_time_comes_from_the_clock() -> None:
    """`datetime.now()` and its like stand in kernel/clock.py alone: tests and the demo move the clock."""
    asked = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now")}
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in asked
    ]
    assert [place for place in found if not place.startswith("huying/kernel/clock.py:")] == []


def imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [item.name for item in node.names] if isinstance(node, ast.Import) else []


PURE = (
    "huying/orders/flow",
    "huying/language",
    "huying/worktime/rules.py",
    "huying/matters/rules.py",
    "huying/people/rules.py",
    "huying/places/rules.py",
)
FRAMEWORKS = ("django", "ninja", "pydantic", "psycopg", "procrastinate")


def test_pure_modules_import_no_framework() -> None:
    found = []
    for path, tree in modules():
        if not path.startswith(PURE):
            continue
        for node in ast.walk(tree):
            found += [f"{path}: {name}" for name in imported(node) if name.split(".")[0] in FRAMEWORKS]
    assert found == []


def test_migrations_import_no_app_code() -> None:
    """A migration that imports a module breaks when the module moves on."""
    found = []
    for path in PACKAGE.rglob("migrations/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found += [f"{path.relative_to(ROOT)}: {name}" for name in imported(node) if name.startswith("huying")]
    assert found == []


IN_CLEAR = {
    "huying/orders/showing.py": "masks it at once",
    "huying/orders/api.py": "the revealing endpoint, and the masked caller",
    "huying/intake/exporting.py": "masked unless asked and permitted",
    "huying/channels/simulated_sms/operations.py": "sends to the citizen",
}


def test_citizens_are_read_in_clear_only_where_it_is_meant() -> None:
    found = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "decrypt"
        and isinstance(node.value, ast.Name)
        and node.value.id == "crypto"
    }
    assert found <= IN_CLEAR.keys()
