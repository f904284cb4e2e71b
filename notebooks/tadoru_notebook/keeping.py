"""A trained model as a folder that MLflow loads: `MLmodel`, the deployable clone, its loader and its requirements."""

import datetime
import json
import os
import shutil
import uuid

import pandas as pd
import yaml

from . import job, scoring, tadoru_model

MLFLOW_VERSION = "3.0.0"


def keep(training, *, name, table):
    """Writes the model to the output folder, checks that it can be loaded, and returns what is known about it."""
    folder = job.output("model")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "data"))
    predictor = training.predictor
    training.predictor.clone_for_deployment(os.path.join(folder, "data", "predictor"))
    facts = describe(training, name=name, table=table)
    _write_json(os.path.join(folder, "data", "facts.json"), facts)
    os.makedirs(os.path.join(folder, "code"))
    shutil.copyfile(tadoru_model.__file__, os.path.join(folder, "code", "tadoru_model.py"))
    _write_requirements(folder, facts["versions"])
    example = training.plan.features.head(5)
    kept = tadoru_model.load(os.path.join(folder, "data"))
    outputs = kept.predict(example)
    signature = {
        "inputs": json.dumps([_column(example[feature], nullable(training.plan.features[feature])) for feature in predictor.features()]),
        "outputs": json.dumps([_column(outputs[column], False) for column in outputs]),
        "params": None,
    }
    _write_yaml(os.path.join(folder, "MLmodel"), _mlmodel(facts, signature))
    shutil.rmtree(job.output("training"), ignore_errors=True)
    return {**facts, "size_bytes": _size(folder)}


def describe(training, *, name, table):
    """What a reader of the model must know."""
    predictor = training.predictor
    classes = list(predictor.class_labels) if predictor.problem_type in ("binary", "multiclass") else None
    return job.jsonable({
        "format": 1,
        "name": name,
        "trained_on": table,
        "label": predictor.label,
        "problem_type": predictor.problem_type,
        "eval_metric": scoring.metric_name(predictor),
        "best_model": training.best_model,
        "classes": classes,
        "positive_class": predictor.positive_class if predictor.problem_type == "binary" else None,
        "features": list(predictor.features()),
        "versions": job.versions(),
    })


def nullable(column):
    return bool(column.isna().any())


def _column(values, has_nulls):
    kind = values.dtype
    if pd.api.types.is_bool_dtype(kind):
        name = "boolean"
    elif pd.api.types.is_integer_dtype(kind):
        name = "double" if has_nulls else "long"
    elif pd.api.types.is_float_dtype(kind):
        name = "double"
    elif pd.api.types.is_datetime64_any_dtype(kind):
        name = "datetime"
    else:
        name = "string"
    return {"type": name, "name": str(values.name), "required": True}


def _mlmodel(facts, signature):
    versions = facts["versions"]
    return {
        "artifact_path": "model",
        "flavors": {
            "python_function": {
                "loader_module": "tadoru_model",
                "code": "code",
                "data": "data",
                "env": {"virtualenv": "python_env.yaml"},
                "python_version": versions["python"],
            },
            "autogluon": {"autogluon_version": versions["autogluon.tabular"], "data": "data/predictor"},
        },
        "metadata": {key: facts[key] for key in ("problem_type", "label", "positive_class", "eval_metric", "best_model")},
        "mlflow_version": MLFLOW_VERSION,
        "model_uuid": uuid.uuid4().hex,
        "signature": signature,
        "utc_time_created": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f"),
    }


def _write_requirements(folder, versions):
    extras = "autogluon.tabular[lightgbm,xgboost,catboost]"
    pins = [f"{extras}=={versions['autogluon.tabular']}"]
    pins += [f"{name}=={versions[name]}" for name in ("pandas", "numpy", "scikit-learn") if name in versions]
    with open(os.path.join(folder, "requirements.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(pins) + "\n")
    environment = {
        "python": versions["python"],
        "build_dependencies": ["pip"],
        "dependencies": ["-r requirements.txt"],
    }
    _write_yaml(os.path.join(folder, "python_env.yaml"), environment)


def _write_yaml(path, value):
    with open(path, "w", encoding="utf-8") as file:
        yaml.safe_dump(value, file, sort_keys=False, allow_unicode=True)


def _write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)


def _size(folder):
    return sum(os.path.getsize(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)
