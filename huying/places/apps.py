from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "huying.places"
    verbose_name = "区划网格"
