from django.apps import AppConfig


class CitizensConfig(AppConfig):
    name = "huying.citizens"
    verbose_name = "诉求人"
