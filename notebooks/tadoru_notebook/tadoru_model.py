"""Predictions of a kept model. This file lies beside every model it was kept with, and needs AutoGluon and pandas only.

MLflow calls `_load_pyfunc`; the prediction notebook calls `load`. Both answer with the same columns:
the label's name, and for classes `predicted_proba` (two classes: of the positive class; more: of the predicted class) and
`predicted_probabilities` (JSON, class → probability); for quantiles `predicted_quantiles` (JSON, level → value).
"""

import json
import os
import platform
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pandas as pd


class VersionMismatch(RuntimeError):
    """The model was kept by other versions than are installed here."""


class KeptModel:
    """A predictor and what is known about it."""

    def __init__(self, predictor, facts):
        self.predictor = predictor
        self.facts = facts
        self.label = predictor.label

    @property
    def columns(self):
        """The names of what `predict` gives."""
        if self.predictor.problem_type in ("binary", "multiclass"):
            return [self.label, "predicted_proba", "predicted_probabilities"]
        if self.predictor.problem_type == "quantile":
            return [self.label, "predicted_quantiles"]
        return [self.label]

    def missing(self, names):
        """The columns that the model needs and `names` lacks."""
        return [name for name in self.predictor.features() if name not in set(names)]

    def predict(self, model_input, params=None):
        """One row of predictions for each row of a data frame, in its order and with its index."""
        missing = self.missing(model_input.columns)
        if missing:
            raise KeyError(f"the input lacks {', '.join(f'`{name}`' for name in missing)}, which the model learned from")
        if len(model_input) == 0:
            return pd.DataFrame({name: pd.Series(dtype=object) for name in self.columns})
        features = model_input[self.predictor.features()]
        kind = self.predictor.problem_type
        if kind in ("binary", "multiclass"):
            return self._classes(features)
        if kind == "quantile":
            return self._quantiles(features)
        return pd.DataFrame({self.label: self.predictor.predict(features)})

    def _classes(self, features):
        probabilities = self.predictor.predict_proba(features, as_multiclass=True)
        labels = self.predictor.predict_from_proba(probabilities)
        values = probabilities.to_numpy(dtype=np.float64)
        classes = list(probabilities.columns)
        if self.predictor.problem_type == "binary":
            shown = values[:, classes.index(self.predictor.positive_class)]
        else:
            shown = values[np.arange(len(values)), probabilities.columns.get_indexer(labels.to_numpy())]
        return pd.DataFrame(
            {self.label: labels, "predicted_proba": shown, "predicted_probabilities": _objects(classes, values)},
            index=features.index,
        )

    def _quantiles(self, features):
        table = self.predictor.predict(features)
        values = table.to_numpy(dtype=np.float64)
        levels = [float(level) for level in table.columns]
        middle = values[:, int(np.argmin(np.abs(np.array(levels) - 0.5)))]
        return pd.DataFrame({self.label: middle, "predicted_quantiles": _objects(levels, values)}, index=features.index)


def load(folder):
    """The model in a folder made by `tadoru_notebook.keeping`."""
    with open(os.path.join(folder, "facts.json"), encoding="utf-8") as file:
        facts = json.load(file)
    check_versions(facts["versions"])
    from autogluon.tabular import TabularPredictor

    predictor = TabularPredictor.load(
        os.path.join(folder, "predictor"), require_version_match=True, require_py_version_match=True, verbosity=0
    )
    predictor.persist()
    return KeptModel(predictor, facts)


def check_versions(kept):
    """Refuses versions that the pickled models were not made for."""
    here = {"python": platform.python_version(), "autogluon.tabular": _version("autogluon.tabular")}
    for name, digits in (("autogluon.tabular", 3), ("python", 2)):
        if here[name] is None or _head(here[name], digits) != _head(kept[name], digits):
            raise VersionMismatch(
                f"the model was kept with {name} {kept[name]}, here is {here[name] or 'none'}: "
                f"load it where {name} is {_head(kept[name], digits)}, or train it anew"
            )


def _load_pyfunc(path):
    return load(path)


def _objects(names, values):
    """One JSON object a row. Built by columns: a million rows take two seconds instead of twenty."""
    texts = [np.char.add(f"{json.dumps(str(name), ensure_ascii=False)}: ", values[:, i].astype("U32")) for i, name in enumerate(names)]
    joined = texts[0]
    for text in texts[1:]:
        joined = np.char.add(np.char.add(joined, ", "), text)
    return np.char.add(np.char.add("{", joined), "}").astype(object)


def _head(text, digits):
    return ".".join(text.split(".")[:digits])


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return None
