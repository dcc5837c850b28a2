"""工单: the order, each unit's share of it, its clocks and its history.

Foreign keys say `db_index=False` where an index that begins with them stands below: each index is written at every change.
"""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from huying.citizens.models import Citizen
from huying.matters.models import Matter
from huying.people.models import Team, Unit
from huying.places.models import Division

from .flow.states import AssignmentState, Channel, ClockKind, Nature, Outcome, Part, State, Urgency

OPEN = Q(state__in=[s for s in State if s not in (State.CLOSED, State.ARCHIVED)])


class WorkOrder(models.Model):
    """工单: one request of one citizen. `due_at`, `warn_at`, `clock` repeat the clock that matters now, for lists."""

    number = models.CharField("编号", max_length=15, unique=True)
    state = models.CharField("状态", max_length=20, choices=State.choices())
    outcome = models.CharField("办结方式", max_length=12, blank=True, default="", choices=Outcome.choices())
    nature = models.CharField("性质", max_length=12, choices=Nature.choices())
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency.choices(), default=Urgency.NORMAL)
    channel = models.CharField("渠道", max_length=12, choices=Channel.choices())
    title = models.CharField("标题", max_length=200)
    content = models.TextField("诉求内容")
    matter = models.ForeignKey(
        Matter, models.PROTECT, db_index=False, null=True, blank=True, verbose_name="内容分类", related_name="+"
    )
    confidential = models.BooleanField("保密", default=False)
    place_text = models.CharField("地址", max_length=300, blank=True, default="")
    area = models.ForeignKey(
        Division, models.PROTECT, db_index=False, null=True, blank=True, verbose_name="区县", related_name="+"
    )
    street = models.ForeignKey(
        Division, models.PROTECT, db_index=False, null=True, blank=True, verbose_name="街道", related_name="+"
    )
    lat = models.FloatField("纬度", null=True, blank=True)
    lng = models.FloatField("经度", null=True, blank=True)
    citizen = models.ForeignKey(Citizen, models.PROTECT, db_index=False, verbose_name="诉求人", related_name="orders")
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, null=True, verbose_name="登记人", related_name="+"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, verbose_name="提请审核人", related_name="+"
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, verbose_name="班组", related_name="+")
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, db_index=False, null=True, verbose_name="主办单位", related_name="+"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, verbose_name="主单", related_name="children")
    children_count = models.PositiveIntegerField("并入数", default=0)
    source_id = models.CharField("来源编号", max_length=100, null=True)
    source_number = models.CharField("原编号", max_length=100, blank=True, default="")
    answer = models.TextField("答复", blank=True, default="")
    refusal_reason = models.CharField("不予受理原因", max_length=30, blank=True, default="")
    resume_to = models.CharField("恢复到", max_length=20, blank=True, default="")
    redo_count = models.PositiveSmallIntegerField("重办次数", default=0)
    return_count = models.PositiveSmallIntegerField("退单次数", default=0)
    returns_by_unit = models.JSONField("各单位退单次数", default=dict)
    open_milestones = models.PositiveSmallIntegerField("未完成节点", default=0)
    urge_count = models.PositiveSmallIntegerField("催办次数", default=0)
    failed_attempts = models.PositiveSmallIntegerField("回访未接通", default=0)
    supervised = models.BooleanField("督办中", default=False)
    explanation_pending = models.BooleanField("提请解释办结", default=False)
    excluded = models.BooleanField("剔除", default=False)
    solved = models.BooleanField("是否解决", null=True)
    satisfied = models.CharField("满意度", max_length=20, blank=True, default="")
    received_at = models.DateTimeField("受理时间")
    registered_at = models.DateTimeField("登记时间")
    closed_at = models.DateTimeField("办结时间", null=True)
    clock = models.CharField("当前时限", max_length=20, blank=True, default="", choices=ClockKind.choices())
    warn_at = models.DateTimeField("预警时间", null=True)
    due_at = models.DateTimeField("到期时间", null=True)
    changed_at = models.DateTimeField("最近一条历史的时间", null=True)
    version = models.PositiveIntegerField("版本", default=1)
    last_seq = models.PositiveIntegerField("末条序号", default=0)
    last_hash = models.BinaryField("末条摘要", max_length=32, default=b"")
    search = SearchVectorField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "工单"
        indexes = (
            models.Index(fields=["-received_at", "-id"], name="order_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="order_state"),
            models.Index(fields=["due_at", "id"], name="order_due", condition=OPEN),
            models.Index(fields=["lead_unit", "-received_at", "-id"], name="order_lead"),
            models.Index(fields=["street", "-received_at"], name="order_street"),
            models.Index(fields=["area", "-received_at"], name="order_area"),
            models.Index(fields=["matter", "-received_at"], name="order_matter"),
            models.Index(fields=["operator", "-received_at"], name="order_operator"),
            models.Index(fields=["citizen"], name="order_citizen"),
            models.Index(fields=["closed_at"], name="order_to_archive", condition=Q(state=State.CLOSED)),
            # rare kinds: frequent ones are found walking `order_newest`
            models.Index(fields=["nature", "channel", "urgency"], name="order_kind"),
            models.Index(fields=["-received_at", "-id"], name="order_supervised", condition=Q(supervised=True)),
            GinIndex(fields=["search"], name="order_search", fastupdate=True),
        )
        constraints = (models.UniqueConstraint(fields=["channel", "source_id"], name="order_source_once"),)

    def __str__(self) -> str:
        return self.number


class Assignment(models.Model):
    """承办任务: one unit's share, with a state of its own; `parent` when it was handed down 下派."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, db_index=False, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="assignments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="below")
    part = models.CharField("身份", max_length=10, choices=Part.choices())
    state = models.CharField("状态", max_length=20, choices=AssignmentState.choices())
    came_from = models.CharField("申请退回前的状态", max_length=20, blank=True, default="")
    dispatched_at = models.DateTimeField("派单时间")
    accepted_at = models.DateTimeField("签收时间", null=True)
    contacted_at = models.DateTimeField("联系时间", null=True)
    replied_at = models.DateTimeField("回复时间", null=True)
    return_due_at = models.DateTimeField("退单截止", null=True)
    due_at = models.DateTimeField("办理到期", null=True)
    extend_until = models.DateTimeField("延期申请截止", null=True)
    extensions = models.PositiveSmallIntegerField("已延期次数", default=0)
    pending_extension = models.BooleanField("延期待审", default=False)
    pending_promise = models.BooleanField("承诺待审", default=False)
    appointed = models.BooleanField("会商指定", default=False)
    note = models.TextField("派单意见", blank=True, default="")
    push_down_reason = models.TextField("下压理由", blank=True, default="")
    result = models.CharField("办理结果", max_length=20, blank=True, default="")
    reply = models.TextField("答复内容", blank=True, default="")
    policy_basis = models.TextField("政策依据", blank=True, default="")
    unreachable_reason = models.TextField("未联系上的原因", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "承办任务"
        indexes = (
            # with the order in it, a unit's orders are found without reading the assignments themselves
            models.Index(fields=["unit", "state", "due_at"], include=["order"], name="assignment_unit"),
            models.Index(fields=["order"], name="assignment_order"),
            models.Index(
                fields=["order"],
                name="assignment_asked",
                condition=Q(state=AssignmentState.RETURN_REQUESTED)
                | Q(pending_extension=True)
                | Q(pending_promise=True),
            ),
        )


class Clock(models.Model):
    """时限: a running or stopped clock with the rule it started with; a later change of the rule never moves it."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, db_index=False, related_name="clocks")
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="clocks")
    kind = models.CharField("种类", max_length=20, choices=ClockKind.choices())
    amount = models.DecimalField("数量", max_digits=7, decimal_places=2)
    measure = models.CharField("单位", max_length=14)
    schedule = models.CharField("工作时间", max_length=40, default="standard")
    started_at = models.DateTimeField("开始")
    warn_at = models.DateTimeField("预警")
    due_at = models.DateTimeField("到期")
    stopped_at = models.DateTimeField("停止", null=True)
    paused_at = models.DateTimeField("暂停", null=True)
    warned_at = models.DateTimeField("已预警", null=True)
    breached_at = models.DateTimeField("已超期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限"
        indexes = (
            models.Index(fields=["order"], name="clock_order"),
            models.Index(
                fields=["warn_at"], name="clock_to_warn",
                condition=Q(stopped_at=None, paused_at=None, warned_at=None, breached_at=None),
            ),
            models.Index(
                fields=["due_at"], name="clock_to_breach",
                condition=Q(stopped_at=None, paused_at=None, breached_at=None),
            ),
        )  # fmt: skip


class Event(models.Model):
    """历史: append-only (a trigger refuses update and delete), each linked to its predecessor by a keyed hash."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, db_index=False, related_name="events")
    seq = models.PositiveIntegerField("序号")
    kind = models.CharField("种类", max_length=30)
    at = models.DateTimeField("时间")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField("操作人", max_length=50)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    unit_name = models.CharField("单位", max_length=100, blank=True)
    role = models.CharField("角色", max_length=20, blank=True)
    from_state = models.CharField("原状态", max_length=20, blank=True)
    to_state = models.CharField("新状态", max_length=20)
    content = models.JSONField("内容", default=dict)
    hash = models.BinaryField("摘要", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "历史"
        constraints = (models.UniqueConstraint(fields=["order", "seq"], name="event_seq_once"),)
        ordering = ("order_id", "seq")


class Application(models.Model):
    """申请: a unit asks to return, extend or promise; somebody above decides."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, db_index=False, related_name="applications")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="applications")
    kind = models.CharField(
        "种类", max_length=12, choices=[("return", "退单"), ("extension", "延期"), ("promise", "承诺办理")]
    )
    status = models.CharField(
        "结果", max_length=10, default="pending",
        choices=[("pending", "待审核"), ("approved", "同意"), ("refused", "驳回"), ("lapsed", "作废")],
    )  # fmt: skip
    reason = models.TextField("原因")
    legal_basis = models.TextField("依据", blank=True, default="")
    suggested_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    days = models.PositiveSmallIntegerField("工作日数", null=True)
    until = models.DateField("承诺日期", null=True)
    milestones = models.JSONField("节点", default=list)
    asked_at = models.DateTimeField("申请时间")
    decided_at = models.DateTimeField("审核时间", null=True)
    decision_note = models.TextField("审核意见", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "申请"
        indexes = (
            models.Index(fields=["order"], name="application_order"),
            models.Index(fields=["kind", "asked_at"], name="application_open", condition=Q(status="pending")),
        )


class Milestone(models.Model):
    """承诺节点."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="milestones")
    title = models.CharField("节点", max_length=200)
    due_on = models.DateField("日期")
    reached_at = models.DateTimeField("完成时间", null=True)
    progress = models.TextField("进展", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "承诺节点"
        ordering = ("due_on", "id")


class CallBackAttempt(models.Model):
    """回访记录."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="attempts")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    way = models.CharField("方式", max_length=10)
    reached = models.BooleanField("是否接通")
    solved = models.BooleanField("是否解决", null=True)
    satisfied = models.CharField("满意度", max_length=20, blank=True, default="")
    counted = models.BooleanField("计入未接通次数", default=False)
    reason = models.TextField("不满意原因", blank=True, default="")
    round = models.PositiveSmallIntegerField("第几轮", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "回访记录"
        ordering = ("at", "id")


class Supervision(models.Model):
    """督办."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="supervisions")
    kind = models.CharField("方式", max_length=12)
    opinion = models.TextField("意见")
    due_on = models.DateField("要求日期", null=True)
    started_at = models.DateTimeField("开始")
    finished_at = models.DateTimeField("结束", null=True)
    conclusion = models.TextField("结论", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "督办"


class Attachment(models.Model):
    """附件: kept by the hash of its content; type decided by content, metadata of images removed."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="attachments")
    name = models.CharField("文件名", max_length=200)
    mime = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节")
    sha256 = models.CharField("摘要", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "附件"


class Notice(models.Model):
    """通知: one message to a citizen about one event, sent once. Names the order, never the citizen."""

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="notices")
    event_seq = models.PositiveIntegerField("事件序号")
    template = models.CharField("模板", max_length=30)
    text = models.TextField("内容")
    made_at = models.DateTimeField("生成时间")
    sent_at = models.DateTimeField("发送时间", null=True)
    receipt = models.CharField("回执", max_length=100, blank=True, default="")
    failures = models.PositiveSmallIntegerField("失败次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        constraints = (models.UniqueConstraint(fields=["order", "event_seq", "template"], name="notice_once"),)


class SavedView(models.Model):
    """常用视图: a named set of filters of one person."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    name = models.CharField("名称", max_length=50)
    query = models.TextField("条件")

    class Meta:
        verbose_name = verbose_name_plural = "常用视图"
        constraints = (models.UniqueConstraint(fields=["staff", "name"], name="view_name_once"),)
        ordering = ("name",)
