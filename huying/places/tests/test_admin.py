"""区划网格 pages."""

from typing import Any

import pytest
from django.test import Client

from huying.people.models import Staff
from huying.places.models import Division, Landmark

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Client:
    keeper = Staff.objects.create_user("keeper", password="x", roles=["admin"], is_staff=True)
    client = Client()
    client.force_login(keeper)
    return client


STREET = {
    "code": "610113099", "name": "测试街道", "short": "测试街道", "level": "street", "parent": "610113", "zone": "", "lat": "34.2",
    "lng": "108.9", "pinyin": "", "initials": "",
}  # fmt: skip


def test_a_new_street_is_found_by_its_initials(page: Client) -> None:
    assert page.post("/admin/places/division/add/", STREET).status_code == 302
    street = Division.objects.get(pk="610113099")
    assert (street.pinyin, street.initials) == ("ceshijiedao", "csjd")
    page.post(
        "/admin/places/division/610113099/change/",
        STREET | {"name": "重庆街道", "pinyin": "chongqingjiedao", "initials": "cqjd"},
    )
    street.refresh_from_db()
    assert street.initials == "cqjd", "what is typed wins: local readings are not in any dictionary"
    page.post(
        "/admin/places/division/610113099/change/",
        STREET | {"name": "丰庆街道", "pinyin": "chongqingjiedao", "initials": "cqjd"},
    )
    street.refresh_from_db()
    assert street.initials == "fqjd"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "6101130991"}, "须为9位数字"),
        ({"code": "61011309a"}, "须为9位数字"),
        ({"code": "610113003"}, "已存在"),
        ({"parent": ""}, "上级的层级不对"),
        ({"parent": "6101"}, "上级的层级不对"),
        ({"zone": "zone-nowhere"}, "没有这个开发区"),
        ({"lat": "91"}, "纬度超出范围"),
        ({"lng": ""}, "须同时填写"),
    ],
)
def test_a_division_that_does_not_fit_is_refused(page: Client, change: dict[str, str], sentence: str) -> None:
    answer: Any = page.post("/admin/places/division/add/", STREET | change)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Division.objects.filter(name="测试街道").exists()


def test_a_landmark_lies_in_a_street_of_its_district(page: Client) -> None:
    body = {"name": "测试公园", "kind": "park", "aliases": "试园\n小公园", "area": "610113", "street": "610113003"}
    assert page.post("/admin/places/landmark/add/", body).status_code == 302
    mark = Landmark.objects.get(name="测试公园")
    assert (mark.aliases, mark.initials) == (["试园", "小公园"], "csgy")
    for change in ({"street": "610102001"}, {"area": "610113003"}, {"kind": "castle"}):
        assert page.post("/admin/places/landmark/add/", body | change).status_code == 200
    assert page.post(f"/admin/places/landmark/{mark.pk}/delete/", {"post": "yes"}).status_code == 302
    assert page.post("/admin/places/division/610113/delete/", {"post": "yes"}).status_code == 403
