"""事项目录: what requests are about, whose duty it is, how long it may take."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from huying.people.models import Unit

URGENCIES = [("normal", "一般"), ("urgent", "紧急"), ("critical", "特急")]


class Matter(models.Model):
    """内容分类: a domain (2 digits), group (4) or leaf (6)."""

    code = models.CharField("编码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上级", related_name="below")
    definition = models.CharField("定义", max_length=200, blank=True, default="")
    synonyms = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name="同义词")
    everyday = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name="口语说法")
    urgency = models.CharField("默认紧急程度", max_length=10, choices=URGENCIES, default="normal")
    questions = ArrayField(models.CharField(max_length=100), default=list, blank=True, verbose_name="必问")
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "内容分类"
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def leaf(self) -> bool:
        """True for the third level, the one orders are filed under."""
        return len(self.code) == 6


class Duty(models.Model):
    """派单目录条目: a duty item with the text that supports it; versions by validity."""

    code = models.CharField("编号", max_length=20)
    version = models.PositiveIntegerField("版本", default=1)
    name = models.CharField("职责事项", max_length=100)
    matters = models.ManyToManyField(Matter, verbose_name="内容分类", related_name="duties")
    lead = models.CharField("主办", max_length=60, help_text="U:单位编码 / A:区县部门类别 / A 区县 / S 街道镇")
    assisting = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name="协办")
    department_work = models.BooleanField("部门事项", default=True, help_text="不得无理由派给街道镇")
    basis = models.CharField("依据", max_length=300)
    basis_source = models.CharField("依据出处", max_length=200)
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "派单目录"
        constraints = (models.UniqueConstraint(fields=["code", "version"], name="duty_version_once"),)
        ordering = ("code", "-version")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LimitRule(models.Model):
    """时限规则: how long one kind of clock runs; the most specific rule wins (unit, then urgency, then nature)."""

    kind = models.CharField("时限", max_length=20)
    nature = models.CharField("性质", max_length=12, blank=True, default="")
    urgency = models.CharField("紧急程度", max_length=10, blank=True, default="", choices=[("", "全部"), *URGENCIES])
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, verbose_name="单位")
    amount = models.DecimalField("数量", max_digits=7, decimal_places=2)
    measure = models.CharField(
        "单位", max_length=14,
        choices=[("minutes", "分钟"), ("hours", "小时"), ("working_hours", "工作小时"), ("working_days", "工作日")],
    )  # fmt: skip
    active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限规则"
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "nature", "urgency", "unit"], name="limit_rule_once", nulls_distinct=False
            ),
        )


class Policy(models.Model):
    """办理政策: numbers and switches, typed and versioned; the newest version is in force."""

    version = models.PositiveIntegerField("版本", unique=True)
    max_returns = models.PositiveSmallIntegerField("每单位最多退单次数", default=2)
    arbitrate_after_returns = models.PositiveSmallIntegerField("累计退单几次转会商", default=3)
    max_extensions = models.PositiveSmallIntegerField("最多延期次数", default=2)
    extension_cap_days = models.PositiveSmallIntegerField("单次延期上限（工作日）", default=10)
    extension_margin_days = models.PositiveSmallIntegerField("延期须提前几个工作日申请", default=1)
    reopen_days = models.PositiveSmallIntegerField("办结后可重新办理天数", default=30)
    max_redo = models.PositiveSmallIntegerField("最多重办次数", default=2)
    call_back_attempts = models.PositiveSmallIntegerField("回访未接通几次可办结", default=3)
    call_back_gap_hours = models.PositiveSmallIntegerField("两次未接通的回访至少间隔几小时", default=2)
    promise_months = models.PositiveSmallIntegerField("承诺办理最长月数", default=9)
    archive_after_days = models.PositiveSmallIntegerField("办结几天后归档", default=7)
    review_share = models.FloatField("班组审核抽查比例", default=0.05)
    confidential_reports = models.BooleanField("举报默认保密", default=True)
    made_at = models.DateTimeField("生效时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理政策"
        ordering = ("-version",)
