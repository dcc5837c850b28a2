from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "huying.intake"
    verbose_name = "受理"
