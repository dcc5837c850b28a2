"""基础数据 as a folder of CSV files, in the layout of the shipped seed: written by `export`, read back by `take`."""

from .reading import Taken
from .tables import take
from .writing import export

__all__ = ["Taken", "export", "take"]
