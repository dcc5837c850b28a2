import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from huying.kernel.clock import local
from huying.runtime.faults import CannotStart
from huying.simulation.history import ORDERS, fill
from huying.simulation.reference import load, load_accounts


class Command(BaseCommand):
    help = "生成演示城市最近几周的历史工单；已有工单时什么也不做"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orders", type=int, default=ORDERS, help="工单数量")
        parser.add_argument("--days", type=int, default=60, help="往前多少天")
        parser.add_argument("--seed", type=int, default=None, help="随机种子，默认 HUYING_DEMO_SEED")
        parser.add_argument("--quiet", action="store_true", help="不显示进度")

    def handle(self, *args: object, **options: Any) -> None:
        if settings.HUYING_MODE == "production":
            raise CannotStart(
                "演示工单不能写入正式环境：请去掉 HUYING_MODE=production",
                "The demo's orders must not get into production: unset HUYING_MODE=production",
            )
        load()
        load_accounts()
        quiet, begun = options["quiet"], time.monotonic()

        def say(made: int, of: int, at: datetime) -> None:
            if not quiet:
                self.stdout.write(f"  {local(at):%m月%d日}  {made}/{of} 张工单", ending="\r")
                self.stdout.flush()

        seed = settings.ENV.demo_seed if options["seed"] is None else options["seed"]
        report = fill(seed=seed, orders=options["orders"], days=options["days"], say=say)
        if report is None:
            self.stdout.write("已有工单，未作改动")
            return
        took = time.monotonic() - begun
        self.stdout.write(f"历史工单已生成：{report.orders} 张工单，{report.moves} 次办理，用时 {took:.0f} 秒")
        if options["verbosity"] > 1:
            for refusal, times in report.refusals.most_common():
                self.stdout.write(f"  被拒绝 {times} 次：{refusal}")
