import Notebooks
import Testing
import Values

/// What the Python package decides about a table before anything is trained.
@Suite struct PlanTests {
  private func plan(_ calls: [String]) throws -> [String] {
    let fixture = try NotebookFixture()
    let done = try fixture.python(
      """
      import pandas as pd
      from tadoru_notebook import plan
      from tadoru_notebook.problem import InputProblem
      def tell(frame, label="y", problem_type="auto", eval_metric="auto", ignore_columns=("time",)):
          try:
              made = plan.make(pd.DataFrame(frame), table="db.t", label=label, problem_type=problem_type,
                               eval_metric=eval_metric, ignore_columns=list(ignore_columns))
              print(made.problem_type, made.eval_metric, *made.features.columns, *made.warnings)
          except InputProblem as problem:
              print(problem)
      x = list(range(20))
      \(calls.joined(separator: "\n"))
      """
    )
    #expect(done.status == 0, "\(done.output)")
    return done.output.split(separator: "\n").map(String.init)
  }

  @Test func `names table, column and rows of what cannot be learned`() throws {
    let told = try plan([
      "tell({'x': x, 'y': [' a'] * 20})",
      "tell({'x': x, 'y': [None] * 3 + ['a', 'b'] * 8 + ['a']})",
      "tell({'x': x, 'z': x})", "tell({'x': [], 'y': []})",
      "tell({'x': x[:4], 'y': ['a', 'b'] * 2})",
      "tell({'y': ['a', 'b'] * 10})",
      "tell({'x': x, 'y': ['a', 'b'] * 10}, problem_type='regression')",
      "tell({'x': x, 'y': ['a', 'b', 'c', 'd'] * 5}, problem_type='binary')",
      "tell({'x': x, 'y': ['a', 'b'] * 10}, eval_metric='rmse')",
    ])
    #expect(
      told.prefix(8) == [
        "`y` of `db.t` has only one value, ` a`, in all of its 20 rows: there is nothing to tell apart",
        "`y` of `db.t` is null in 3 of 20 rows: leave these rows out",
        "`db.t` has no column `y` (`target_column`); it has x, z",
        "`db.t` has no rows to learn from",
        "`db.t` has 4 rows; at least 10 are needed to train and to validate",
        "`db.t` has no column left to learn from besides `y`",
        "`y` of `db.t` is not a number; `problem_type: regression` needs one",
        "`y` of `db.t` has 4 values; `problem_type: binary` needs two",
      ]
    )
    #expect(told.last?.hasPrefix("`eval_metric: rmse` does not fit a binary problem") == true)
  }

  @Test func `decides the kind of problem and its metric`() throws {
    let told = try plan([
      "tell({'x': x, 'time': x, 'y': [0, 1] * 10})", "tell({'x': x, 'y': [0.5 * i for i in x]})",
      "tell({'x': x, 'y': ['a', 'b', 'c', 'd'] * 5}, ignore_columns=['w'])",
      "tell({'x': x, 'y': [True, False] * 10}, eval_metric='f1')",
    ])
    #expect(
      told == [
        "binary roc_auc x", "regression rmse x",
        "multiclass log_loss x `ignore_columns` names columns that `db.t` does not have: w",
        "binary f1 x",
      ]
    )
  }
}
