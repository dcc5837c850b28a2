"""What was handed to the simulated channel."""

from django.db import models


class SimulatedMessage(models.Model):
    """模拟短信: a message as a telephone would have shown it; the key makes sure that it is there once."""

    key = models.CharField("幂等键", max_length=60, unique=True)
    phone = models.CharField("号码（已脱敏）", max_length=20)
    text = models.TextField("内容")
    receipt = models.CharField("回执", max_length=40)
    times_asked = models.PositiveIntegerField("被要求发送的次数", default=1)
    sent_at = models.DateTimeField("发送时间")

    class Meta:
        verbose_name = verbose_name_plural = "模拟短信"
        ordering = ("-sent_at", "-id")

    def __str__(self) -> str:
        return self.receipt
