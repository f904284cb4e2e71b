-- One row per trained model: who trained it, when, what it is called, and where its notebook is.
SELECT
  CAST(${task_attempt_id} AS bigint) AS task_attempt_id,
  '${session_time}' AS session_time,
  '${user_id}' AS user_id,
  '${user_email}' AS user_email,
  '${model_name}' AS model_name,
  '${shared_model}' AS shared_model,
  '${notebook_url}' AS notebook_url
