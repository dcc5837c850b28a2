from django.conf import settings
from django.core.management.base import BaseCommand

from huying.runtime import starting
from huying.runtime.folders import require_writable
from huying.runtime.processes import supervise
from huying.runtime.serving import address


class Command(BaseCommand):
    help = "网页、实时推送和后台任务一起运行，直到 Ctrl-C"

    def handle(self, *args: object, **options: object) -> None:
        env = settings.ENV
        require_writable(env.home)
        children = starting.children()
        starting.require_migrated()

        def tell() -> None:
            self.stdout.write(f"呼应已启动 / ready: {address(env.host, env.port)}/desk/  停止 / stop: Ctrl-C")

        raise SystemExit(supervise(children, on_ready=tell))
