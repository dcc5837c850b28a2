"""待核地名: counted once an order, settled by an editor, found afterwards."""

import pytest
from django.test import Client

from huying.kernel.errors import Refused
from huying.kernel.keeping import forget
from huying.people.models import Staff
from huying.places import collecting, queries, recognising
from huying.places.models import Landmark, Sighting, UnknownPlace

pytestmark = pytest.mark.django_db
TEXT = "雁塔区长延堡街道绿洲云庭小区3号楼停水，长安南路堵车"


@pytest.fixture(autouse=True)
def unkept() -> None:
    forget()


def test_an_order_counts_once() -> None:
    mentions = recognising.find(TEXT)
    assert collecting.collect("20261124-000001-1", mentions) == 1
    assert collecting.collect("20261124-000001-1", mentions) == 0
    assert collecting.collect("20261124-000002-9", mentions) == 1
    place = UnknownPlace.objects.get()
    assert (place.text, place.kind, place.count, place.near_id) == ("绿洲云庭小区", "residence", 2, "610113003")
    assert sorted(place.sightings.values_list("number", flat=True)) == ["20261124-000001-1", "20261124-000002-9"]


def test_added_it_is_known_and_asks_no_more() -> None:
    collecting.collect("20261124-000001-1", recognising.find(TEXT))
    landmark = collecting.add(UnknownPlace.objects.get())
    assert (landmark.area_id, landmark.street_id, landmark.initials) == ("610113", "610113003", "lzytxq")
    assert not Sighting.objects.exists()
    forget()
    found = next(mention for mention in recognising.find(TEXT) if mention.text == "绿洲云庭小区")
    assert (found.status, found.candidates[0].code) == ("resolved", f"landmark-{landmark.pk}")
    assert collecting.add(UnknownPlace.objects.get()) == landmark
    assert Landmark.objects.filter(name="绿洲云庭小区").count() == 1


def test_ignored_it_stays_ignored() -> None:
    mentions = recognising.find(TEXT)
    collecting.collect("20261124-000001-1", mentions)
    collecting.ignore(UnknownPlace.objects.get())
    assert collecting.collect("20261124-000003-7", mentions) == 0
    assert UnknownPlace.objects.get().count == 1


def test_what_was_added_is_not_ignored_any_more() -> None:
    collecting.collect("20261124-000001-1", recognising.find(TEXT))
    collecting.add(UnknownPlace.objects.get())
    with pytest.raises(Refused, match="already_added"):
        collecting.ignore(UnknownPlace.objects.get())
    assert UnknownPlace.objects.get().status == "added"


def test_without_a_district_it_is_not_added() -> None:
    collecting.collect("20261124-000001-1", recognising.find("绿洲云庭小区停水"))
    with pytest.raises(Refused, match="no_area"):
        collecting.add(UnknownPlace.objects.get())
    assert UnknownPlace.objects.get().status == "new"


def test_the_editor_page() -> None:
    keeper = Staff.objects.create_user("keeper", password="x", roles=["admin"], is_staff=True)
    client = Client()
    client.force_login(keeper)
    collecting.collect("20261124-000001-1", recognising.find(TEXT))
    collecting.collect("20261124-000001-1", recognising.find("翠屏湾小区物业乱收费"))
    page = client.get("/admin/places/unknownplace/").content.decode()
    assert "绿洲云庭小区" in page
    assert "20261124-000001-1" in page
    assert "加入地名库" in page
    chosen = [str(place.pk) for place in UnknownPlace.objects.all()]
    answer = client.post(
        "/admin/places/unknownplace/", {"action": "add_to_gazetteer", "_selected_action": chosen}, follow=True
    )
    assert "已加入1个地名" in answer.content.decode()
    assert "还没有区县" in answer.content.decode()
    client.post("/admin/places/unknownplace/", {"action": "ignore", "_selected_action": chosen}, follow=True)
    assert sorted(UnknownPlace.objects.values_list("status", flat=True)) == ["added", "ignored"]
    assert client.get("/admin/places/boundary/").status_code == 200


def test_zones_and_hints_of_the_form() -> None:
    found = recognising.find("高新区锦业路夜间施工")
    assert [(mention.text, mention.status) for mention in found] == [("高新区", "resolved"), ("锦业路", "resolved")]
    assert recognising.find("八里村停水")[0].status == "ambiguous"
    told = recognising.find("八里村停水", area="610113", street="610113001")[0]
    assert told.candidates[0].why != "名称相符"


def test_the_search_forgives_a_character_of_the_same_sound() -> None:
    assert "张家堡街道" in [place.name for place in queries.search("张家保街道")]
    assert queries.search("没有这个地方哦") == [] == queries.search("😀😀😀")
