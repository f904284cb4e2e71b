import Values

/// Something that is not as it should be in a data folder, and what to do about it.
struct DataFinding: Sendable {
  enum Weight: String, Sendable {
    /// Something is lost or changed.
    case damaged
    /// Nothing is wrong with what is kept.
    case note
  }

  let weight: Weight
  /// Which part of the folder, such as `archives`.
  let part: String
  let message: String
  /// What to do.
  let remedy: String

  static func damaged(_ part: String, _ message: String, _ remedy: String) -> DataFinding {
    DataFinding(weight: .damaged, part: part, message: message, remedy: remedy)
  }

  static func note(_ part: String, _ message: String, _ remedy: String) -> DataFinding {
    DataFinding(weight: .note, part: part, message: message, remedy: remedy)
  }

  var value: ObjectValue {
    [
      "weight": .string(weight.rawValue), "part": .string(part), "message": .string(message),
      "remedy": .string(remedy),
    ]
  }

  var text: String { "\(weight.rawValue): \(part): \(message)\n  do: \(remedy)" }
}
