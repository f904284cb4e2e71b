"""AutoGluon's training, with explicit choices where its own defaults surprise."""

import logging
import os
import shutil
from importlib.util import find_spec

import pandas as pd
from autogluon.common.utils.log_utils import set_logger_verbosity
from autogluon.core.utils.utils import default_holdout_frac
from autogluon.tabular import TabularPredictor
from autogluon.tabular.configs.hyperparameter_configs import (
    get_hyperparameter_config,
    get_hyperparameter_config_options,
)
from autogluon.tabular.configs.presets_configs import tabular_presets_alias, tabular_presets_dict

from . import job, sampling, scoring, tadoru_model
from .problem import InputProblem

# Model families that need packages which this environment leaves out for their size.
NEEDS_TORCH = ["NN_TORCH", "FASTAI", "TABM", "REALMLP", "TABPFNV2", "TABICL", "MITRA", "TABDPT", "FT_TRANSFORMER", "AG_AUTOMM"]
# The share of the memory limit that models may plan with; the rest is the table and the libraries.
MEMORY_SHARE = 0.9


class Training:
    """A trained predictor with the rows it was compared on."""

    def __init__(self, plan, predictor, holdout, added_rows):
        self.plan = plan
        self.predictor = predictor
        self.holdout = holdout
        self.added_rows = added_rows

    @property
    def best_model(self):
        return self.predictor.model_best

    def leaderboard(self):
        return self.predictor.leaderboard()

    def failures(self):
        """Models that could not be trained: name, exception and its text."""
        found = self.predictor.model_failures()
        columns = ["model", "exc_type", "exc_str", "total_time"]
        return found.reindex(columns=columns) if len(found) else pd.DataFrame(columns=columns)

    def importance_within(self, limit, time_limit):
        """The feature importance; without a limit of its own it takes a fifth of the training's, 30 s at most."""
        if limit == 0:
            return None
        return self.feature_importance(limit or max(5, min(30, time_limit / 5)))

    def metrics(self, seconds):
        """Name → number, errors positive: the score that models are compared by, and others on the held-out rows."""
        predictor = self.predictor
        best = self.leaderboard().set_index("model").loc[self.best_model]
        found = {
            "score_val": scoring.sign(predictor.eval_metric) * best["score_val"],
            "fit_time": best["fit_time"],
            "training_seconds": seconds,
            "models_trained": len(predictor.model_names()),
        }
        if self.holdout is not None:
            scores = predictor.evaluate(self.holdout, silent=True, auxiliary_metrics=True)
            found |= {f"validation_{name}": score for name, score in scoring.positive(predictor, scores).items()}
        return found

    def show_validation(self, *, hide=False):
        """How the best model does on the held-out rows, as pictures."""
        predicted = tadoru_model.KeptModel(self.predictor, {}).predict(self.holdout)
        scoring.show(self.predictor, self.holdout[self.plan.label], predicted, hide=hide)

    def feature_importance(self, time_limit):
        """Permutation importance of the best model on rows it did not learn from, where there are such rows."""
        data = self.holdout if self.holdout is not None else self.plan.frame.sample(
            min(5000, len(self.plan.target)), random_state=sampling.SEED
        )
        table = self.predictor.feature_importance(data, time_limit=time_limit, silent=True)
        return table.rename_axis("feature").reset_index()


def fit(plan, *, presets, hyperparameters, time_limit, oversampling_threshold, proba_calibration, positive_class=None,
        quantile_levels=None):
    """Trains models within `time_limit` seconds (soft) and returns the training."""
    names = [name.strip() for name in presets.split(",") if name.strip()]
    presets, families = _presets(names)
    arguments = {"presets": presets or None, "hyperparameters": _families(hyperparameters) or families}
    holdout = None
    train, added = plan.frame, 0
    if not sampling.uses_bagging(presets):
        train, holdout = sampling.split(plan, default_holdout_frac(len(plan.target)))
        arguments["tuning_data"] = holdout
    if plan.problem_type == "binary":
        train, added = sampling.oversample(train, plan.label, oversampling_threshold)
    learner = {}
    if plan.problem_type == "binary" and positive_class is not None:
        learner["learner_kwargs"] = {"positive_class": class_named(positive_class, plan)}
    if plan.problem_type == "quantile":
        learner["quantile_levels"] = [float(level) for level in str(quantile_levels or "0.1,0.5,0.9").split(",")]
    shutil.rmtree(job.output("training"), ignore_errors=True)
    predictor = TabularPredictor(
        label=plan.label, problem_type=plan.problem_type, eval_metric=plan.eval_metric,
        path=job.output("training"), verbosity=2, **learner,
    )
    limit = job.memory_limit_bytes()
    try:
        predictor.fit(
            train, time_limit=time_limit, num_gpus=0, calibrate="auto" if proba_calibration else False,
            memory_limit=limit * MEMORY_SHARE / 2**30 if limit else "auto",
            excluded_model_types=[] if find_spec("torch") else NEEDS_TORCH, **arguments,
        )
    except RuntimeError as error:
        raise _no_model(predictor, error, time_limit) from error
    return Training(plan, predictor, holdout, added)


def class_named(text, plan):
    """The value of the target column that reads as `text`."""
    values = plan.target.unique()
    for value in values:
        if str(value) == str(text):
            return value
    found = ", ".join(f"`{value}`" for value in values[:10])
    raise InputProblem(f"`positive_class: {text}` is no value of `{plan.label}`; these are: {found}")


def quiet():
    """Leaves AutoGluon's warnings, drops its remarks."""
    set_logger_verbosity(1)
    logging.getLogger("autogluon").setLevel(logging.WARNING)


def _presets(names):
    """AutoGluon keeps two lists of names; users need not know which one `very_light` is in."""
    presets, families = [], None
    known = set(tabular_presets_dict) | set(tabular_presets_alias)
    for name in names:
        if name in known:
            presets.append(name)
        elif name in get_hyperparameter_config_options():
            families = get_hyperparameter_config(name)
        else:
            raise InputProblem(f"`presets: {name}` is unknown; try very_light, medium_quality, good_quality or best_quality")
    return presets, families


def _families(hyperparameters):
    """Model families as written in a workflow; an unknown one is refused before anything is trained."""
    if not hyperparameters:
        return None
    from autogluon.tabular.registry import ag_model_registry

    known = ag_model_registry.keys
    unknown = [name for name in hyperparameters if name not in known]
    if unknown:
        raise InputProblem(f"`hyperparameters` names unknown model families {', '.join(unknown)}; known: {', '.join(known)}")
    return hyperparameters


def _no_model(predictor, error, time_limit):
    """AutoGluon's `no models were trained`, with the reasons of the models."""
    try:
        failures = predictor.model_failures()
    except Exception:  # the predictor may be too unfinished to tell
        return error
    if len(failures) == 0:
        return RuntimeError(f"no model could be trained within `time_limit: {time_limit:g}` s: {error}")
    reasons = "; ".join(f"{row.model}: {row.exc_type}: {str(row.exc_str).splitlines()[0]}" for row in failures.itertuples())
    kind = MemoryError if failures["exc_type"].str.contains("Memory").all() else RuntimeError
    return kind(f"no model could be trained: {reasons}")
