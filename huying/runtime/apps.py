from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "huying.runtime"
    verbose_name = "运行"
