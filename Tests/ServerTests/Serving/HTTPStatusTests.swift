import Access
import Projects
import Storage
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Server

@Suite struct HTTPStatusTests {
  @Test func `the page of statuses lists every code of every room`() throws {
    let page = try RepositoryFile.text("docs/http-status.md")
    let errors: [any Error] =
      ServerError.Code.allCases.map { ServerError($0, "") }
      + AccessError.Code.allCases.map { AccessError($0, "") }
      + ProjectError.Code.allCases.map { ProjectError($0, "") }
      + EngineError.Code.allCases.map { EngineError($0, "") }
      + StorageError.Code.allCases.map { StorageError($0, "") }
    for error in errors {
      let status = HTTPStatus(error)
      #expect(page.contains("| \(status.status) | `\(status.code)` |"), "\(status)")
    }
  }

  @Test func `what the database says stays inside`() {
    let status = HTTPStatus(StorageError(.io, "cannot read `secret/path`"))
    #expect(status.status == 500 && !status.isKnown)
    #expect(!"\(status.value(requestID: "r"))".contains("secret/path"))
  }

  @Test func `the mistakes of a project are told one by one`() {
    let error = ProjectError(.refused, "the project has errors")
    #expect(HTTPStatus(error).status == 422)
  }
}
