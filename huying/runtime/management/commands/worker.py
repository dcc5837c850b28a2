from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "后台任务：发送通知、临期和超期提醒、归档"

    def handle(self, *args: object, **options: object) -> None:
        call_command("procrastinate", "worker", "--concurrency", "2")
