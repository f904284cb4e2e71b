import Values

/// Sessions, the one with the newest attempt first.
struct SessionsPage: PageModel {
  let filter: ListFilter
  let entries: [SessionEntry]
  let paging: Paging

  var heading: PageHeading { PageHeading("Sessions", section: .sessions) }

  var value: Value {
    [
      "filter": filter.value, "sessions": .array(entries.map(\.value)), "paging": paging.value,
    ]
  }

  func content(_ frame: PageFrame) -> HTML {
    var all = Piece.title(heading)
    all.append(filter.form(.sessions))
    all.append(
      entries.isEmpty
        ? Piece.nothing(filter.isEmpty ? "Nothing has run yet." : "No session is like this.")
        : SessionEntry.table(entries, frame)
    )
    if let links = paging.links(filter.on(.sessions)) { all.append(links) }
    return all
  }
}
