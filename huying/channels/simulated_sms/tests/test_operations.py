"""A key is sent once."""

import pytest

from huying.channels.simulated_sms.models import SimulatedMessage
from huying.channels.simulated_sms.operations import send
from huying.orders.models import WorkOrder
from tests.city import Desk


@pytest.mark.django_db
def test_a_repeated_key_sends_nothing_and_gets_the_first_receipt(desk: Desk) -> None:
    citizen = WorkOrder.objects.select_related("citizen").get(number=desk.register()["number"]).citizen
    first = send("notice-1", citizen, "您反映的事项已受理")
    assert send("notice-1", citizen, "另一条内容") == first
    message = SimulatedMessage.objects.get()
    assert (message.text, message.times_asked) == ("您反映的事项已受理", 2)
    assert message.phone == "138****5678"
    assert send("notice-2", citizen, "您反映的事项已受理") != first
