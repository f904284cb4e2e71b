#!/usr/bin/env bash
# The example from nothing to an evaluated model, then what it left behind. Called by `make demo` after the build.
# Run it again and the two tracking tables have one row more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=examples/ml_experiment
state=$project/.tadoru
tadoru() { bin/tadoru "$@"; }
query() { tadoru query "$1" --database automl_demo --project "$project" "${@:2}"; }
title() { printf '\n== %s\n' "$1"; }
mkdir -p "$state"
started=$state/.demo-started
touch "$started"

title 'Adult census data into the warehouse (ml_datasets.gluon_train, ml_datasets.gluon_test)'
tadoru data load adult --project "$project"

title "Run $project/ml_experiment.dig: train for 60 s, track, predict, evaluate, alert"
tadoru run "$project/ml_experiment.dig" --report "$state/demo-report.json"

title 'automl_experiments: one row per trained model'
query 'SELECT task_attempt_id, session_time, user_id, user_email, model_name, shared_model FROM automl_experiments ORDER BY task_attempt_id'

title 'automl_eval_results: one row per evaluation'
query 'SELECT * FROM automl_eval_results ORDER BY session_time'

title 'Leaderboard: the five best models of this training'
query 'SELECT model, round(score_val, 4) AS score_val, eval_metric, round(fit_time, 1) AS fit_time,
  round(pred_time_val, 3) AS pred_time_val FROM leaderboard_gluon_train ORDER BY score_val DESC LIMIT 5'

# latest PATTERN: the newest file of that name that this run wrote.
latest() { find "$state" -type f -name "$1" -newer "$started" -printf '%T@ %p\n' 2> /dev/null | sort -rn | head -n 1 | cut -d' ' -f2-; }
auroc=$(query 'SELECT auroc FROM automl_eval_results ORDER BY session_time DESC LIMIT 1' --format csv | tail -n 1 | tr -d '\r')
mail=$(latest '*.eml')

title 'Where things are'
echo "  AUROC on the test table   $auroc"
find "$state/attempts" -type f -name '*.html' -newer "$started" | LC_ALL=C sort | sed 's/^/  notebook as HTML          /'
if [ -n "$mail" ]; then
  echo "  alert mail                $mail (no mail server is configured, so it was not sent)"
else
  threshold=$(sed -n 's/^ *drift_auc_threshold: *//p' "$project/config/params.yaml")
  echo "  alert mail                none: the AUROC is not below the threshold of $threshold"
fi
echo "  report of the run         $state/demo-report.json"
echo "  everything else           $state"

title 'Try next'
cat <<NEXT
  bin/tadoru run $project/ml_experiment.dig -p drift_auc_threshold=0.99 -p fit_time_limit=20
      the same with a threshold no model reaches: the alert mail is written
  bin/tadoru query 'SELECT * FROM feature_importance_gluon_train ORDER BY importance DESC' --database automl_demo --project $project
  bin/tadoru tables automl_demo --project $project
  bin/tadoru init my_project && bin/tadoru run my_project/hello.dig
      a small project of your own, without notebooks
NEXT
