-- The area under the ROC curve of one table of predictions. Hive dialect: `auc` is Hivemall's, text may stand in
-- double quotes, `==` compares.
SELECT
  auc(predicted_proba, if(cast(`${label}` AS string) == "${positive_class}", 1, 0)) AS auc
FROM
  ${table}
