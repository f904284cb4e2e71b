import Values

extension ObjectValue {
  /// True when an option that names a file to write is set, on a task or in the map of its operator's defaults.
  func names(_ option: String, defaults: String) -> Bool {
    [self[option], self[path: [defaults, option]]].contains { $0 != nil && $0?.isNull == false }
  }
}
