import WorkflowEngine

/// The name that a model is to be registered under, checked before the training and not after it.
struct ModelName {
  let text: String

  /// - Throws: ``TaskFailure`` `config`.
  init(_ text: String?) throws(TaskFailure) {
    guard let text, text.contains(where: { $0 != "." && !$0.isWhitespace }) else {
      throw TaskFailure(.config, "`model_name` needs letters, found `\(text ?? "")`")
    }
    guard text.unicodeScalars.count <= 250 else {
      throw TaskFailure(
        .config,
        "`model_name` may have 250 characters, found \(text.unicodeScalars.count)"
      )
    }
    let isPlain = text.unicodeScalars.allSatisfy {
      $0 != "/" && $0 != ":" && $0.properties.generalCategory != .control
    }
    guard isPlain else {
      throw TaskFailure(
        .config,
        "`model_name` may not have `/`, `:` or control characters, found `\(text)`: the owner's name "
          + "comes in front of it by itself"
      )
    }
    self.text = text
  }
}
