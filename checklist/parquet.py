"""Cases in a Parquet table, a case a row; pyarrow is loaded only where there is one."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final, NamedTuple

_CASE: Final = ("case", "text")
_NAME: Final = "name"
_AT_ONCE: Final = 64
"""Rows that are held at once: each may be as large as a case may be."""


class Row(NamedTuple):
    """A row of a table.

    Attributes:
        number: Counted from 1.
        name: What the column `name` says, or "".
        data: The text of the case; None where the row has none.
    """

    number: int
    name: str
    data: bytes | None


class TableError(Exception):
    """A table that cannot be read, or not to its end: what is wrong, and what would be right."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint


def rows(file: BinaryIO) -> Iterator[Row]:
    """Every row of a table in its turn.

    Args:
        file: open for reading, and able to seek.

    Raises:
        TableError: where the table cannot be read, or not to its end; the rows before were given.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        what = "a .parquet needs an extra"
        raise TableError(what, "pip install 'casefile-checklist[parquet]'") from None
    faults = (pa.ArrowException, OSError, ValueError, EOFError)
    try:
        table = parquet.ParquetFile(file)
        columns = _columns(pa.types, table.schema_arrow)
        sizes = [table.metadata.row_group(group).num_rows for group in range(table.metadata.num_row_groups)]
    except faults:
        what = "this is not a .parquet, or it is cut short; none of its cases was read"
        raise TableError(what, "copy the file again") from None
    number = 0
    try:
        # Batches of one thread: a read-ahead would hold more than is asked for.
        for batch in table.iter_batches(batch_size=_AT_ONCE, columns=columns, use_threads=False):
            texts, *of_names = (_plain(pa.types, batch.column(column)) for column in columns)
            names = of_names[0] if of_names else [None] * len(texts)
            for text, name in zip(texts, names, strict=True):
                number += 1
                yield Row(number, _word(name), _bytes(text))
    except faults:
        what = f"the table is broken; what follows row {number:,} cannot be read"
        raise TableError(what, "copy the file again") from None

    said = table.metadata.num_rows
    if {number, sum(sizes)} != {said}:  # part of what it says of itself is wrong, and rows may be passed over
        what = f"the table is broken: it says that it has {said:,} rows, and gave {number:,}"
        raise TableError(what, "copy the file again")


def _columns(types: Any, schema: Any) -> list[str]:
    """The column of the cases, and the one of their names if there is one."""
    case = next((name for name in _CASE if name in schema.names), "")
    twice = next((name for name in (case, _NAME) if schema.names.count(name) > 1), "")
    if twice:
        what = f"two columns of the table are named {twice}"
        raise TableError(what, "keep one of them")
    if not case or not _is_text(types, schema.field(case).type):
        what = f"the table has no column of text named {' or '.join(_CASE)}"
        raise TableError(what, "put the text of each case file into such a column")
    named = _NAME in schema.names and _is_text(types, schema.field(_NAME).type)
    return [case, _NAME] if named else [case]


def _is_text(types: Any, kind: Any) -> bool:
    tests = ("is_string", "is_large_string", "is_string_view", "is_binary", "is_large_binary", "is_binary_view")
    kind = kind.value_type if types.is_dictionary(kind) else kind
    return any(getattr(types, test, lambda _: False)(kind) for test in tests)


def _plain(types: Any, column: Any) -> Any:
    """A column of texts, where it may hold numbers of them."""
    return column.dictionary_decode() if types.is_dictionary(column.type) else column


def _bytes(value: Any) -> bytes | None:
    """The text as it was written, whether it is UTF-8 or not: the reader of cases says so."""
    if not value.is_valid:
        return None
    buffer = value.as_buffer()
    return bytes(buffer) if buffer is not None else b""


def _word(value: Any) -> str:
    data = _bytes(value) if value is not None else None
    return data.decode(errors="replace") if data else ""
