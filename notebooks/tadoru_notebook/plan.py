"""What is learned from a table, by what measure, and whether the table allows it; decided before training starts."""

from dataclasses import dataclass, field

import pandas as pd

from .problem import InputProblem

METRICS = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse", "quantile": "pinball_loss"}


@dataclass
class Plan:
    """Everything that training needs to know."""

    table: str
    label: str
    problem_type: str
    eval_metric: str
    features: pd.DataFrame
    target: pd.Series
    dropped: dict
    warnings: list = field(default_factory=list)

    @property
    def frame(self):
        return self.features.assign(**{self.label: self.target})

    def summary(self):
        rows = {
            "table": self.table,
            "rows": f"{len(self.target):,}",
            "target column": self.label,
            "problem": self.problem_type,
            "metric": self.eval_metric,
            "features": len(self.features.columns),
            "left out": ", ".join(f"{name} ({why})" for name, why in self.dropped.items()) or "none",
        }
        return pd.DataFrame({"": rows})


def make(frame, *, table, label, problem_type, eval_metric, ignore_columns):
    """The plan for a table.

    Raises InputProblem where the table does not allow it.
    """
    if label not in frame.columns:
        raise InputProblem(
            f"`{table}` has no column `{label}` (`target_column`); it has {', '.join(map(str, frame.columns[:20]))}"
        )
    if len(frame) == 0:
        raise InputProblem(f"`{table}` has no rows to learn from")
    target = frame[label]
    nulls = int(target.isna().sum())
    if nulls:
        raise InputProblem(f"`{label}` of `{table}` is null in {nulls:,} of {len(frame):,} rows: leave these rows out")
    if isinstance(target.dtype, pd.CategoricalDtype):
        target = target.astype(target.cat.categories.dtype)
    problem_type = decide_problem(target) if problem_type == "auto" else problem_type
    _check_target(target, table, label, problem_type)
    dropped = _dropped(frame, label, ignore_columns)
    features = frame.drop(columns=[label, *dropped])
    if features.columns.empty:
        raise InputProblem(f"`{table}` has no column left to learn from besides `{label}`")
    plan = Plan(
        table=table,
        label=label,
        problem_type=problem_type,
        eval_metric=decide_metric(eval_metric, problem_type),
        features=features,
        target=target,
        dropped=dropped,
    )
    absent = [name for name in ignore_columns if name not in frame.columns and name != "time"]
    if absent:
        plan.warnings.append(f"`ignore_columns` names columns that `{table}` does not have: {', '.join(absent)}")
    return plan


def decide_problem(target):
    """Numbers with many values are a regression; else two values are binary, more are multiclass."""
    distinct = target.nunique()
    if distinct <= 2:
        return "binary"
    if pd.api.types.is_float_dtype(target) and not (target.dropna() % 1 == 0).all():
        return "regression"
    if pd.api.types.is_numeric_dtype(target) and not pd.api.types.is_bool_dtype(target):
        return "regression" if distinct > max(20, min(100, len(target) * 0.05)) else "multiclass"
    return "multiclass"


def decide_metric(name, problem_type):
    """The metric of that name, refused where it does not fit the problem."""
    if name == "auto":
        return METRICS[problem_type]
    from autogluon.core.metrics import METRICS as KNOWN

    allowed = sorted(KNOWN[problem_type])
    if name not in allowed:
        raise InputProblem(
            f"`eval_metric: {name}` does not fit a {problem_type} problem; these do: {', '.join(allowed)}"
        )
    return name


def _check_target(target, table, label, problem_type):
    rows, distinct = len(target), target.nunique()
    if distinct < 2:
        raise InputProblem(
            f"`{label}` of `{table}` has only one value, `{target.iloc[0]}`, in all of its {rows:,} rows: "
            "there is nothing to tell apart"
        )
    if problem_type == "binary" and distinct > 2:
        raise InputProblem(f"`{label}` of `{table}` has {distinct:,} values; `problem_type: binary` needs two")
    numeric = pd.api.types.is_numeric_dtype(target)
    if problem_type in ("regression", "quantile") and not numeric:
        raise InputProblem(f"`{label}` of `{table}` is not a number; `problem_type: {problem_type}` needs one")
    if rows < 10:
        raise InputProblem(f"`{table}` has {rows} rows; at least 10 are needed to train and to validate")


def _dropped(frame, label, ignore_columns):
    dropped = {}
    for name in frame.columns:
        if name == label:
            continue
        if name in ignore_columns:
            dropped[name] = "ignored"
        elif frame[name].isna().all():
            dropped[name] = "empty"
        elif frame[name].dtype == object and isinstance(_first(frame[name]), (bytes, bytearray)):
            dropped[name] = "binary"
    return dropped


def _first(column):
    values = column.dropna()
    return values.iloc[0] if len(values) else None
