import Foundation
import Testing
import Values

@testable import Operators

@Suite struct AWSSignatureTests {
  struct Example: Sendable {
    var method = "GET"
    var path = "/"
    var query: [(name: String, value: String)] = []
    var headers: [(String, String)] = []
    var body = ""
    let signature: String
  }

  /// From AWS's Signature Version 4 test suite (`aws-sig-v4-test-suite`): get-vanilla, get-vanilla-query-order-key-case,
  /// get-header-value-trim, post-vanilla.
  @Test(arguments: [
    Example(signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    Example(
      query: [("Param2", "value2"), ("Param1", "value1")],
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
    ),
    Example(
      headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
      signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
    ),
    Example(
      method: "POST",
      signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    ),
  ])
  func `signs as the published test suite does`(example: Example) throws {
    let signature = AWSSignature(
      credentials: AWSCredentials(
        accessKeyID: Secret("AKIDEXAMPLE"),
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
      ),
      region: "us-east-1",
      service: "service"
    )
    let headers = signature.headers(
      for: subject(example, host: "example.amazonaws.com"),
      at: Date(timeIntervalSince1970: 1_440_938_160)
    )
    #expect(headers.first?.value == "20150830T123600Z")
    #expect(headers.last?.value.hasSuffix("Signature=\(example.signature)") == true)
  }

  /// From "Authenticating Requests: Using the Authorization Header" of Amazon S3's API reference.
  @Test(arguments: [
    Example(
      path: "/test.txt",
      headers: [("Range", "bytes=0-9")],
      signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    ),
    Example(
      method: "PUT",
      path: "/test%24file.text",
      headers: [
        ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
      ],
      body: "Welcome to Amazon S3.",
      signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"
    ),
    Example(
      query: [("lifecycle", "")],
      signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    ),
    Example(
      query: [("max-keys", "2"), ("prefix", "J")],
      signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    ),
  ])
  func `signs as the examples of the storage service do`(example: Example) throws {
    let signature = AWSSignature(
      credentials: AWSCredentials(
        accessKeyID: Secret("AKIAIOSFODNN7EXAMPLE"),
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
      ),
      region: "us-east-1",
      service: "s3"
    )
    var subject = subject(example, host: "examplebucket.s3.amazonaws.com")
    subject.headers.append(.init(name: "x-amz-content-sha256", value: subject.bodyHash))
    let headers = signature.headers(for: subject, at: Date(timeIntervalSince1970: 1_369_353_600))
    #expect(headers.last?.value.hasSuffix("Signature=\(example.signature)") == true)
  }

  /// The expected signature is that of botocore 1.44.5 (`SigV4Auth`) for the same request.
  @Test func `a session token is signed too`() {
    let token =
      "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTFfKD8YUuwth"
      + "Ax7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXA"
      + "kiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
    let signature = AWSSignature(
      credentials: AWSCredentials(
        accessKeyID: Secret("AKIDEXAMPLE"),
        secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        sessionToken: Secret(token)
      ),
      region: "us-east-1",
      service: "service"
    )
    let headers = signature.headers(
      for: subject(Example(method: "POST", signature: ""), host: "example.amazonaws.com"),
      at: Date(timeIntervalSince1970: 1_440_938_160)
    )
    #expect(headers.map(\.name) == ["X-Amz-Date", "X-Amz-Security-Token", "Authorization"])
    let expected = "d3a99f96b9b7127c717f52d34804ddb2871d9abf06347e3d48560dae93aac367"
    #expect(headers.last?.value.hasSuffix("Signature=\(expected)") == true)
  }

  private func subject(_ example: Example, host: String) -> AWSSignature.Subject {
    AWSSignature.Subject(
      method: example.method,
      path: example.path,
      query: example.query,
      headers: [.init(name: "Host", value: host)]
        + example.headers.map { .init(name: $0.0, value: $0.1) },
      bodyHash: SHA256.hexadecimal(of: Array(example.body.utf8))
    )
  }
}
