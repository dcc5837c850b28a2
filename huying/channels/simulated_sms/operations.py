"""发送 over the simulated channel, as a real one must do it: a key that was seen is not sent again."""

from django.db.models import F

from huying.citizens.models import Citizen
from huying.kernel import clock, crypto
from huying.language.pii import mask_phone

from .models import SimulatedMessage


def send(key: str, citizen: Citizen, text: str) -> str:
    """发送: keep the message under its key and return the receipt; a repeated key changes nothing and gets the first one's.

    Committed by itself, like a message that has left the house: a caller that is killed afterwards asks again.
    """
    made, fresh = SimulatedMessage.objects.get_or_create(
        key=key,
        defaults={
            "phone": mask_phone(crypto.decrypt(citizen.key, citizen.phone_sealed)), "text": text,
            "receipt": f"simulated-{key}", "sent_at": clock.now(),
        },
    )  # fmt: skip
    if not fresh:
        SimulatedMessage.objects.filter(key=key).update(times_asked=F("times_asked") + 1)
    return made.receipt
