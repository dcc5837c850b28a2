from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "huying.orders"
    verbose_name = "工单"
