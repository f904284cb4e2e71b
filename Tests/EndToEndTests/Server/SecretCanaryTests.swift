import Foundation
import TestKit
import Testing
import Values

/// A secret that a workflow prints, stores, exports, sends and fails with, in every form: nobody but the tasks sees it.
@Suite struct SecretCanaryTests {
  /// Long enough to be unique, with characters that encodings change.
  private static let canary = "cAnary/7+Q=\"é<&>\\ \(UUID().uuidString)"

  @Test(.timeLimit(.minutes(3)))
  func `a secret is found nowhere: logs, database, files, answers, reports, mails, processes`()
    async throws
  {
    let server = try await ServerProcess()
    try server.folder.write(Self.canary, to: "canary.txt")
    try await server.push("shop", Self.project)
    let set = try await server.tadoru([
      "secrets", "--project", "shop", "--set", "my.key=@\(server.folder.path)/canary.txt",
    ])
    #expect(set.status == 0, "\(set.errors)")
    try FileManager.default.removeItem(atPath: server.folder.path + "/canary.txt")
    for workflow in ["leak", "fail", "script", "send"] {
      let attempt = try #require(
        try await server.json(["start", "shop", workflow]).object?["attempt_id"]?.int
      )
      let end = try await server.end(of: attempt)
      #expect(end == (["fail", "send"].contains(workflow) ? "error" : "success"), "\(workflow)")
    }
    // The workflow did see it.
    let log = try await server.tadoru(["log", "1", "--raw"]).output
    #expect(log.contains("length \(Self.canary.utf8.count)"), "\(log)")
    #expect(log.contains("***"))
    try await expectNothing(in: answers(of: server), "an answer")
    try expectNothing(in: server.said, "what the server says")
    #expect(await server.stop() == 0)
    try expectNothingInFiles(of: server.data)
  }

  /// Every way in which the tests know how to write it.
  private var forms: [String: String] {
    let bytes = Data(Self.canary.utf8)
    let url = Self.canary.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    let json = JSON.encode(.string(Self.canary)).dropFirst().dropLast()
    // The middle, so that the alignment of the beginning and the end does not matter.
    let base64 = bytes.base64EncodedString().dropLast(4)
    return [
      "plain": Self.canary, "base64": String(base64),
      "base64url": String(base64).replacing("+", with: "-").replacing("/", with: "_"), "URL": url,
      "JSON": String(json), "hexadecimal": bytes.map { String(format: "%02x", $0) }.joined(),
      "HTML": Self.canary.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        .replacing(">", with: "&gt;").replacing("\"", with: "&quot;"),
      "reversed": String(Self.canary.reversed()), "its end": String(Self.canary.suffix(36)),
    ]
  }

  private func expectNothing(in text: String, _ place: String) throws {
    for (form, words) in forms {
      #expect(!text.contains(words), "\(place) has the secret as \(form)")
    }
  }

  private func expectNothingInFiles(of folder: String) throws {
    let files = try #require(FileManager.default.enumerator(atPath: folder))
    var count = 0
    for case let name as String in files {
      guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
      count += 1
      for (form, words) in forms {
        #expect(bytes.range(of: Data(words.utf8)) == nil, "\(name) has the secret as \(form)")
      }
    }
    #expect(count > 10)
  }

  private func answers(of server: ServerProcess) async throws -> String {
    var text = ""
    for path in [
      "attempts", "attempts/1", "attempts/1/tasks", "attempts/2/tasks", "attempts/3/tasks",
      "attempts/4/tasks", "attempts/1/log", "attempts/2/log", "attempts/3/log", "attempts/4/log",
      "sessions", "projects",
      "projects/1/secrets", "workflows", "schedules", "audit", "me", "logs/1/files",
    ] {
      let answer = try await TadoruProcess.run(
        ["-sS", server.endpoint + "/api/" + path],
        in: server.folder.path,
        executable: "/usr/bin/curl"
      )
      #expect(!answer.output.isEmpty, "\(path): \(answer.errors)")
      text += answer.output
    }
    let metrics = try await TadoruProcess.run(
      ["-sS", server.endpoint + "/metrics", server.endpoint + "/health"],
      in: server.folder.path,
      executable: "/usr/bin/curl"
    )
    return text + metrics.output
  }

  private static let project = [
    "leak.dig": """
    +printed:
      sh>: |
        echo length $(printf %s "$KEY" | wc -c)
        echo "$KEY"; printf %s "$KEY" | base64 -w0; echo
        printf 'x%s' "$KEY" | base64 -w0; echo; printf 'xy%s' "$KEY" | base64 -w0; echo
        printf %s "$KEY" | od -An -tx1 | tr -d ' \\n'; echo; printf %s "$KEY" | rev; echo
        echo "$KEY" >&2; echo "in the middle: $KEY, of a line"
        printf %s "$KEY" | head -c 20; sleep 0.2; printf %s "$KEY" | tail -c +21; echo
      _env:
        KEY: ${secret:my.key}
    +in_text:
      sh>: echo '${secret:my.key}' | cat
    +stored:
      py>: plant.store
      _env:
        KEY: ${secret:my.key}
    +read:
      sh>: echo "$kept" "$exported" "$deep"
    +echoed:
      echo>: the value is ${kept} and ${JSON.stringify(deep)}
    """,
    "send.dig": """
    +sent:
      http>: "http://127.0.0.1:9/${secret:my.key}"
      headers: [{X-Key: "${secret:my.key}"}]
      retry: false
      _error:
        +told:
          echo>: ${error.message}
    """,
    "fail.dig": """
    +fails:
      py>: plant.fail
      _env:
        KEY: ${secret:my.key}
      _error:
        +told:
          sh>: echo "$M"
          _env:
            M: ${error.message}
    """,
    "script.dig": """
    +generated:
      py>: plant.generate
      _env:
        KEY: ${secret:my.key}
    """,
    "plant.py": """
    import base64, html, json, os, sys, urllib.parse
    import digdag

    key = os.environ["KEY"]

    def store():
        forms = [key, base64.b64encode(key.encode()).decode(), urllib.parse.quote(key, safe=""), json.dumps(key),
                 html.escape(key), repr(key), key[::-1], key.encode().hex()]
        print(*forms, sep="\\n")
        digdag.env.store({"kept": key, "deep": {"list": forms, key: 1}})
        digdag.env.export({"exported": key})

    def fail():
        print(key, file=sys.stderr)
        raise ValueError("wrong key: " + key)

    def generate():
        digdag.env.add_subtask({"_type": "echo", "_command": "made of nothing"})
        sys.stdout.write(key[:25]); sys.stdout.flush()
        sys.stdout.write(key[25:] + "\\n")
    """,
  ]
}
