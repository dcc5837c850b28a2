"""Who may edit reference data 基础数据: the role of the system administrator, without being a superuser."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from .models import Staff
from .rules import permissions_of

ADMINISTER = "administer"
# apps whose rows are reference data; orders, citizens and drafts are in no admin page at all
REFERENCE_APPS = frozenset({"people", "places", "matters", "worktime"})


class RoleBackend(ModelBackend):
    """Passwords as Django checks them; the permissions of the admin pages come from the role."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """True for reference data when a role of the account holds `administer`."""
        return may_administer(user_obj) and perm.partition(".")[0] in REFERENCE_APPS

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """True for the apps of reference data."""
        return may_administer(user_obj) and app_label in REFERENCE_APPS


def may_administer(user: Any) -> bool:
    """True for an active account that may enter the admin pages and holds `administer`."""
    return isinstance(user, Staff) and user.is_active and user.is_staff and ADMINISTER in permissions_of(user.roles)
