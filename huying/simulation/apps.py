from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "huying.simulation"
    verbose_name = "演示城市"
