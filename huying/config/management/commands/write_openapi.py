import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from huying.config.api import api

FILE = Path(__file__).resolve().parents[4] / "tests" / "contract" / "openapi.json"


def document() -> str:
    """The OpenAPI document as it is kept: sorted, so that a change shows as what it is."""
    return (
        json.dumps(json.loads(json.dumps(api.get_openapi_schema())), ensure_ascii=False, indent=1, sort_keys=True)
        + "\n"
    )


class Command(BaseCommand):
    help = "把接口说明（OpenAPI）写入 tests/contract/openapi.json；接口有改动时重写并一同提交"

    def handle(self, *args: object, **options: Any) -> None:
        FILE.write_text(document(), "utf-8")
        self.stdout.write(f"已写入 {FILE.name}")
