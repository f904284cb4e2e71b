import Foundation
import TestKit
import Testing
import Values

/// What workflows of a server know of the notebooks they executed.
@Suite struct NotebookLinkTests {
  private static let notebook = """
    {"cells": [{"cell_type": "code", "execution_count": null, "id": "a", "metadata": {}, "outputs": [],
      "source": ["print(6 * 7)"]}],
     "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
     "nbformat": 4, "nbformat_minor": 5}
    """

  @Test(.timeLimit(.minutes(3)))
  func `the address of an executed notebook is that of its page on the server`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("server:\n  url: https://tadoru.example.com/\n", to: "server.yml")
    let server = try await ServerProcess(in: folder)
    try await server.push(
      "shop",
      [
        "look.dig": """
        +look:
          ipynb>:
            notebook: look.ipynb
        +say:
          echo>: see ${automl.last_executed_notebook}
        """,
        "look.ipynb": Self.notebook,
      ]
    )
    let started = try await server.json(["start", "shop", "look"]).object ?? [:]
    let attempt = try #require(started["attempt_id"]?.int)
    #expect(try await server.end(of: attempt) == "success")
    let log = try await server.tadoru(["log", "\(attempt)"]).output
    let path = "/attempts/\(attempt)/notebooks/%2Blook%2Blook/notebook.html"
    #expect(log.contains("see https://tadoru.example.com\(path)"))
    #expect(folder.contains("data/attempts/\(attempt)/notebooks/+look+look/notebook.html"))
    #expect(await server.stop() == 0)
  }
}
