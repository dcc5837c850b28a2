from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from huying.runtime.faults import CannotStart
from huying.simulation.reference import load, load_accounts


class Command(BaseCommand):
    help = "载入样例城市的参考数据（单位、区划、分类、派单目录、时限）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="同时建立演示账号")

    def handle(self, *args: object, **options: object) -> None:
        for table, count in load().items():
            self.stdout.write(f"{table}: {count}")
        if options["accounts"]:
            if settings.HUYING_MODE == "production":
                raise CannotStart(
                    "演示账号的密码是公开的，不能在生产方式下建立：请用 huying createsuperuser 建立第一个账号",
                    "Demo accounts have a published password and are not made in production: use huying createsuperuser",
                )
            load_accounts()
