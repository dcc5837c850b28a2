from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "huying.matters"
    verbose_name = "事项目录"
