import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

@Suite struct S3SettingsTests {
  private let keys = ["aws.access_key_id": "a", "aws.secret_access_key": "b"]

  @Test func `secrets and options are found under their names`() throws {
    let settings = try read(
      [
        "region": "eu-west-1",
        "aws": ["s3": ["path_style_access": true], "endpoint": "minio:9000"],
      ],
      secrets: keys.merging([
        "aws.s3.access_key_id": "s3-key", "aws.session_token": "t", "aws.region": "eu-west-3",
      ]) { $1 }
    )
    #expect(settings.credentials.accessKeyID.reveal() == "s3-key")
    #expect(settings.credentials.secretAccessKey.reveal() == "b")
    #expect(settings.credentials.sessionToken?.reveal() == "t")
    #expect(settings.region == "eu-west-3")
    #expect(settings.endpoint == "https://minio:9000")
    #expect(settings.usesPathStyle == true)
  }

  @Test func `missing keys are named`() {
    #expect(throws: TaskFailure.self) { try read([:], secrets: [:]) }
    do { _ = try read([:], secrets: ["aws.access_key_id": "a"]) } catch {
      #expect("\(error)".hasPrefix("Secret not found for key: 'aws.s3.secret_access_key'"))
    }
  }

  @Test(
    arguments: [
      ("lake", nil, nil, "https://lake.s3.eu-west-1.amazonaws.com", ""),
      ("lake", nil, true, "https://s3.eu-west-1.amazonaws.com", "/lake"),
      ("lake.example", nil, nil, "https://s3.eu-west-1.amazonaws.com", "/lake.example"),
      ("lake", "http://minio:9000/", nil, "http://minio:9000", "/lake"),
      ("lake", "http://minio:9000", false, "http://lake.minio:9000", ""),
      (
        "lake", "s3.us-west-2.amazonaws.com:443", nil, "https://lake.s3.us-west-2.amazonaws.com", ""
      ),
    ] as [(String, String?, Bool?, String, String)]
  )
  func `the address follows endpoint and style`(
    bucket: String,
    endpoint: String?,
    style: Bool?,
    origin: String,
    path: String
  ) throws {
    var options: ObjectValue = ["region": "eu-west-1"]
    if let endpoint { options["endpoint"] = .string(endpoint) }
    if let style { options["path_style_access"] = .bool(style) }
    let place = try read(options, secrets: keys).place(of: bucket)
    #expect(place.origin == origin)
    #expect(place.path == path)
    #expect(origin.hasSuffix("//" + place.host))
  }

  @Test func `an endpoint with a path is refused`() {
    #expect(throws: TaskFailure.self) { try read(["endpoint": "https://host/a"], secrets: keys) }
  }

  @discardableResult
  private func read(_ options: ObjectValue, secrets: [String: String]) throws -> S3Settings {
    try S3Settings(Parameters(options), SecretStore { secrets[$0].map { Secret($0) } })
  }
}
