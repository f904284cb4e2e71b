"""Predictions for a table, joined to its rows, and their evaluation where the labels are known."""

import os

import pyarrow as pa

from . import scoring, tables, tadoru_model
from .problem import InputProblem

# Rows that the evaluation's feature importance is computed from.
IMPORTANCE_ROWS = 5000


def load_model(folder):
    """The kept model in an MLflow model folder."""
    data = os.path.join(folder, "data")
    if not os.path.exists(os.path.join(data, "facts.json")):
        raise InputProblem(f"no kept model at `{folder}`")
    try:
        return tadoru_model.load(data)
    except tadoru_model.VersionMismatch as error:
        raise InputProblem(str(error)) from error


class Prediction:
    """The predictions for one table."""

    def __init__(self, model, table, *, name, ignore_columns=(), rowid_column=None):
        self.model = model
        self.table = table
        self.name = name
        self.ignore_columns = list(ignore_columns)
        self.rowid_column = rowid_column
        missing = model.missing(table.column_names)
        if missing:
            raise InputProblem(
                f"`{name}` lacks {len(missing)} of the columns that the model learned from: {', '.join(missing[:20])}"
            )
        if rowid_column and rowid_column not in table.column_names:
            raise InputProblem(f"`{name}` has no column `{rowid_column}` (`rowid_column`)")
        self.frame = tables.to_frame(table.select(self._needed()))
        self.predicted = model.predict(self.frame)

    @property
    def label(self):
        return self.model.label

    @property
    def has_label(self):
        return self.label in self.table.column_names

    @property
    def label_column(self):
        """The name that the predicted label gets in the output."""
        return f"predicted_{self.label}" if self.has_label else self.label

    def output(self):
        """The rows of the output table: the input's columns (or the row's id alone), then the predictions."""
        predicted = self.predicted.rename(columns={self.label: self.label_column})
        added = pa.Table.from_pandas(predicted, preserve_index=False)
        if self.rowid_column:
            kept = self.table.select([self.rowid_column])
        else:
            left_out = {*self.ignore_columns, *added.column_names}
            kept = self.table.select([name for name in self.table.column_names if name not in left_out])
        kept = tables.plain_texts(kept)
        for name in added.column_names:
            kept = kept.append_column(name, added.column(name))
        return kept

    def labelled(self):
        """The rows whose label is known, or None."""
        if not self.has_label:
            return None
        known = self.frame[self.frame[self.label].notna()]
        return known if len(known) else None

    def evaluate(self):
        """Metric → number; errors are positive."""
        rows = self.labelled()
        if rows is None or not self._scorable(rows):
            return {}
        return scoring.positive(
            self.model.predictor, self.model.predictor.evaluate(rows, silent=True, auxiliary_metrics=True)
        )

    def show_evaluation(self, *, hide=False):
        """The predictions against the known labels, as pictures."""
        rows = self.labelled()
        scoring.show(self.model.predictor, rows[self.label], self.predicted.loc[rows.index], hide=hide)

    def leaderboard(self):
        rows = self.labelled()
        return None if rows is None or not self._scorable(rows) else self.model.predictor.leaderboard(rows)

    def feature_importance(self, time_limit):
        rows = self.labelled()
        if rows is None or not self._scorable(rows):
            return None
        rows = rows.sample(min(IMPORTANCE_ROWS, len(rows)), random_state=0)
        table = self.model.predictor.feature_importance(rows, time_limit=time_limit, silent=True)
        return table.rename_axis("feature").reset_index()

    def _scorable(self, rows):
        """A ranking needs both classes; a class that the model never saw cannot be scored."""
        classes = self.model.predictor.class_labels
        if self.model.predictor.problem_type not in ("binary", "multiclass"):
            return True
        present = set(rows[self.label].unique())
        return present <= set(classes) and (len(present) > 1 or self.model.predictor.problem_type == "multiclass")

    def _needed(self):
        needed = set(self.model.predictor.features()) | {self.label}
        return [name for name in self.table.column_names if name in needed]
