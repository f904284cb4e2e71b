"""Which rows are learned from and which are kept to compare models by."""

import pandas as pd
from autogluon.core.utils import generate_train_test_split
from autogluon.tabular.configs.presets_configs import tabular_presets_alias, tabular_presets_dict

SEED = 0


def uses_bagging(presets):
    """Whether presets make AutoGluon validate by folds, which wants every row."""
    for name in presets:
        settings = tabular_presets_dict.get(tabular_presets_alias.get(name, name), {})
        if settings.get("auto_stack") or settings.get("num_bag_folds"):
            return True
    return False


def split(plan, holdout_share):
    """The rows to learn from and the rows to validate with, classes in proportion."""
    train, valid, train_target, valid_target = generate_train_test_split(
        X=plan.features, y=plan.target, problem_type=plan.problem_type, test_size=holdout_share,
        random_state=SEED, min_cls_count_train=1,
    )
    label = plan.label
    return train.assign(**{label: train_target}), valid.assign(**{label: valid_target})


def oversample(frame, label, threshold):
    """Repeats rows of the rarer of two classes until it makes up the share `threshold`.

    Returns the frame and how many rows were added.
    """
    counts = frame[label].value_counts()
    rare, rest = counts.index[-1], int(counts.sum() - counts.iloc[-1])
    have = int(counts.iloc[-1])
    if threshold <= 0 or len(counts) != 2 or have / (have + rest) >= threshold:
        return frame, 0
    missing = int(threshold * rest / (1 - threshold)) - have
    if missing <= 0:
        return frame, 0
    extra = frame[frame[label] == rare].sample(missing, replace=True, random_state=SEED)
    return pd.concat([frame, extra], ignore_index=True), missing
