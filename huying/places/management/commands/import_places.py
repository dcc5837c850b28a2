"""huying import-places: a city's own address list or outlines."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from huying.kernel.errors import HuyingError
from huying.places.importing import import_addresses, import_boundaries

REFUSED = 2


class Command(BaseCommand):
    help = "导入本市的地址表（CSV、XLSX）或街道区县边界（GeoJSON）。全部导入或都不导入。退出码：0 完成，2 没有导入"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="地址表：名称、别名、类别、区县、街道、纬度、经度、来源；或 .geojson 文件"
        )
        parser.add_argument(
            "--coordinates", default="", metavar="NAME", help="地址表里经纬度的坐标系：WGS-84、GCJ-02 或 CGCS2000"
        )
        parser.add_argument("--dry-run", action="store_true", help="试运行：照样检查每一行，但不保存")

    def handle(self, *_args: Any, **told: Any) -> None:
        path: Path = told["file"]
        try:
            if path.suffix.lower() in (".geojson", ".json"):
                outcome = import_boundaries(path, try_only=told["dry_run"])
            else:
                outcome = import_addresses(path, datum=told["coordinates"], try_only=told["dry_run"])
        except HuyingError as fault:
            self.stderr.write(fault.sentence.replace("；第", "\n第"))
            raise SystemExit(REFUSED) from None
        self.stdout.write(
            f"{'试运行（没有保存）：' if told['dry_run'] else ''}新增{outcome.added}条，更新{outcome.changed}条，未变{outcome.same}条"
        )
