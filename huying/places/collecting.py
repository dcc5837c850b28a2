"""待核地名: what citizens call places that the gazetteer lacks, collected for an editor."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from huying.kernel import clock
from huying.kernel.errors import Refused
from huying.language.pii import find as personal
from huying.language.places import Mention
from huying.people.administration import spoken

from .models import Division, Landmark, Sighting, UnknownPlace
from .queries import KINDS

LONGEST = 30


def collect(number: str, mentions: Iterable[Mention], *, near: str = "") -> int:
    """收集: note the unknown places of one order; gives how many were counted now.

    `number` is the order's; the same order counts once for each place however often this is called. `near` is the code of
    the nearest known street or district; without it a street or district among the mentions is taken. Words that hold
    personal data are left out; of the order nothing but its number is kept.
    """
    mentions = list(mentions)
    unknown = {
        mention.text: mention.kind
        for mention in mentions
        if mention.status == "unknown" and 2 <= len(mention.text) <= LONGEST and not personal(mention.text)
    }
    if not unknown:
        return 0
    division = Division.objects.filter(code=near or _nearest(mentions)).first()
    now = clock.now()
    counted = 0
    with transaction.atomic():
        # In one order for all, so that two orders with the same places do not wait for each other.
        for text, kind in sorted(unknown.items()):
            place, _ = UnknownPlace.objects.get_or_create(
                text=text, defaults={"kind": kind, "last_seen_at": now, "near": division}
            )
            if place.status != UnknownPlace.Status.NEW:
                continue
            _, is_new = Sighting.objects.get_or_create(place=place, number=number)
            if not is_new:
                continue
            counted += 1
            UnknownPlace.objects.filter(pk=place.pk).update(
                count=F("count") + 1, last_seen_at=Greatest(F("last_seen_at"), now)
            )
            if place.near_id is None and division is not None:
                UnknownPlace.objects.filter(pk=place.pk, near=None).update(near=division)
    return counted


def add(place: UnknownPlace) -> Landmark:
    """加入地名库: make a landmark of an unknown place; Refused `no_area` where no district is known.

    A landmark of that name in that district is taken as it is.
    """
    near = place.near
    if near is None:
        raise Refused("no_area", f"“{place.text}”还没有区县，请先在本页填写附近的街道或区县")
    with transaction.atomic():
        area, street = (near, None) if near.level == Division.Level.AREA else (near.parent, near)
        pinyin, initials = spoken(place.text)
        landmark = Landmark.objects.filter(name=place.text, area=area).first() or Landmark.objects.create(
            name=place.text, kind=place.kind if place.kind in KINDS else "other", area=area, street=street,
            pinyin=pinyin, initials=initials, source="市民诉求中收集",
        )  # fmt: skip
        _settle(place, UnknownPlace.Status.ADDED, landmark)
    return landmark


def ignore(place: UnknownPlace) -> None:
    """忽略: the words are no place, or not worth a line; they do not come up again. Refused `already_added`."""
    if place.status == UnknownPlace.Status.ADDED:
        raise Refused("already_added", f"“{place.text}”已加入地名库，不需要时请到“地名”页删除")
    with transaction.atomic():
        _settle(place, UnknownPlace.Status.IGNORED, None)


def _settle(place: UnknownPlace, status: UnknownPlace.Status, landmark: Landmark | None) -> None:
    place.status, place.landmark = status, landmark
    place.save(update_fields=["status", "landmark"])
    # What the numbers were kept for is done.
    place.sightings.all().delete()


def _nearest(mentions: Iterable[Mention]) -> str:
    known = {
        mention.kind: mention.candidates[0].code
        for mention in mentions
        if mention.status == "resolved" and mention.candidates and mention.kind in ("street", "area")
    }
    return known.get("street") or known.get("area") or ""
