from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huying.config.reference_files import export


class Command(BaseCommand):
    help = "导出基础数据：单位、区划、地名、分类、派单目录、时限，写成 CSV 文件（与随附样例同样的格式），可修改后用 import_reference 导回"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="目标文件夹，不存在则建立；同名文件会被覆盖")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            written = export(options["folder"])
        except OSError as fault:
            raise CommandError(f"无法写入 {options['folder']}（{fault.strerror}）") from None
        for file, count in written.items():
            self.stdout.write(f"{file}\t{count}行")
        self.stdout.write(f"已导出到 {options['folder']}")
