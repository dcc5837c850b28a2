from django.core.management.base import BaseCommand

from huying.runtime import starting


class Command(BaseCommand):
    help = "只运行实时推送（可在多台机器上各运行一份）"

    def handle(self, *args: object, **options: object) -> None:
        starting.run_alone(starting.stream())
