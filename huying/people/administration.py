"""基础数据 pages: what the admin pages of people, places and matters share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from pypinyin import Style, lazy_pinyin

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin
SEPARATOR = "|"


def spoken(name: str) -> tuple[str, str]:
    """(pinyin, initials) of a name, lower case, letters and digits only, as the searches look for them."""

    def joined(style: Style) -> str:
        text = "".join(lazy_pinyin(name, style=style)).lower()
        return "".join(letter for letter in text if letter.isascii() and letter.isalnum())

    return joined(Style.NORMAL)[:200], joined(Style.FIRST_LETTER)[:60]


class Listed(forms.CharField):
    """Several short texts in one box, one a line or separated by `|`."""

    def __init__(self, *, limit: int, most: int = 50, **more: Any) -> None:
        self.limit, self.most = limit, most
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
            help_text=f"每行一个，每个最多{limit}字，最多{most}个",
            **more,
        )

    def prepare_value(self, value: Any) -> Any:
        """Show stored values one a line; what was typed stays as typed."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The parts, each once, in their order."""
        text = super().to_python(value) or ""
        found = list(dict.fromkeys(part.strip() for part in text.replace(SEPARATOR, "\n").splitlines() if part.strip()))
        if len(found) > self.most:
            raise ValidationError(f"最多{self.most}个", code="too_many")
        for part in found:
            if len(part) > self.limit:
                raise ValidationError(f"“{part[:10]}…”太长，最多{self.limit}字", code="too_long")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the parts, not the way they were typed."""
        return bool(self.to_python(data if data is not None else "") != (initial or []))


class Reference(Base):
    """An admin page of reference rows: a change is used at once by this process, by the others within 30 seconds."""

    forget: Callable[[], None] = staticmethod(lambda: None)
    list_per_page = 50
    save_on_top = True

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, then forget what was kept."""
        super().save_model(request, obj, form, change)
        transaction.on_commit(type(self).forget)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete, then forget what was kept."""
        super().delete_model(request, obj)
        transaction.on_commit(type(self).forget)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Delete the chosen rows, then forget what was kept."""
        super().delete_queryset(request, queryset)
        transaction.on_commit(type(self).forget)


class NotDeleted(Reference):
    """Rows that orders refer to, now or later: they are switched off, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
