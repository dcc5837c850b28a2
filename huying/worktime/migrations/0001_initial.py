"""工作日历: special days, years and working hours."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        unique=True,
                        validators=[
                            django.core.validators.MinValueValidator(2000),
                            django.core.validators.MaxValueValidator(2200),
                        ],
                        verbose_name="年度",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        help_text="例如：国务院办公厅关于放假安排的通知文号", max_length=200, verbose_name="依据"
                    ),
                ),
                (
                    "confirmed",
                    models.BooleanField(
                        default=False,
                        help_text="勾选后，本年度按录入的放假和调休计算；未勾选时仍会提示“尚未核对”",
                        verbose_name="已核对",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历年度",
                "verbose_name_plural": "日历年度",
                "ordering": ("year",),
            },
        ),
        migrations.CreateModel(
            name="WorkSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_-]*$", "编号由小写字母开头，只含小写字母、数字、- 和 _"
                            )
                        ],
                        verbose_name="编号",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("blocks", models.JSONField(verbose_name="工作时段")),
            ],
            options={
                "verbose_name": "工时制度",
                "verbose_name_plural": "工时制度",
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(unique=True, verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "放假"), ("workday", "调休上班")], max_length=8, verbose_name="类型"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="例如：春节、国庆节调休", max_length=40, verbose_name="名称"
                    ),
                ),
            ],
            options={
                "verbose_name": "特殊日期",
                "verbose_name_plural": "特殊日期（放假与调休上班）",
                "ordering": ("on",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("holiday", "workday"))), name="worktime_day_kind"
                    )
                ],
            },
        ),
    ]
