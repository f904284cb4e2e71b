-- id: 4711
-- engine: presto
SELECT TD_SCHEDULED_TIME() AS at
