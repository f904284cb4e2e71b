import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct S3ClientTests {
  @Test(arguments: ["plain.txt", "with blank/ü+&=%25.txt", "a/../b//c", "100%", "日本語"])
  func `objects of any name come back as they went`(key: String) async throws {
    let store = try await S3Store()
    let folder = try TemporaryFolder()
    let bytes = Data((0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try bytes.write(to: URL(filePath: folder.path + "/out"))
    let object = S3Object(bucket: "lake", key: key)
    try await store.client.upload(folder.path + "/out", to: object, contentType: "text/csv")
    let size = try await store.client.download(object, to: folder.path + "/in")
    #expect(size == 70_000)
    #expect(FileManager.default.contents(atPath: folder.path + "/in") == bytes)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/in.part"))
    #expect(try await store.client.list(bucket: "lake", prefix: "").map(\.key) == [key])
  }

  @Test func `a head tells what the store knows`() async throws {
    let store = try await S3Store()
    try await store.put("a", "hello world", metadata: ["owner": "ada"])
    let head = try #require(try await store.client.head(S3Object(bucket: "lake", key: "a")))
    #expect(head.sizeInBytes == 11)
    // Python 3.11: hashlib.md5(b'hello world').hexdigest()
    #expect(head.metadata["ETag"] == "5eb63bbbe01eeed093cb22bb8f5acdc3")
    #expect(head.metadata["Content-Length"] == 11)
    #expect((head.metadata["Last-Modified"]?.int ?? 0) > 1_700_000_000_000)
    #expect(head.metadata["Date"] == nil)
    #expect(head.userMetadata == ["owner": "ada"])
    #expect(try await store.client.head(S3Object(bucket: "lake", key: "b")) == nil)
  }

  @Test func `a large file goes in parts, and leaves none behind when it fails`() async throws {
    let store = try await S3Store()
    let folder = try TemporaryFolder()
    let path = folder.path + "/large"
    var bytes = Data(count: 11 << 20)
    bytes[6 << 20] = 7
    bytes[bytes.count - 1] = 9
    try bytes.write(to: URL(filePath: path))
    let object = S3Object(bucket: "lake", key: "large")
    try await store.client.upload(path, to: object, partSize: 5 << 20)
    try await store.client.download(object, to: folder.path + "/back")
    #expect(FileManager.default.contents(atPath: folder.path + "/back") == bytes)
    let puts = try await store.seen().filter { $0["query"]?.text.contains("partNumber") == true }
    #expect(puts.count == 3)

    try await store.pass(1)
    try await store.close(code: 403, times: 1)
    await #expect(throws: S3Failure.self) {
      try await store.client.upload(path, to: S3Object(bucket: "lake", key: "x"), partSize: 5 << 20)
    }
    let last = try await store.seen().last
    #expect(last?["method"] == "DELETE")
    #expect(last?["query"]?.text.contains("uploadId") == true)
    #expect(try await store.client.list(bucket: "lake", prefix: "").map(\.key) == ["large"])
  }

  @Test func `lists go on until the end, and stop at a prefix and at a limit`() async throws {
    let store = try await S3Store()
    for number in 0..<12 { try await store.put("day/\(number % 10)\(number)&<", "x") }
    try await store.put("other", "x")
    let all = try await store.client.list(bucket: "lake", prefix: "day/")
    #expect(all.count == 12)
    #expect(all.map(\.key) == all.map(\.key).sorted())
    #expect(all.allSatisfy { $0.key.hasSuffix("&<") && $0.sizeInBytes == 1 })
    #expect(try await store.client.list(bucket: "lake", prefix: "day/", limit: 3).count == 3)
    #expect(try await store.client.list(bucket: "lake", prefix: "nothing").isEmpty)
  }

  @Test(arguments: [500, 503, 429]) func `passing trouble is tried again`(code: Int) async throws {
    let store = try await S3Store()
    try await store.put("a", "text")
    try await store.close(code: code, times: 3)
    let folder = try TemporaryFolder()
    try await store.client.download(S3Object(bucket: "lake", key: "a"), to: folder.path + "/a")
    #expect(try String(contentsOfFile: folder.path + "/a", encoding: .utf8) == "text")
    #expect(store.pauses.all == [.milliseconds(500), .seconds(1), .seconds(2)])
  }

  @Test func `trouble that lasts ends in its reason`() async throws {
    let store = try await S3Store()
    try await store.close(code: 503, times: 99)
    let failure = await #expect(throws: S3Failure.self) {
      _ = try await store.client.head(S3Object(bucket: "lake", key: "a"))
    }
    #expect(failure?.status == 503)
    #expect(store.pauses.all.count == S3Client.mostTries - 1)
  }

  @Test func `a refusal is not tried again, and names no key`() async throws {
    let store = try await S3Store(token: "lent-token")
    let failure = await #expect(throws: S3Failure.self) {
      _ = try await store.client.list(bucket: "nowhere", prefix: "a/")
    }
    #expect(failure?.code == "NoSuchBucket")
    #expect(failure?.message.hasPrefix("listing s3://nowhere/a/ failed: 404") == true)
    #expect(store.pauses.all.isEmpty)
    try await store.close(code: 403, times: 1)
    let refused = await #expect(throws: S3Failure.self) {
      _ = try await store.client.list(bucket: "lake", prefix: "a/")
    }
    #expect(refused?.message.contains("Gate: closed & locked") == true)
    #expect(refused?.message.contains(AWSSecrets.accessKeyID) == false)
    let headers = try await store.seen().last?["headers"]?.object
    #expect(headers?["x-amz-security-token"] == "lent-token")
  }

  @Test func `without a server there is a reason`() async throws {
    var settings = S3Settings(
      credentials: AWSCredentials(accessKeyID: Secret("a"), secretAccessKey: Secret("b"))
    )
    settings.endpoint = "http://127.0.0.1:1"
    let client = S3Client(settings, network: .open, clock: { Date() }, pause: { _ in })
    let failure = await #expect(throws: S3Failure.self) {
      _ = try await client.head(S3Object(bucket: "lake", key: "a"))
    }
    #expect(failure?.message == "looking for s3://lake/a failed: Couldn't connect to server")
  }
}
