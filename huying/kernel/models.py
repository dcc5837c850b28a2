"""Tables that know no hotline words."""

from django.db import models


class IdempotencyKey(models.Model):
    """重复提交保护: the first answer to a request that a client may send again."""

    staff_id = models.BigIntegerField()
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    order_number = models.CharField(max_length=15, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "重复提交保护"
        constraints = (models.UniqueConstraint(fields=["staff_id", "key"], name="idempotency_once"),)
