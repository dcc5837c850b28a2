import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from huying.runtime.faults import CannotStart
from huying.simulation.living import run


class Command(BaseCommand):
    help = "让演示城市继续运转：市民来电，单位办理，直到 Ctrl-C；演示账号正在办的工单不会被动"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--speed", type=float, default=None, help="现实一分钟相当于城市几分钟，默认 HUYING_DEMO_SPEED"
        )
        parser.add_argument("--seed", type=int, default=None, help="随机种子，默认 HUYING_DEMO_SEED")

    def handle(self, *args: object, **options: Any) -> None:
        if settings.HUYING_MODE == "production":
            raise CannotStart(
                "模拟来电不能在正式环境运行：请去掉 HUYING_MODE=production",
                "Simulated callers must not run in production: unset HUYING_MODE=production",
            )
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        env = settings.ENV
        speed = env.demo_speed if options["speed"] is None else options["speed"]
        seed = env.demo_seed if options["seed"] is None else options["seed"]
        self.stdout.write(f"模拟城市运转中，速度 {speed:g}")
        did = run(seed=seed, speed=speed, stop=stop)
        self.stdout.write(
            "模拟结束：" + ("、".join(f"{name} {times}" for name, times in did.most_common(8)) or "没有动作")
        )
