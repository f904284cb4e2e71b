import Notebooks
import SQLWarehouse
import Tracking
import Values
import WorkflowEngine

/// What is known about a kept model: written by the training, kept with the registered version.
struct ModelFacts {
  let flavor: ObjectValue

  /// From the `result.json` of a training.
  init(_ result: ObjectValue) {
    var flavor: ObjectValue = ["library": "autogluon"]
    for key in Self.kept { flavor[key] = result[key] }
    self.flavor = flavor
  }

  init(of version: ModelVersion) { self.flavor = version.flavor }

  private static let kept = [
    "label", "problem_type", "eval_metric", "best_model", "classes", "positive_class", "features",
    "versions", "model_size_bytes",
  ]

  /// For the run: what the training decided, and the models that could not be trained.
  var tags: ObjectValue {
    var tags = ObjectValue()
    for key in ["best_model", "problem_type", "eval_metric", "positive_class", "model_size_bytes"] {
      if let value = flavor[key], !value.isNull { tags[key] = value }
    }
    return tags
  }

  /// Refuses a model that the installed packages cannot read: pickled models need their own AutoGluon and Python.
  ///
  /// - Throws: ``TaskFailure`` `config` that names both versions.
  func requireVersions(_ here: PythonRuntime.Versions, model: String) throws(TaskFailure) {
    let versions = flavor["versions"]?.object
    for (name, key, installed, digits) in [
      ("AutoGluon", "autogluon.tabular", here.autogluon, 3), ("Python", "python", here.python, 2),
    ] {
      guard let kept = versions?[key]?.string else { continue }
      guard Self.head(kept, digits) != Self.head(installed, digits) else { continue }
      throw TaskFailure(
        .config,
        "the model `\(model)` was trained with \(name) \(kept), and here is \(name) \(installed): "
          + "train it anew, or predict where \(name) is \(Self.head(kept, digits))"
      )
    }
  }

  /// Refuses a table that lacks columns which the model learned from.
  ///
  /// - Throws: ``TaskFailure`` `config` that names them.
  func requireFeatures(in input: InputTable, model: String) throws(TaskFailure) {
    let features = flavor["features"]?.array?.compactMap(\.string) ?? []
    let missing = features.filter { !input.columns.contains($0) }
    guard let first = missing.first else { return }
    let shown = NearestNames.list(Array(missing.prefix(20)))
    throw TaskFailure(
      .config,
      "`input_table`: the table `\(input.name)` lacks \(missing.count) of the \(features.count) columns that the "
        + "model `\(model)` learned from: \(shown)"
        + NearestNames.hint(for: first, among: input.columns)
    )
  }

  private static func head(_ version: String, _ digits: Int) -> String {
    version.split(separator: ".").prefix(digits).joined(separator: ".")
  }
}
