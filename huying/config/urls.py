"""Addresses of the web process."""

from django.contrib import admin
from django.urls import path

from . import guide, pages
from .api import api

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("healthz", pages.healthz),
    path("metrics", pages.metrics),
    path("desk/", pages.desk),
    path("desk/<path:rest>", pages.desk),
    path("docs/", guide.guide),
    path("docs/images/<str:name>", guide.image),
    path("docs/<slug:name>/", guide.guide),
    path("", pages.front),
]
