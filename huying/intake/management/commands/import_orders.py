"""huying import-orders: a file of requests through the register verb."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from huying.intake.files import Progress
from huying.intake.importing import BATCH, Options, Outcome, load_mapping, proposed, run, written
from huying.intake.importing.running import opened
from huying.kernel.errors import HuyingError
from huying.orders import reading
from huying.orders.flow import Actor, Channel
from huying.people.models import Staff

UNREADABLE, REJECTS, INTERRUPTED = 2, 1, 130


class Command(BaseCommand):
    help = "批量导入工单（CSV、XLSX、Parquet、JSON Lines）。退出码：0 全部处理，1 有退回的行，2 文件或映射无法使用"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="要导入的文件")
        parser.add_argument("--mapping", type=Path, metavar="FILE", help="映射文件（TOML）；不写则按表头自动对应")
        parser.add_argument("--propose", action="store_true", help="只按表头写出一份映射，供核对修改，不导入")
        parser.add_argument(
            "--channel", default="", choices=["", *Channel], metavar="CODE", help=f"渠道：{'、'.join(Channel)}"
        )
        parser.add_argument(
            "--encoding",
            default="",
            choices=["", "auto", "utf-8", "gb18030"],
            help="CSV 和 JSON Lines 的编码，默认自动识别",
        )
        parser.add_argument("--delimiter", default="", help="CSV 的分隔符，默认自动识别；tab 表示制表符")
        parser.add_argument("--sheet", default="", help="XLSX 的工作表，默认第一张")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="退回文件（CSV），默认放在原文件旁边")
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="以谁的账号导入（须有“批量导入”权限），默认为系统"
        )
        parser.add_argument("--dry-run", action="store_true", help="试运行：照样检查每一行，但不保存")
        parser.add_argument("--batch", type=int, default=BATCH, help=f"每批行数，一批一个事务，默认{BATCH}")

    def handle(self, *_args: Any, **told: Any) -> None:
        options = Options(
            told["channel"],
            told["encoding"],
            told["delimiter"],
            told["sheet"],
            told["rejects"],
            told["dry_run"],
            told["batch"],
        )
        try:
            mapping = load_mapping(told["mapping"]) if told["mapping"] else None
            if told["propose"]:
                with opened(told["file"], mapping, options) as table:
                    self.stdout.write(written(proposed(table.header, table.repeated)))
                return
            by = actor(told["by"])
            if mapping is None:
                with opened(told["file"], None, options) as table:
                    guess = proposed(table.header, table.repeated)
                    pairs = "，".join(f"{target} ← {source.columns[0]}" for target, source in guess.columns.items())
                    fixed = "，".join(
                        f"{target} = {value}" for target, value in (guess.constants | guess.defaults).items()
                    )
                    self.stderr.write(f"没有指定映射，按表头自动对应：{pairs}{'；其余：' + fixed if fixed else ''}")
            with _Bar() as bar:
                outcome = run(told["file"], mapping, options, by=by, watch=bar)
        except HuyingError as fault:
            self.stderr.write(fault.sentence)
            raise SystemExit(UNREADABLE) from None
        self._summary(outcome, dry_run=options.dry_run)
        if outcome.stopped:
            raise SystemExit(INTERRUPTED if outcome.stopped == "已中断" else UNREADABLE)
        if outcome.rejects_count:
            raise SystemExit(REJECTS)

    def _summary(self, outcome: Outcome, *, dry_run: bool) -> None:
        for note in outcome.notes:
            self.stdout.write(f"注意：{note}")
        if outcome.stopped:
            self.stderr.write(f"没有读到文件末尾：{outcome.stopped}。改正后再运行同一条命令即可，已登记的行不会重复")
        speed = outcome.read / outcome.seconds if outcome.seconds else 0
        self.stdout.write(
            f"{'试运行（没有保存）：' if dry_run else ''}读到{outcome.read}行：登记{outcome.registered}行，"
            f"此前已登记{outcome.already}行，退回{outcome.rejects_count}行"
            f"{f'；另有空行{outcome.blank}行' if outcome.blank else ''}；用时{outcome.seconds:.1f}秒，每秒{speed:.0f}行"
        )
        for code, count in outcome.rejected.most_common():
            self.stdout.write(
                f"  退回 {count} 行：{outcome.reasons[code]}（{code}）"
                if count == 1
                else f"  退回 {count} 行：如“{outcome.reasons[code]}”（{code}）"
            )
        if outcome.rejects:
            self.stdout.write(f"退回的行连同原因在 {outcome.rejects}，改正后可以直接导入这个文件")


def actor(username: str) -> Actor:
    """The account of a name, or the system. Errors: HuyingError `no_such_account`."""
    if not username:
        return reading.SYSTEM
    staff = Staff.objects.select_related("unit", "team").filter(username=username, is_active=True).first()
    if staff is None:
        raise HuyingError("no_such_account", f"没有账号“{username}”，或账号已停用")
    return reading.actor_of(staff)


class _Bar:
    """进度条: on a terminal only."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> "_Bar":
        return self

    def __call__(self, progress: Progress, outcome: Outcome) -> None:
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = tqdm(total=progress.total, unit=progress.unit, unit_scale=True, desc="导入", file=sys.stderr)
        self._bar.update(progress.done - self._bar.n)
        self._bar.set_postfix_str(f"登记{outcome.registered} 已有{outcome.already} 退回{outcome.rejects_count}")

    def __exit__(self, *_fault: object) -> None:
        if self._bar is not None:
            self._bar.close()
