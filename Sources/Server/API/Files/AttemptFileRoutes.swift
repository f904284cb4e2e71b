import Access
import Foundation
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
    let keys: Set<URLResourceKey> = [
      .isRegularFileKey, .isSymbolicLinkKey, .fileSizeKey, .contentModificationDateKey,
    ]
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    let walk = FileManager.default.enumerator(at: root, includingPropertiesForKeys: Array(keys))
    var found: [(String, Value)] = []
    var isComplete = true
    while let url = walk?.nextObject() as? URL {
      let values = try url.resourceValues(forKeys: keys)
      guard values.isRegularFile == true, values.isSymbolicLink != true else { continue }
      guard found.count < Self.most else {
        isComplete = false
        break
      }
      let path = url.pathComponents.dropFirst(root.pathComponents.count).joined(separator: "/")
      let date = values.contentModificationDate?.timeIntervalSince1970 ?? 0
      found.append(
        (
          path,
          [
            "path": .string(path), "sizeInBytes": .int(Int64(values.fileSize ?? 0)),
            "modifiedAt": .time(date),
          ]
        )
      )
    }
    let sorted = found.sorted { $0.0 < $1.0 }.map(\.1)
    return .json(["files": .array(sorted), "complete": .bool(isComplete)])
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
