import Values

extension Retry {
  /// Another attempt on a server, which runs it.
  func retry(on server: RemoteServer) async throws {
    var body: ObjectValue = [
      "scope": .string(all ? "all" : resumeFrom == nil ? "failed" : "from"),
      "revision": .string(keepRevision ? "same" : "latest"),
    ]
    if let resumeFrom { body["from"] = .string(resumeFrom) }
    if let name { body["name"] = .string(name) }
    let added = try ParameterFile.parameters(files: [], pairs: p)
    if !p.isEmpty { body["params"] = .object(added) }
    let answer = try await server.call("POST", "/api/attempts/\(attempt)/retry", [], body)
    let record = RemoteRecords.attempt(.object(answer))
    if history.json { RecordPrinter.json(record) } else { RecordPrinter.lines(record) }
  }
}
