"""表格文件: rows out of CSV, XLSX, Parquet and JSON Lines files, and into them. Knows no hotline words and no database."""

from .opening import open_table
from .table import FileUnusable, Progress, Row, Table

__all__ = ["FileUnusable", "Progress", "Row", "Table", "open_table"]
