"""工作日历 tables: only days that differ from "Monday to Friday" are rows."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from . import rules


class CalendarDay(models.Model):
    """特殊日期: one day that is off although a weekday, or worked although a weekend."""

    class Kind(models.TextChoices):
        """What the day is."""

        HOLIDAY = "holiday", "放假"
        WORKDAY = "workday", "调休上班"

    on = models.DateField("日期", unique=True)
    kind = models.CharField("类型", max_length=8, choices=Kind.choices)
    name = models.CharField("名称", max_length=40, blank=True, help_text="例如：春节、国庆节调休")

    class Meta:
        verbose_name = "特殊日期"
        verbose_name_plural = "特殊日期（放假与调休上班）"
        ordering = ("on",)
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=("holiday", "workday")), name="worktime_day_kind"),
        )

    def __str__(self) -> str:
        """Date, kind and name."""
        return f"{self.on:%Y-%m-%d} {self.get_kind_display()} {self.name}".strip()


class CalendarYear(models.Model):
    """日历年度: a year counts as known once its row says that it was checked against the official notice."""

    year = models.PositiveSmallIntegerField(
        "年度", unique=True, validators=(MinValueValidator(2000), MaxValueValidator(2200))
    )
    source = models.CharField("依据", max_length=200, help_text="例如：国务院办公厅关于放假安排的通知文号")
    confirmed = models.BooleanField(
        "已核对", default=False, help_text="勾选后，本年度按录入的放假和调休计算；未勾选时仍会提示“尚未核对”"
    )

    class Meta:
        verbose_name = "日历年度"
        verbose_name_plural = "日历年度"
        ordering = ("year",)

    def __str__(self) -> str:
        """The year, and whether it was checked."""
        return f"{self.year}年" + ("" if self.confirmed else "（未核对）")


class WorkSchedule(models.Model):
    """工时制度: the working hours of a working day, chosen by units through its code."""

    code = models.CharField(
        "编号",
        max_length=40,
        unique=True,
        validators=(RegexValidator(r"^[a-z][a-z0-9_-]*$", "编号由小写字母开头，只含小写字母、数字、- 和 _"),),
    )
    name = models.CharField("名称", max_length=60)
    blocks = models.JSONField("工作时段")

    class Meta:
        verbose_name = "工时制度"
        verbose_name_plural = "工时制度"
        ordering = ("code",)

    def __str__(self) -> str:
        """The name."""
        return self.name

    def clean(self) -> None:
        """Refuse working hours that the rules cannot read."""
        try:
            rules.parse_hours(self.blocks)
        except ValueError as error:
            raise ValidationError({"blocks": str(error)}, code="blocks_invalid") from error
