from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "huying.channels"
    verbose_name = "渠道"
