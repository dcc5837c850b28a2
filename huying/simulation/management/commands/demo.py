import sys

from django.core.management import call_command
from django.core.management.base import BaseCommand

from huying.config.environment import environment
from huying.people.rules import DEMO_ACCOUNTS, DEMO_PASSWORD
from huying.runtime.processes import Child, port_free, ready, supervise
from huying.simulation.reference import load, load_accounts


class Command(BaseCommand):
    help = "演示城市：建库、载入样例数据并运行，直到 Ctrl-C"

    def handle(self, *args: object, **options: object) -> None:
        env = environment()
        if not port_free(env.host, env.port):
            self.stderr.write(f"端口 {env.port} 已被占用，请用 HUYING_PORT 换一个 / port {env.port} is in use")
            raise SystemExit(2)
        call_command("migrate", verbosity=0)
        load()
        load_accounts()
        base = f"http://{env.host}:{env.port}"
        web = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", env.host, "--port", str(env.port),
            "--workers", str(env.web_workers), "--no-ws", "--log-level", "warning", "huying.config.wsgi:application",
        ]  # fmt: skip
        worker = [sys.executable, "-m", "huying", "worker"]

        def tell() -> None:
            names = "、".join(DEMO_ACCOUNTS)
            self.stdout.write(f"\n呼应已启动：{base}/desk/\n演示账号：{names}\n密码：{DEMO_PASSWORD}\n停止：Ctrl-C\n")

        code = supervise([Child("web", web), Child("worker", worker)], is_ready=lambda: ready(f"{base}/healthz"), on_ready=tell)
        raise SystemExit(code)
