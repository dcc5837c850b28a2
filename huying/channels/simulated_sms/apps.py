from django.apps import AppConfig


class SimulatedSmsConfig(AppConfig):
    name = "huying.channels.simulated_sms"
    label = "simulated_sms"
    verbose_name = "模拟短信"
