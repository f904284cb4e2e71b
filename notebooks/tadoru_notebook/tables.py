"""Tables between the warehouse and a notebook: Parquet in, Parquet out."""

import json
import os

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .problem import InputProblem

# AutoGluon looks for free text and dates in a text column only if more than this share of its values is distinct.
DISTINCT_SHARE = 0.01


def read_arrow(path):
    """A Parquet file, or every Parquet file of a folder, with text columns dictionary-encoded."""
    files = _files(path)
    schema = pq.read_schema(files[0])
    texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)]
    parts = [pq.read_table(file, read_dictionary=texts) for file in files]
    return (parts[0] if len(parts) == 1 else pa.concat_tables(parts)).unify_dictionaries()


def read(path):
    """The same as a data frame: repeating texts as categories, exact decimals as floats."""
    return to_frame(read_arrow(path))


def to_frame(table):
    """A data frame that AutoGluon can learn from and predict for; no text value is changed."""
    columns = [_for_pandas(table.column(name), table.num_rows) for name in table.column_names]
    return pa.table(dict(zip(table.column_names, columns))).to_pandas(
        self_destruct=False, date_as_object=False, timestamp_as_object=False
    )


def write(table, path):
    """An arrow table or a data frame as one Parquet file, complete or not there."""
    if not isinstance(table, pa.Table):
        table = pa.Table.from_pandas(table, preserve_index=False)
    partial = path + ".part"
    pq.write_table(table.replace_schema_metadata(None), partial, compression="zstd", use_dictionary=True)
    os.replace(partial, path)
    return table.num_rows


def plain_texts(table):
    """Dictionary-encoded columns as ordinary text: what other readers expect."""
    for index, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(index, field.name, table.column(index).cast(field.type.value_type))
    return table


def _files(path):
    if not os.path.isdir(path):
        if not os.path.exists(path):
            raise InputProblem(f"no Parquet file at `{path}`")
        return [path]
    files = sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(".parquet"))
    if not files:
        raise InputProblem(f"no Parquet file in the folder `{path}`")
    return files


def _for_pandas(column, rows):
    kind = column.type
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_dictionary(kind):
        distinct = len(column.chunk(0).dictionary) if column.num_chunks else 0
        return column if distinct <= rows * DISTINCT_SHARE else column.cast(kind.value_type)
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("us"))
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return pc.cast(column, pa.timestamp(kind.unit))
    if pa.types.is_time(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind):
        return pa.array([None if value is None else json.dumps(value, default=str) for value in column.to_pylist()],
                        pa.string())
    return column
