-- One row per evaluation: which model, on which table, how well.
SELECT
  '${session_time}' AS session_time,
  '${model_name}' AS model_name,
  '${test_table}' AS test_table,
  CAST(${auroc} AS double) AS auroc
