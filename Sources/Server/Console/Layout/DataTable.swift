/// A table whose rows become cards on narrow screens.
struct DataTable {
  private let columns: [String]
  private var rows = HTML.empty
  private(set) var count = 0

  /// - Parameter columns: the names; an empty one for a column of buttons.
  init(_ columns: String...) { self.columns = columns }

  /// Adds a row; the first cell is its heading.
  mutating func add(_ cells: HTML...) {
    count += 1
    rows.append(
      tag("tr") {
        for (index, cell) in cells.enumerated() {
          if index == 0 {
            tag("th", Attribute("scope", "row")) { cell }
          } else {
            tag("td", cell.isEmpty ? .class("empty") : nil, .data("label", columns[index])) { cell }
          }
        }
      }
    )
  }

  var html: HTML {
    tag("div", .class("wide")) {
      tag("table") {
        tag("thead") {
          tag("tr") {
            for column in columns { tag("th", Attribute("scope", "col")) { column } }
          }
        }
        tag("tbody") { rows }
      }
    }
  }
}
