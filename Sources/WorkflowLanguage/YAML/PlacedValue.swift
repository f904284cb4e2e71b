public import Values

/// A value of a YAML file together with where it was written, for files whose mistakes are told with their place.
public struct PlacedValue: Sendable {
  private let node: YAMLNode
  /// Where the value begins, or its key.
  public let location: SourceLocation?

  private init(_ node: YAMLNode, at location: SourceLocation?) {
    self.node = node
    self.location = node.location ?? location
  }

  /// The bare value.
  public var value: Value { node.value }

  /// The entries of a map in file order; nil for anything else.
  public var entries: [(key: String, place: SourceLocation?, value: PlacedValue)]? {
    node.entries?.map { ($0.key, $0.location, PlacedValue($0.value, at: $0.location)) }
  }

  /// The elements of a list; nil for anything else.
  public var items: [PlacedValue]? {
    guard case .list(let items) = node.content else { return nil }
    return items.map { PlacedValue($0, at: location) }
  }

  /// Reads a text in the dialect of workflow files.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8.
  ///   - file: the name for places.
  /// - Returns: the top of the document; an empty map for an empty text.
  /// - Throws: ``WorkflowError`` for the first mistake in the YAML; `include` for an `!include`.
  public static func read(_ bytes: [UInt8], file: String) throws(WorkflowError) -> PlacedValue {
    let text = try YAMLText.decode(bytes, file: file)
    let (root, problems) = YAMLDocument.compose(text: text, file: file)
    if let problem = problems.first { throw problem }
    let start = SourceLocation(file: file, line: 1, column: 1)
    guard let root else { return PlacedValue(YAMLNode(.map([]), at: start), at: start) }
    if root.hasInclude {
      throw WorkflowError(.include, "`!include` is not followed here", at: start)
    }
    return PlacedValue(root, at: start)
  }
}
