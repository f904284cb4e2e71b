"""Scores and pictures of predictions whose labels are known."""

from autogluon.core.metrics import METRICS

from . import overview

# A confusion table of more classes than this cannot be read.
MOST_CLASSES = 20


def positive(predictor, scores):
    """AutoGluon negates errors so that more is better; here errors are positive."""
    lower_is_better = {
        name for name, scorer in METRICS[predictor.problem_type].items() if not scorer.greater_is_better
    }
    return {name: float(-score if name in lower_is_better else score) for name, score in scores.items()}


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
