"""诉求人: who asked. Names, numbers and addresses are encrypted under the citizen's own key and found by keyed hash."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Citizen(models.Model):
    """诉求人: erasing `key` erases every personal field here and in the events (crypto-shredding)."""

    key = models.BinaryField("数据密钥", null=True)
    name_sealed = models.BinaryField("姓名", null=True)
    phone_sealed = models.BinaryField("电话", null=True)
    address_sealed = models.BinaryField("地址", null=True)
    name_hash = models.BinaryField("姓名摘要", null=True, max_length=32)
    phone_hash = models.BinaryField("电话摘要", null=True, max_length=32)
    title = models.CharField("称呼", max_length=10, blank=True, default="")
    marks = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="标记")
    anonymous = models.BooleanField("匿名", default=False)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "诉求人"
        indexes = (
            models.Index(fields=["phone_hash"], name="citizen_phone"),
            models.Index(fields=["name_hash"], name="citizen_name"),
        )
