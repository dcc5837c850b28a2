from django.core.management.base import BaseCommand

from huying.config.reference_pages import pages


class Command(BaseCommand):
    help = "重新生成 docs/reference 中的参考页"

    def handle(self, *args: object, **options: object) -> None:
        for path, said in pages().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(said, "utf-8")
            self.stdout.write(path.name)
