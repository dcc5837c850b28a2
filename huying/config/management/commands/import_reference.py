from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huying.config.reference_files import take
from huying.kernel.errors import Invalid


class Command(BaseCommand):
    help = "导入基础数据：逐行核对文件夹里的 CSV 文件，全部无误才写入；有误时列出文件、行号和原因，什么都不改。文件没有提到的内容保持原样"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="DIR", help="export_reference 写出的文件夹，可只含其中几个文件"
        )

    def handle(self, *args: object, **options: Any) -> None:
        try:
            taken = take(options["folder"])
        except Invalid as fault:
            for item in fault.details.get("errors", []):
                self.stderr.write(f"{item['field']}：{item['sentence']}")
            raise CommandError(fault.sentence) from None
        except OSError as fault:
            raise CommandError(f"无法读取 {options['folder']}（{fault.strerror}）") from None
        for label in dict.fromkeys([*taken.added, *taken.changed, *taken.same]):
            self.stdout.write(f"{label}：新增{taken.added[label]}，修改{taken.changed[label]}，未变{taken.same[label]}")
