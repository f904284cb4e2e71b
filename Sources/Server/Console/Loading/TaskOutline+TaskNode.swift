import Values
import WorkflowLanguage

extension TaskOutline {
  /// A task as it stands in the file.
  init(_ node: TaskNode) {
    let type: String? =
      switch node.kind {
      case .group: nil
      case .operation(let type): type
      }
    self.init(
      name: node.name,
      type: type,
      command: node.config["_command"].map(Self.firstLine),
      marks: Self.marks(of: node),
      children: node.children.map(TaskOutline.init) + node.error.map(TaskOutline.init)
    )
  }

  private static func firstLine(_ value: Value) -> String {
    String(value.text.split(separator: "\n").first ?? "")
  }

  private static func marks(of node: TaskNode) -> [String] {
    var marks: [String] = []
    switch node.order {
    case .sequential: break
    case .parallel(nil): marks.append("parallel")
    case .parallel(let limit?): marks.append("parallel \(limit)")
    }
    if node.isBackground { marks.append("background") }
    if !node.after.isEmpty { marks.append("after " + node.after.joined(separator: " ")) }
    if node.retry ?? node.config["_retry"] != nil { marks.append("retry") }
    if node.isDisabled { marks.append("disabled") }
    return marks
  }
}
