"""huying seed_calendar: load published holidays into the work calendar."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huying.kernel.errors import Invalid
from huying.worktime import operations


class Command(BaseCommand):
    """初始化工作日历; years that already exist are left as they are."""

    help = "载入已公布的放假和调休安排（已有年度不改动）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Years are optional."""
        parser.add_argument("years", nargs="*", type=int, help="年度，例如 2025 2026；不写则载入 2019-2026")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seed and say what was written."""
        try:
            written = operations.seed(options["years"] or operations.SEED_YEARS)
        except Invalid as error:
            raise CommandError(error.sentence) from error
        years = "、".join(str(year) for year in written.years) or "无（均已存在）"
        self.stdout.write(f"新增年度：{years}；特殊日期 {written.days} 个；工时制度 {written.schedules} 个")
