from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "huying.config"
    verbose_name = "设置"
