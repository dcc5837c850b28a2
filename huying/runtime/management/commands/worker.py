from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "后台任务：发送通知、临期和超期提醒、归档（可在多台机器上各运行一份）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="同时进行几项任务")

    def handle(self, *args: object, **options: Any) -> None:
        # shorter than the supervisor waits, so that jobs are ended in order and not by force
        call_command(
            "procrastinate", "worker", "--concurrency", str(options["concurrency"]), "--shutdown-graceful-timeout", "8"
        )
