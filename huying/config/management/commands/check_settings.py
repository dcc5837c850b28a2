from django.conf import settings
from django.core.management.base import BaseCommand

from huying.config import safety
from huying.config.environment import environment
from huying.runtime.faults import EXIT_CODE


class Command(BaseCommand):
    help = "检查设置：列出用于生产之前必须修改的各项，没有则退出码为 0"
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        safety.require_database()
        found = safety.unsafe_settings(environment(), debug=settings.DEBUG) + safety.unsafe_accounts()
        if found:
            self.stdout.write("\n".join(f"{number}. {sentence}" for number, sentence in enumerate(found, 1)))
            raise SystemExit(EXIT_CODE)
        self.stdout.write("设置符合生产要求")
