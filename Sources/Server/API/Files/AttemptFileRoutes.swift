import Access
import HTTPTypes
import Values

/// The files an attempt left in its folder.
struct AttemptFileRoutes {
  /// More than these are not listed.
  private static let most = 10_000

  let rooms: Rooms

  var list: [Route] {
    let viewer = Requirement.project(.viewer, .attempt("id"))
    return [
      Route(.get, "/api/attempts/{id}/files", "the files it left", viewer, handler: files)
        .gives(
          .json(
            .members([
              (
                "files",
                .list(
                  .members([("path", .text), ("sizeInBytes", .integer()), ("modifiedAt", .time)])
                )
              ), ("complete", .flag),
            ])
          )
        ),
      Route(
        .get,
        "/api/attempts/{id}/files/{path*}",
        "one of its files, as a whole or in part",
        viewer,
        handler: file
      ).gives(.content("application/octet-stream"), errors: [416]),
    ]
  }

  private func files(_ exchange: Exchange) throws -> Answer {
    let folder = rooms.inputs.attemptFolder(try exchange.id("id", "attempt"))
    let listing = try FolderListing(folder, most: Self.most)
    let files = listing.files.map { file -> Value in
      [
        "path": .string(file.path), "sizeInBytes": .int(file.sizeInBytes),
        "modifiedAt": .time(file.modifiedAt),
      ]
    }
    return .json(["files": .array(files), "complete": .bool(listing.isComplete)])
  }

  private func file(_ exchange: Exchange) throws -> Answer {
    let folder = rooms.inputs.attemptFolder(try exchange.id("id", "attempt"))
    let path = exchange.path["path"] ?? ""
    return try ServedFile(below: folder, path).answer(
      to: exchange.request,
      name: String(path.split(separator: "/").last ?? "file"),
      type: "application/octet-stream"
    )
  }
}
