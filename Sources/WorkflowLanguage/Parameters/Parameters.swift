public import Values
import Synchronization

/// The merged, evaluated parameters of a task, read by name with the language's coercions.
///
/// Every look-up is recorded, so that local keys nobody asked for can be warned about. A null counts as absent.
public final class Parameters: Sendable {
  /// The merged map: built-in variables, stores, exports and, on top, the task's local keys.
  public let values: ObjectValue
  /// The task's local keys in file order.
  public let local: [String]
  /// The full name of the task, for messages.
  public let task: String
  /// The object that missing keys are looked up in.
  private let fallback: ObjectValue
  private let asked: AskedKeys

  /// - Parameters:
  ///   - values: the merged and evaluated map.
  ///   - local: the keys of `values` that the task itself has.
  ///   - task: the full name of the task.
  public convenience init(_ values: ObjectValue, local: [String] = [], task: String = "") {
    self.init(values, local: local, task: task, fallback: [:], asked: AskedKeys())
  }

  private init(
    _ values: ObjectValue,
    local: [String],
    task: String,
    fallback: ObjectValue,
    asked: AskedKeys
  ) {
    self.values = values
    self.local = local
    self.task = task
    self.fallback = fallback
    self.asked = asked
  }

  /// The value of a key as it is; nil when it is missing or null.
  public func value(_ key: String) -> Value? {
    asked.insert(key)
    if let value = values[key], !value.isNull { return value }
    if let value = fallback[key], !value.isNull { return value }
    return nil
  }

  public func contains(_ key: String) -> Bool { value(key) != nil }

  /// These parameters, with missing keys looked up in the object of a name such as `td`.
  public func defaults(from group: String) -> Parameters {
    let object = values[group]?.object ?? [:]
    return Parameters(
      values,
      local: local,
      task: task,
      fallback: object.merging(fallback),
      asked: asked
    )
  }

  /// What a file of the operator sees: the merged map, and the names of the object of a name such as `td` where they are free.
  ///
  /// The whole map leaves the operator, so every local key counts as used.
  public func scope(withDefaults group: String? = nil) -> ObjectValue {
    useAll()
    var scope = values
    let object = group.map { values[$0]?.object ?? [:] } ?? [:]
    for (key, value) in object.merging(fallback) where scope[key] == nil { scope[key] = value }
    return scope
  }

  /// The options of an operator that has them inside a map, as `ml_train>: {notebook: …}`; nil when the key is missing.
  ///
  /// - Throws: ``WorkflowError`` `parameter` when the value is no map.
  public func nested(_ key: String) throws(WorkflowError) -> Parameters? {
    guard let object = try object(key) else { return nil }
    return Parameters(object, local: object.keys, task: task)
  }
}

extension Parameters {
  /// The local keys that nobody asked for, in file order; keys that begin with `_` never count.
  public func unusedLocalKeys() -> [String] {
    let asked = asked.keys
    return local.filter { !$0.hasPrefix("_") && !asked.contains($0) }
  }

  /// Counts every local key as used: for operators that hand the whole map on.
  public func useAll() { asked.insert(contentsOf: local) }

  /// One warning for each unused local key, with what it may have meant.
  public func unusedWarnings() -> [String] {
    let known = asked.keys.filter { !$0.hasPrefix("_") }.sorted()
    return unusedLocalKeys().map { key in
      let near = Suggestion.nearest(to: key, among: known)
      return "Parameter '\(key)' is not used at task \(task)."
        + (near.isEmpty ? "" : " > Did you mean \(near)?")
    }
  }
}

/// The names that were looked up, shared by a task's parameters and their variants with defaults.
private final class AskedKeys: Sendable {
  private let storage = Mutex<Set<String>>([])

  var keys: Set<String> { storage.withLock { $0 } }

  func insert(_ key: String) { storage.withLock { _ = $0.insert(key) } }
  func insert(contentsOf keys: [String]) { storage.withLock { $0.formUnion(keys) } }
}
