import TestKit
import Testing

/// Runs every case of `Tests/Conformance` with the real executable.
@Suite struct ConformanceTests {
  private static let gate = ProcessGate(width: 4)

  @Test func `there are cases, and each says what it shows`() throws {
    #expect(ConformanceCase.all.count >= 150)
    for example in ConformanceCase.all {
      #expect(try example.purpose() != nil, "\(example.name) has no comment in its first line")
      #expect(try !example.steps().isEmpty, "\(example.name) expects nothing")
    }
  }

  @Test(arguments: ConformanceCase.all)
  func `a project does what the language says`(example: ConformanceCase) async throws {
    let differences = try await Self.gate.pass { try await example.differences() }
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }
}
