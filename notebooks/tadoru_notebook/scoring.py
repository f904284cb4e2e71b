"""Scores and pictures of predictions whose labels are known."""

from autogluon.core.metrics import METRICS

from . import overview

# A confusion table of more classes than this cannot be read.
MOST_CLASSES = 20


# AutoGluon spells these out; workflows, tables and charts use the short form.
SHORT = {
    "root_mean_squared_error": "rmse",
    "mean_squared_error": "mse",
    "mean_absolute_error": "mae",
    "mean_absolute_percentage_error": "mape",
    "symmetric_mean_absolute_percentage_error": "smape",
}


def metric_name(predictor):
    """The name of the metric that models are compared by."""
    return SHORT.get(predictor.eval_metric.name, predictor.eval_metric.name)


def sign(scorer):
    """-1 for errors, which AutoGluon negates so that more is better."""
    return 1 if scorer.greater_is_better_internal else -1


def positive(predictor, scores):
    """Name → number with errors positive."""
    scorers = METRICS[predictor.problem_type]
    return {
        SHORT.get(name, name): float(score * (sign(scorers[name]) if name in scorers else 1))
        for name, score in scores.items()
    }


def show(predictor, truth, predicted, *, hide=False):
    """What fits the kind of problem: a ROC curve, a confusion table, or predicted against actual numbers."""
    label = predictor.label
    kind = predictor.problem_type
    if kind == "binary":
        overview.roc_curve(truth, predicted["predicted_proba"], predictor.positive_class)
    if kind in ("binary", "multiclass"):
        if not hide and truth.nunique() <= MOST_CLASSES:
            overview.confusion(truth.astype(str), predicted[label].astype(str))
    elif not hide:
        overview.scatter(truth, predicted[label], label)
