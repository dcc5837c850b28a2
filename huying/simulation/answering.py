"""What clerks write 办理文字: contact records, replies good and poor, reasons with their basis, opinions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from huying.kernel.clock import local
from huying.matters.rules import Line
from huying.orders.models import WorkOrder

from .scenery import Spot
from .tables import Slots, bigrams, closest, replies
from .topics import Topic, of_leaf
from .wording import dated, slots_for

FITS_FROM = 2  # neighbouring characters that an answer shares with what was asked
GOOD, PLAIN, OFF_POINT = "good_frame", "template_frame", "off_point"


@dataclass(slots=True)
class Clerk:
    """Writes about one order. `now` is when; the words are the order's own place and topic."""

    order: WorkOrder
    rng: Random
    now: datetime
    topic: Topic
    slots: Slots

    def say(self, kind: str, **more: str) -> str:
        """A sentence of a kind of replies.toml about this order."""
        self.slots.known.update(more)
        return self.slots.fill(self.rng.choice(replies(kind)))

    def answer(self) -> str:
        """A direct answer 直接答复."""
        if not self.topic.answer:
            return self.say("direct_complaint")
        asked = bigrams(f"{self.order.title}{self.order.content}")
        answer = closest(self.topic.answer, self.order.content, self.rng)
        if len(bigrams(answer) & asked) < FITS_FROM:
            answer = self.slots.fill(self.rng.choice(replies("direct_general")))
        return self.say("direct_more", answer=answer)

    def reply(self, person: str, unit: str, *, good: bool, explained: bool = False) -> str:
        """答复 of a lead unit; poor ones are what reviewers send back."""
        if not good:
            return self.say(self.rng.choice((PLAIN, OFF_POINT)), person=person, unit=unit)
        if explained or not self.topic.measure:
            pool = self.topic.answer or replies("explain_common")
            return self.say(
                "explain_frame", explain=closest(pool, self.order.content, self.rng), person=person, unit=unit
            )
        known = {name: self.slots.fill(self.rng.choice(replies(name))) for name in ("future", "done")}
        measure = closest(self.topic.measure, f"{self.order.title}{self.order.content}", self.rng, noise=1.6)
        return self.say(GOOD, measure=measure, person=person, unit=unit, **known)

    def return_reason(self, other: str, line: Line | None) -> tuple[str, str]:
        """(reason, legal basis) of a 退单, the basis from the dispatch catalogue where it has one."""
        basis = (
            line.basis_source
            if line and line.basis_source.startswith("《")
            else "《中华人民共和国地方各级人民代表大会和地方各级人民政府组织法》及部门职责规定"
        )
        reason = self.say("return_reason", other=other)
        return reason, self.say("return_basis", basis=basis, other=other, line=line.code if line else "相关条目")


def clerk_for(order: WorkOrder, now: datetime, rng: Random) -> Clerk:
    """Somebody who writes about an order, from what the order says."""
    topic = of_leaf(order.matter_id or "")
    area, street = (order.area.name if order.area else "本市"), (order.street.name if order.street else "该街道")
    name = order.place_text.removeprefix(area).removeprefix(street) or street
    spot = Spot(name, order.street_id or "", street, area, street, "", None, None)
    slots = slots_for(topic, spot, now, rng, title=rng.choice(("诉求人", "来电人", "诉求人")))
    day = now - timedelta(hours=rng.choice((1, 5, 26)))
    slots.known |= {
        "date": dated(local(max(day, order.received_at)).date()), "other": "相关部门", "line": "相关条目", "person": "值班人员",
        "day": rng.choice(("当天下午", "次日上午", "明早九点", "本周内", "下班后")), "unit": "承办单位",
    }  # fmt: skip
    return Clerk(order, rng, now, topic, slots)
