"""错误代码 for docs/reference: read from the source, so that the page lists what the server can say."""

import ast
from pathlib import Path

from huying.kernel import errors

ROOT = Path(__file__).resolve().parents[1]
STATUS = {
    name: kind.status
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.HuyingError)
}  # fmt: skip
# refusals of the pure rules become these (orders/moving.py), and what HTTP adds
OTHER = {"Refusal": 409, "UnsupportedBody": 415, "BadRequest": 400, "Unreadable": 410, "bad_filter": 422}


def codes() -> list[tuple[str, int, str]]:
    """(code, status, sentence) of every refusal in the source; what a sentence fills in stands as …"""
    found: dict[tuple[str, int], str] = {}
    for path in sorted(ROOT.rglob("*.py")):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id == "problem":
                status, *said = node.args
                known = status.value if isinstance(status, ast.Constant) else None
            else:
                known, said = (STATUS | OTHER).get(node.func.id), list(node.args)
            if (
                isinstance(known, int)
                and len(said) >= 2
                and isinstance(said[0], ast.Constant)
                and isinstance(said[0].value, str)
            ):
                found.setdefault((said[0].value, known), _text(said[1]))
    return sorted(
        (code, status, sentence) for (code, status), sentence in found.items() if sentence and code.isidentifier()
    )


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) if isinstance(part, ast.Constant) else "…" for part in parts)
    return "…"
