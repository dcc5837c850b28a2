"""批量导入: rows of a file through the one register verb."""

from .mapping import Mapping, MappingWrong, load_mapping, proposed, written
from .running import BATCH, Options, Outcome, run

__all__ = ["BATCH", "Mapping", "MappingWrong", "Options", "Outcome", "load_mapping", "proposed", "run", "written"]
