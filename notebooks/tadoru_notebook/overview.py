"""Short descriptions of tables and of results for people."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown, display

ROWS_SHOWN = 5
BARS_SHOWN = 20


def say(text):
    display(Markdown(text))


def table(frame, *, hide=False, rows=ROWS_SHOWN):
    """The first rows, or nothing where contents are hidden."""
    if hide:
        say("*The contents of tables are hidden (`hide_table_contents`).*")
    else:
        display(frame.head(rows))


def columns(frame):
    """One line a column: type, nulls and distinct values; no content."""
    display(pd.DataFrame({
        "type": frame.dtypes.map(_kind),
        "nulls": frame.isna().sum(),
        "distinct": [frame[name].nunique() for name in frame],
    }))


def target(values, *, hide=False):
    """How often each class occurs, or how a number is spread."""
    if pd.api.types.is_numeric_dtype(values) and values.nunique() > BARS_SHOWN:
        _bars(*_histogram(values), "rows", vertical=True)
        return
    counts = values.value_counts()
    names = [f"class {i + 1}" for i in range(len(counts))] if hide else [str(name) for name in counts.index]
    share = (counts / counts.sum()).map("{:.2%}".format)
    display(pd.DataFrame({"rows": counts.to_numpy(), "share": share.to_numpy()}, index=names).head(BARS_SHOWN))


def importance(frame):
    """The features that matter most, as bars."""
    shown = frame.head(BARS_SHOWN).iloc[::-1]
    _bars(list(shown["feature"].astype(str)), shown["importance"], "loss of score when the feature is shuffled")


def roc_curve(truth, score, positive):
    """The ROC curve of two classes."""
    from sklearn.metrics import roc_auc_score
    from sklearn.metrics import roc_curve as points

    is_positive = (truth == positive).to_numpy()
    false_rate, true_rate, _ = points(is_positive, score)
    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    axes.plot(false_rate, true_rate, label=f"AUC {roc_auc_score(is_positive, score):.4f}")
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.set(xlabel="false positive rate", ylabel="true positive rate")
    axes.legend(loc="lower right")
    _show(figure)


def confusion(truth, predicted):
    """How often each class was taken for which."""
    display(pd.crosstab(truth.rename("actual"), predicted.rename("predicted")))


def scatter(truth, predicted, label):
    """Predicted against actual numbers."""
    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    axes.scatter(truth, predicted, s=4, alpha=0.4)
    axes.set(xlabel=f"actual {label}", ylabel=f"predicted {label}")
    _show(figure)


def scores(metrics):
    display(pd.DataFrame({"value": metrics}))


def _kind(dtype):
    return "category" if isinstance(dtype, pd.CategoricalDtype) else "text" if dtype == object else str(dtype)


def _histogram(values):
    counts, edges = np.histogram(values.dropna().astype(float), bins=30)
    return edges[:-1], counts


def _bars(names, sizes, label, vertical=False):
    figure, axes = plt.subplots(figsize=(7, 3 if vertical else 0.6 + 0.26 * len(sizes)))
    if vertical:
        axes.bar(names, sizes, width=np.diff(names).min() * 0.9, align="edge")
        axes.set_ylabel(label)
    else:
        axes.barh(names, sizes)
        axes.set_xlabel(label)
    _show(figure)


def _show(figure):
    figure.tight_layout()
    display(figure)
    plt.close(figure)
