"""huying export-orders: orders into a file that import-orders understands."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from huying.intake.exporting import FILTERS, FORMATS, export
from huying.kernel.errors import HuyingError

from .import_orders import actor

UNABLE = 2


class Command(BaseCommand):
    help = "批量导出工单（CSV、XLSX、JSON Lines），默认脱敏。筛选条件与工单列表相同。退出码：0 完成，2 未导出"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="要写的文件；已存在的不会覆盖")
        parser.add_argument("--format", default="", choices=["", *dict.fromkeys(FORMATS.values())], help="默认看文件名")
        parser.add_argument("--unmasked", action="store_true", help="不脱敏：须有“导出未脱敏数据”权限并写明理由")
        parser.add_argument("--reason", default="", help="不脱敏的理由，会记入导出记录")
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="以谁的账号导出，默认为系统（不含保密工单，不能不脱敏）"
        )
        for name in FILTERS:
            parser.add_argument(f"--{name}", default="", dest=f"filter_{name}", help="同工单列表的筛选条件")

    def handle(self, *_args: Any, **told: Any) -> None:
        filters = {name: told[f"filter_{name}"] for name in FILTERS if told[f"filter_{name}"]}
        bar: Any = tqdm(unit="张", desc="导出", file=sys.stderr) if sys.stderr.isatty() else None
        try:
            done = export(
                told["file"], filters, by=actor(told["by"]), form=told["format"], unmasked=told["unmasked"],
                reason=told["reason"], watch=(lambda count: _show(bar, count)) if bar is not None else None,
            )  # fmt: skip
        except HuyingError as fault:
            self.stderr.write(fault.sentence)
            raise SystemExit(UNABLE) from None
        finally:
            if bar is not None:
                bar.close()
        self.stdout.write(f"导出{done.count}张工单到 {done.path}（导出记录 {done.watermark}）")


def _show(bar: Any, count: int) -> None:
    bar.update(count - bar.n)
