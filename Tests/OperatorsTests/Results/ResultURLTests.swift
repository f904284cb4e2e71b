import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct ResultURLTests {
  @Test(
    arguments: [
      ("file://out/a.csv?header=false", ["type": "file", "header": "false", "path": "out/a.csv"]),
      ("file:///data/a%20b.csv", ["type": "file", "path": "/data/a b.csv"]),
      ("s3://lake/in/a.csv", ["type": "s3", "bucket": "lake", "path": "in/a.csv"]),
      (
        "s3://KEY:SE%2FCRET@/lake/a.csv.gz?format=csv",
        [
          "type": "s3", "format": "csv", "access_key_id": "KEY", "secret_access_key": "SE/CRET",
          "bucket": "lake", "path": "a.csv.gz",
        ]
      ),
      (
        "s3://K:S@minio:9000/lake/a",
        [
          "type": "s3", "access_key_id": "K", "secret_access_key": "S", "endpoint": "minio:9000",
          "bucket": "lake", "path": "a",
        ]
      ),
      (
        "postgresql://ada:p%40ss@db.example.com:5433/shop/daily?mode=update&unique=id,day",
        [
          "type": "postgresql", "mode": "update", "unique": "id,day", "user": "ada",
          "password": "p@ss", "host": "db.example.com", "port": "5433", "database": "shop",
          "table": "daily",
        ]
      ),
      (
        "td://@/db/t?mode=replace",
        ["type": "td", "mode": "replace", "database": "db", "table": "t"]
      ),
      ("https://u@host/x?a=1", ["type": "http", "url": "https://u@host/x?a=1"]),
      ("salesforce://user:word@host/obj", ["type": "salesforce"]),
    ] as [(String, ObjectValue)]
  )
  func `reads an address as settings`(url: String, settings: ObjectValue) throws {
    #expect(try ResultURL.settings(url) == settings)
  }

  @Test func `a text without a scheme is refused without being shown`() {
    let failure = #expect(throws: TaskFailure.self) { try ResultURL.settings("my-password") }
    #expect(failure?.message.contains("my-password") == false)
  }
}
