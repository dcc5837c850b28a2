"""事项目录 pages: versions instead of rewritten history, limits and policy within reason."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from huying.matters import queries
from huying.matters.admin import today
from huying.matters.models import Duty, LimitRule, Matter, Policy
from huying.people.models import Staff, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> Client:
    keeper = Staff.objects.create_user("keeper", password="x", roles=["admin"], is_staff=True)
    client = Client()
    client.force_login(keeper)
    return client


def errors(answer: Any) -> str:
    assert answer.status_code == 200
    text: str = answer.content.decode()
    assert "errorlist" in text
    return text


LEAF = {
    "code": "010198", "name": "测试事项", "definition": "只为测试而写的一条定义。", "synonyms": "试一|试二", "everyday": "试试看\n再试试",
    "urgency": "urgent", "questions": "在哪里？\n什么时候？", "active": "on",
}  # fmt: skip


def test_a_leaf_is_made_below_its_group(page: Client) -> None:
    assert page.post("/admin/matters/matter/add/", LEAF).status_code == 302
    leaf = Matter.objects.get(pk="010198")
    assert (leaf.parent_id, leaf.synonyms, leaf.everyday) == ("0101", ["试一", "试二"], ["试试看", "再试试"])
    body = LEAF | {"everyday": "只剩一个", "active": ""}
    assert page.post("/admin/matters/matter/010198/change/", body).status_code == 302
    leaf.refresh_from_db()
    assert (leaf.everyday, leaf.active) == (["只剩一个"], False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "999901"}, "没有上级分类9999"),
        ({"code": "01019"}, "2、4或6位数字"),
        ({"code": "010101"}, "已存在"),
        ({"definition": ""}, "写明定义"),
        ({"questions": "一？\n二？\n三？\n四？\n五？\n六？"}, "最多5个"),
        ({"everyday": "长" * 61}, "最多60字"),
        ({"urgency": "never"}, "有效的选项"),
    ],
)
def test_a_leaf_that_does_not_fit_is_refused(page: Client, change: dict[str, str], sentence: str) -> None:
    assert sentence in errors(page.post("/admin/matters/matter/add/", LEAF | change))
    assert not Matter.objects.filter(name="测试事项").exists()


def duty_body(duty: Duty, **changes: Any) -> dict[str, Any]:
    body = {
        "code": duty.code, "name": duty.name, "matters": [matter.pk for matter in duty.matters.all()], "lead": duty.lead,
        "assisting": "\n".join(duty.assisting), "basis": duty.basis, "basis_source": duty.basis_source,
        "valid_from": duty.valid_from.isoformat(), "valid_until": duty.valid_until.isoformat() if duty.valid_until else "",
    } | changes  # fmt: skip
    return body | ({"department_work": "on"} if duty.department_work else {})


def test_a_line_in_force_goes_on_as_its_next_version(
    page: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    old = Duty.objects.get(code="01-007")
    covered = set(old.matters.values_list("pk", flat=True))
    queries.catalogue()
    with django_capture_on_commit_callbacks(execute=True):
        answer = page.post(f"/admin/matters/duty/{old.pk}/change/", duty_body(old, lead="S", assisting=""))
    assert answer.status_code == 302, errors(answer)
    before, after = Duty.objects.filter(code="01-007").order_by("version")
    assert (before.lead, before.valid_until) == (old.lead, today() - timedelta(days=1))
    assert set(before.matters.values_list("pk", flat=True)) == covered
    assert (after.version, after.lead, after.valid_from, after.valid_until) == (2, "S", today(), None)
    assert set(after.matters.values_list("pk", flat=True)) == covered
    assert [line.lead for line in queries.catalogue() if line.code == "01-007"] == ["S"], "used at once, and only once"
    assert page.post(f"/admin/matters/duty/{before.pk}/change/", duty_body(before)).status_code == 403
    assert page.post(f"/admin/matters/duty/{after.pk}/delete/", {"post": "yes"}).status_code == 403


def test_what_is_not_in_force_yet_is_simply_changed_or_deleted(page: Client) -> None:
    later = (today() + timedelta(days=30)).isoformat()
    body = {
        "code": "01-998", "name": "试", "matters": ["010101"], "lead": "A:cg", "assisting": "", "basis": "依据。",
        "basis_source": "样例", "valid_from": later, "valid_until": "",
    }  # fmt: skip
    assert page.post("/admin/matters/duty/add/", body).status_code == 302
    made = Duty.objects.get(code="01-998")
    assert page.post(f"/admin/matters/duty/{made.pk}/change/", duty_body(made, basis="新依据。")).status_code == 302
    made.refresh_from_db()
    assert (made.version, made.basis) == (1, "新依据。")
    assert page.post(f"/admin/matters/duty/{made.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Duty.objects.filter(code="01-998").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lead": "U:nowhere"}, "没有编码为“nowhere”的单位"),
        ({"lead": "A:zzz"}, "没有类别为“zzz”的区县部门"),
        ({"lead": "街道"}, "写法有误"),
        ({"assisting": "A:cg"}, "主办单位不能同时协办"),
        ({"assisting": "X"}, "写法有误"),
        ({"matters": []}, "必填"),
        ({"basis": ""}, "必填"),
        ({"valid_until": "2000-01-01"}, "失效日期早于生效日期"),
    ],
)
def test_a_line_that_does_not_fit_is_refused(page: Client, change: dict[str, Any], sentence: str) -> None:
    duty = Duty.objects.get(code="01-007")
    assert sentence in errors(page.post(f"/admin/matters/duty/{duty.pk}/change/", duty_body(duty, **change)))
    assert Duty.objects.filter(code="01-007").count() == 1


def test_department_work_is_not_led_by_a_street(page: Client) -> None:
    duty = Duty.objects.filter(department_work=True).first()
    assert duty is not None
    assert "部门事项不能由街道镇主办" in errors(
        page.post(f"/admin/matters/duty/{duty.pk}/change/", duty_body(duty, lead="S"))
    )


def test_a_line_is_added_once(page: Client) -> None:
    duty = Duty.objects.get(code="01-007")
    assert "已有条目" in errors(page.post("/admin/matters/duty/add/", duty_body(duty)))


LIMIT = {
    "kind": "handle",
    "nature": "report",
    "urgency": "",
    "unit": "",
    "amount": "15",
    "measure": "working_days",
    "active": "on",
}


def test_a_limit_is_used_at_once(
    page: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert queries.span_for("handle", "report", "normal") != queries.span_for("review", "", "")
    unit = Unit.objects.get(code="610113-cg")
    with django_capture_on_commit_callbacks(execute=True):
        assert page.post("/admin/matters/limitrule/add/", LIMIT).status_code == 302
        assert (
            page.post("/admin/matters/limitrule/add/", LIMIT | {"unit": str(unit.pk), "amount": "3"}).status_code == 302
        )
    for unit_id, days in ((None, 15), (unit.pk, 3)):
        span = queries.span_for("handle", "report", "normal", unit_id)
        assert span is not None
        assert (span.amount, span.unit) == (days, "working_days")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0"}, {"amount": "-1"}, {"amount": "NaN"}, {"amount": "9999"}, {"amount": "1.5"}, {"kind": "lunch"},
        {"nature": "anger"}, {"measure": "moons"}, {"nature": "consult", "amount": "2"},
    ],
)  # fmt: skip
def test_a_limit_that_cannot_be_meant_is_refused(page: Client, change: dict[str, str]) -> None:
    count = LimitRule.objects.count()
    errors(page.post("/admin/matters/limitrule/add/", LIMIT | change))
    assert LimitRule.objects.count() == count


def policy_body(**changes: Any) -> dict[str, Any]:
    now = Policy.objects.order_by("-version")[0]
    names = [
        field.name
        for field in Policy._meta.fields
        if field.name not in ("id", "version", "made_at", "confidential_reports")
    ]
    return {name: str(getattr(now, name)) for name in names} | {"confidential_reports": "on"} | changes


def test_saving_the_policy_makes_its_next_version(
    page: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first = Policy.objects.get()
    assert queries.policy() == first
    with django_capture_on_commit_callbacks(execute=True):
        answer = page.post(f"/admin/matters/policy/{first.pk}/change/", policy_body(reopen_days="45"))
    assert answer.status_code == 302
    newest, oldest = Policy.objects.order_by("-version")
    assert (newest.version, newest.reopen_days, oldest.reopen_days) == (first.version + 1, 45, first.reopen_days)
    assert queries.policy() == newest
    assert page.post(f"/admin/matters/policy/{first.pk}/change/", policy_body()).status_code == 403
    assert page.post(f"/admin/matters/policy/{newest.pk}/delete/", {"post": "yes"}).status_code == 403
    page.post(f"/admin/matters/policy/{newest.pk}/change/", policy_body())
    assert Policy.objects.count() == 2, "nothing changed, nothing made"


@pytest.mark.parametrize(
    "change", [{"review_share": "1.1"}, {"review_share": "-0.1"}, {"reopen_days": "0"}, {"max_redo": "99"}]
)
def test_a_policy_out_of_reason_is_refused(page: Client, change: dict[str, str]) -> None:
    first = Policy.objects.get()
    errors(page.post(f"/admin/matters/policy/{first.pk}/change/", policy_body(**change)))
    assert Policy.objects.count() == 1
