"""基础数据: who may enter, and what the pages of people keep safe."""

from hashlib import sha256
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from huying.people import throttling
from huying.people.models import ApiToken, Staff, Team, Unit

pytestmark = pytest.mark.django_db
STRONG = "a-strong-passphrase-1"


@pytest.fixture
def keeper() -> Staff:
    """An administrator by role, no superuser."""
    return Staff.objects.create_user("keeper", password=STRONG, name="管理员", roles=["admin"], is_staff=True)


@pytest.fixture
def page(keeper: Staff) -> Client:
    client = Client()
    client.force_login(keeper)
    return client


def errors(answer: Any) -> str:
    """The form came back with a fault; its text."""
    assert answer.status_code == 200
    text: str = answer.content.decode()
    assert "errorlist" in text or "errornote" in text
    return text


UNIT = {
    "code": "city-test", "name": "西安市测试局", "short": "市测试局", "tier": "2", "kind": "department", "duty": "", "area": "",
    "phone": "", "schedule": "standard", "active": "on", "parent": "",
}  # fmt: skip


def test_the_admin_role_enters_and_needs_no_superuser(page: Client) -> None:
    text = page.get("/admin/").content.decode()
    for words in (
        "呼应 · 基础数据",
        "承办单位",
        "人员",
        "接口令牌",
        "派单目录",
        "时限规则",
        "办理政策",
        "内容分类",
        "行政区划",
        "地名",
        "特殊日期",
    ):
        assert words in text, words


def test_orders_and_citizens_are_in_no_page() -> None:
    apps = {model._meta.app_label for model in admin.site._registry}
    assert apps <= {"people", "places", "matters", "worktime"} | {"procrastinate"}


@pytest.mark.parametrize(
    "change", [{"roles": ["dispatcher"]}, {"is_staff": False}, {"is_active": False}, {"roles": []}]
)
def test_nobody_else_enters(page: Client, keeper: Staff, change: dict[str, Any]) -> None:
    Staff.objects.filter(pk=keeper.pk).update(**change)
    answer = page.get("/admin/people/unit/")
    assert answer.status_code in (302, 403)


@pytest.mark.parametrize(
    "path",
    [
        "people/unit/", "people/unit/?tier__exact=3&q=yantaqu", "people/staff/?role=handler", "people/team/",
        "people/apitoken/", "places/division/?level__exact=street&q=cybjd", "places/landmark/?q=地铁", "people/unit/add/",
        "people/staff/add/", "people/apitoken/add/", "people/team/add/", "places/division/add/", "places/landmark/add/",
        "matters/matter/?level=6&q=暖气", "matters/matter/add/", "matters/duty/?force=now&q=夜市", "matters/duty/?force=ended",
        "matters/duty/?force=later", "matters/duty/add/", "matters/limitrule/", "matters/limitrule/add/", "matters/policy/",
        "matters/policy/add/", "worktime/calendarday/",
    ],
)  # fmt: skip
def test_every_page_opens(page: Client, path: str) -> None:
    assert page.get(f"/admin/{path}").status_code == 200


def test_a_unit_gets_its_pinyin(page: Client) -> None:
    assert page.post("/admin/people/unit/add/", UNIT).status_code == 302
    unit = Unit.objects.get(code="city-test")
    assert (unit.pinyin, unit.initials) == ("shiceshiju", "scsj")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "city-cgj"}, "已存在"),
        ({"kind": "army"}, "选择一个有效的选项"),
        ({"schedule": "never"}, "选择一个有效的选项"),
        ({"name": ""}, "必填"),
        ({"tier": "2", "parent": "610113003"}, "层级低于本单位"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused(page: Client, change: dict[str, Any], sentence: str) -> None:
    body = UNIT | change
    if body["parent"]:
        body["parent"] = str(Unit.objects.get(code=body["parent"]).pk)
    assert sentence in errors(page.post("/admin/people/unit/add/", body))
    assert not Unit.objects.filter(name="西安市测试局").exists()


def test_a_unit_is_not_above_itself(page: Client) -> None:
    street, area = Unit.objects.get(code="610113003"), Unit.objects.get(code="610113")
    body = UNIT | {"name": area.name, "short": area.short, "kind": "area", "tier": "3", "parent": str(street.pk)}
    assert "不能是本单位" in errors(page.post(f"/admin/people/unit/{area.pk}/change/", body))


def test_nothing_with_history_is_deleted(page: Client, keeper: Staff) -> None:
    unit = Unit.objects.get(code="610113-cg")
    assert page.post(f"/admin/people/unit/{unit.pk}/delete/", {"post": "yes"}).status_code == 403
    assert page.post(f"/admin/people/staff/{keeper.pk}/delete/", {"post": "yes"}).status_code == 403


def staff_body(**changes: Any) -> dict[str, Any]:
    return {
        "username": "xinren", "usable_password": "true", "password1": STRONG, "password2": STRONG, "name": "新人",
        "unit": str(Unit.objects.get(code="610113-cg").pk), "team": "", "roles": ["handler"],
    } | changes  # fmt: skip


def test_an_account_has_a_hashed_password_a_unit_and_roles(page: Client) -> None:
    assert page.post("/admin/people/staff/add/", staff_body()).status_code == 302
    made = Staff.objects.get(username="xinren")
    assert (made.roles, made.name, made.is_staff, made.is_superuser) == (["handler"], "新人", False, False)
    assert STRONG not in made.password
    assert made.check_password(STRONG)


def test_weak_passwords_and_unknown_roles_are_refused(page: Client) -> None:
    errors(page.post("/admin/people/staff/add/", staff_body(password1="short", password2="short")))
    errors(page.post("/admin/people/staff/add/", staff_body(password1="password1234", password2="password1234")))
    errors(page.post("/admin/people/staff/add/", staff_body(roles=["king"])))
    assert not Staff.objects.filter(username="xinren").exists()


def test_nobody_makes_a_superuser_by_a_hidden_field(page: Client, keeper: Staff) -> None:
    body = staff_body() | {"is_superuser": "on", "is_staff": "on", "user_permissions": ["1"]}
    page.post("/admin/people/staff/add/", body)
    made = Staff.objects.get(username="xinren")
    assert (made.is_superuser, made.is_staff, made.user_permissions.count()) == (False, False, 0)
    page.post(
        f"/admin/people/staff/{keeper.pk}/change/",
        {"username": "keeper", "name": "x", "roles": ["admin"], "is_active": "on", "is_superuser": "on"},
    )
    assert not Staff.objects.get(pk=keeper.pk).is_superuser


def test_a_superusers_account_is_closed_to_administrators(page: Client) -> None:
    root = Staff.objects.create_superuser("root", password=STRONG)
    change = f"/admin/people/staff/{root.pk}"
    assert page.post(f"{change}/change/", {"username": "root", "name": "x"}).status_code == 403
    assert page.post(f"{change}/password/", {"password1": "x" * 12, "password2": "x" * 12}).status_code == 403
    errors(
        page.post(
            "/admin/people/apitoken/add/",
            {"staff": str(root.pk), "label": "x", "expires_at_0": "2099-01-01", "expires_at_1": "00:00"},
        )
    )
    assert root.check_password(STRONG)


def test_roles_open_and_close_the_admin_pages(page: Client) -> None:
    page.post("/admin/people/staff/add/", staff_body(roles=["admin"]))
    made = Staff.objects.get(username="xinren")
    assert made.is_staff
    page.post(
        f"/admin/people/staff/{made.pk}/change/",
        {"username": "xinren", "name": "新人", "roles": ["handler"], "is_active": "on"},
    )
    assert not Staff.objects.get(pk=made.pk).is_staff


def test_switching_an_account_off_ends_its_tokens(page: Client) -> None:
    page.post("/admin/people/staff/add/", staff_body())
    made = Staff.objects.get(username="xinren")
    page.post(
        "/admin/people/apitoken/add/",
        {"staff": str(made.pk), "label": "接口", "expires_at_0": "2099-01-01", "expires_at_1": "00:00"},
    )
    assert ApiToken.objects.filter(staff=made).count() == 1
    page.post(f"/admin/people/staff/{made.pk}/change/", {"username": "xinren", "name": "新人", "roles": ["handler"]})
    assert not ApiToken.objects.filter(staff=made).exists()


def test_a_token_is_shown_once_and_works(page: Client, keeper: Staff) -> None:
    operator = Staff.objects.get(username="operator")
    body = {"staff": str(operator.pk), "label": "省平台", "expires_at_0": "2099-01-01", "expires_at_1": "00:00"}
    answer = page.post("/admin/people/apitoken/add/", body, follow=True)
    token = answer.content.decode().split("请立即保存：")[1].split("<")[0].strip()
    row = ApiToken.objects.get(label="省平台")
    assert bytes(row.digest) == sha256(token.encode()).digest()
    assert token not in page.get("/admin/people/apitoken/").content.decode()
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).json()["username"] == "operator"
    assert page.post(f"/admin/people/apitoken/{row.pk}/change/", body).status_code == 403
    past = body | {"expires_at_0": "2020-01-01"}
    assert "失效时间已过" in errors(page.post("/admin/people/apitoken/add/", past))


def test_teams_show_how_many_they_are(page: Client) -> None:
    team = Team.objects.get(name="一班")
    assert f">{team.members.count()}<" in page.get("/admin/people/team/").content.decode()


def test_guessing_at_the_door_of_the_admin_pages_has_to_wait(keeper: Staff) -> None:
    def knock(password: str) -> Any:
        return Client().post("/admin/login/", {"username": "keeper", "password": password}, REMOTE_ADDR="10.0.0.1")

    for _ in range(throttling.MOST):
        assert "分钟后再试" not in knock("wrong").content.decode()
    assert "分钟后再试" in knock(STRONG).content.decode()


def test_the_right_password_opens_the_admin_pages(keeper: Staff) -> None:
    client = Client()
    answer = client.post("/admin/login/?next=/admin/", {"username": "keeper", "password": STRONG, "next": "/admin/"})
    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200
