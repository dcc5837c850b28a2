from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    name = "huying.config"
    verbose_name = "设置"

    def ready(self) -> None:
        """Connect the channels: without a real one, notices of the demo go where nothing leaves the house."""
        from huying.channels.simulated_sms.operations import send
        from huying.orders.jobs import use_sender

        if settings.HUYING_MODE in ("demo", "development"):
            use_sender(send)
