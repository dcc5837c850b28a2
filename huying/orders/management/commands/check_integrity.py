import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huying.kernel.errors import Invalid
from huying.kernel.identifiers import parse_number
from huying.orders.integrity import Finding, Report, check
from huying.orders.models import WorkOrder


class Command(BaseCommand):
    help = "核验历史：逐条核对工单历史的摘要链，指出被改动、缺失、调换或外来的记录；没有问题时退出码为 0，否则为 1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--order", metavar="NUMBER", help="只核验一张工单（15位编号，可带短横）")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: object, **options: Any) -> None:
        number = _number(options["order"])
        started = time.monotonic()
        report = check(number)
        seconds = time.monotonic() - started
        if options["json"]:
            self.stdout.write(json.dumps(_shown(report, seconds), ensure_ascii=False, indent=2))
        else:
            for finding in report.findings:
                self.stdout.write(str(finding))
            ending = f"发现{len(report.findings)}处问题" if report.findings else "没有发现问题"
            self.stdout.write(f"核验了{report.orders}张工单、{report.events}条历史，用时{seconds:.1f}秒，{ending}")
        if report.findings:
            raise SystemExit(1)


def _number(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        number = parse_number(text)
    except Invalid as fault:
        raise CommandError(fault.sentence, returncode=2) from None
    if not WorkOrder.objects.filter(number=number).exists():
        raise CommandError(f"没有编号为 {text} 的工单", returncode=2)
    return number


def _shown(report: Report, seconds: float) -> dict[str, Any]:
    def finding(item: Finding) -> dict[str, Any]:
        return {"number": item.number, "seq": item.seq, "kind": item.kind, "sentence": item.sentence}

    return {
        "orders": report.orders, "events": report.events, "seconds": round(seconds, 2),
        "findings": [finding(item) for item in report.findings],
    }  # fmt: skip
