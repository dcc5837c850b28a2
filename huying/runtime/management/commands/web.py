from django.core.management.base import BaseCommand

from huying.runtime import starting


class Command(BaseCommand):
    help = "只运行网页和接口（可在多台机器上各运行一份）"

    def handle(self, *args: object, **options: object) -> None:
        child = starting.web()
        starting.require_migrated()
        starting.run_alone(child)
