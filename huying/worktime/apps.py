"""The 工作日历 app."""

from django.apps import AppConfig


class WorktimeConfig(AppConfig):
    """工作日历: holidays, make-up workdays and working hours."""

    name = "huying.worktime"
    label = "worktime"
    verbose_name = "工作日历"
    default_auto_field = "django.db.models.BigAutoField"
