import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from huying.orders.models import WorkOrder
from huying.people.rules import DEMO_ACCOUNTS, DEMO_PASSWORD
from huying.runtime import starting
from huying.runtime.faults import CannotStart
from huying.runtime.folders import require_writable
from huying.runtime.processes import Child, supervise
from huying.runtime.serving import address
from huying.simulation.reference import load, load_accounts

IN_A_ROW = 4


def screen(env: Any) -> str:
    """What a person who tries the demo needs to know, on one screen."""
    named = [f"{username}（{name.split(' ')[0]}）" for username, (_, name) in DEMO_ACCOUNTS.items()]
    accounts = ["、".join(named[start : start + IN_A_ROW]) for start in range(0, len(named), IN_A_ROW)]
    listed = "\n           ".join(accounts)
    return f"""
  呼应已启动  Huying is ready

  网址 / open      {address(env.host, env.port)}/desk/
  账号 / accounts
           {listed}
  密码 / password  {DEMO_PASSWORD}
  数据 / data      {env.home}
  停止 / stop      Ctrl-C
"""


class Command(BaseCommand):
    help = "演示城市：建库、载入样例数据并运行，直到 Ctrl-C"

    def handle(self, *args: object, **options: object) -> None:
        env = settings.ENV
        if env.mode == "production":
            raise CannotStart(
                "演示会建立公开密码的账号，不能在生产模式下运行：请去掉 HUYING_MODE=production，或改用 huying serve",
                "The demo makes accounts with a published password and cannot run in production: use `huying serve`",
            )
        if not (settings.WEB_DIST / "index.html").exists():
            raise CannotStart(
                "客户端还没有构建：请先在项目文件夹运行 make bootstrap（需要 Node.js 20 或更高版本）",
                "The client has not been built: run `make bootstrap` in the project's folder first (needs Node.js 20+)",
            )
        require_writable(env.home)
        children = [*starting.children(), simulation()]
        self.prepare()
        connection.close()
        raise SystemExit(supervise(children, on_ready=lambda: self.stdout.write(screen(env))))

    def prepare(self) -> None:
        """Tables, reference, accounts and the history of the city; on a later start there is nothing to do."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("建立数据库 / making the database …")
            call_command("migrate", verbosity=0)
        load()
        load_accounts()
        if not WorkOrder.objects.exists():
            self.stdout.write("生成城市的历史工单，需要一会儿 / making the history of the city, this takes a while …")
            call_command("fill_city")


def simulation() -> Child:
    """The living city: callers, and staff who answer them."""
    return Child("simulation", [sys.executable, "-m", "huying", "simulate"], environment=starting.database_variables())
