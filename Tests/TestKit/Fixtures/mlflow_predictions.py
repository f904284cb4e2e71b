"""What MLflow predicts with a kept model: mlflow_predictions.py MODEL TABLE.json

Prints the JSON list of `predicted_proba`, in the order of the table's rows.
"""
import json, sys

import mlflow, pandas

model = mlflow.pyfunc.load_model(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    table = pandas.DataFrame(json.load(file))
print(json.dumps(model.predict(table)["predicted_proba"].tolist()))
