"""批量写入: many new rows at once through COPY.

An INSERT of 500 rows of 45 columns has 22,500 placeholders; building it in Django and parsing it in the driver was 60 %
of the time of an import. COPY has none. A handful of rows goes through `bulk_create`, as ever.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Field, ForeignKey, Func, JSONField, Model, TextField, Value
from psycopg.types.json import Jsonb

COPY_FROM = 20  # rows; below, one INSERT costs less than the two statements of this way


class Lexemes(Func):
    """Words as a search column keeps them, needing no dictionary of the server; none may hold a blank.

    `literal` is the same value as text, for COPY.
    """

    function = "array_to_tsvector"

    def __init__(self, words: Iterable[str]) -> None:
        kept = list(words)
        split = Func(Value(" ".join(kept)), Value(" "), function="string_to_array", output_field=TextField())
        super().__init__(split, output_field=SearchVectorField())
        self._kept = kept

    @property
    def literal(self) -> str:
        """The words in the text form of a tsvector."""
        if not self._kept:
            return ""
        joined = "\x00".join(self._kept)
        if "'" in joined or "\\" in joined:
            joined = joined.replace("\\", "\\\\").replace("'", "''")
        return "'" + joined.replace("\x00", "' '") + "'"


def insert_many(rows: Sequence[Model]) -> None:
    """Insert new rows of one model, complete with their primary keys; fields with `auto_now` are not supported.

    Errors: those of the database, as Django raises them. Database defaults and signals play no part.
    """
    if len(rows) < COPY_FROM:
        if rows:
            type(rows[0])._default_manager.bulk_create(rows)
        return
    options = type(rows[0])._meta
    fields: list[Field[Any, Any]] = list(options.concrete_fields)
    key = options.pk
    related = [field for field in fields if isinstance(field, ForeignKey)]
    takes = [(field.attname, _taker(field)) for field in fields]
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{options.db_table}"', key.column, len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
            for field in related:  # a row that was saved after it was assigned
                if getattr(row, field.attname) is None and field.is_cached(row):
                    kept = field.get_cached_value(row)
                    setattr(row, field.attname, kept.pk if kept is not None else None)
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(field.column)) for field in fields)
        statement = f"COPY {quote(options.db_table)} ({names}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([take(getattr(row, name)) for name, take in takes])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _taker(field: "Field[Any, Any]") -> Callable[[Any], Any]:
    if isinstance(field, JSONField):
        return lambda value: None if value is None and field.null else Jsonb(value)
    if isinstance(field, SearchVectorField):
        return lambda value: value.literal if isinstance(value, Lexemes) else value
    return lambda value: value
