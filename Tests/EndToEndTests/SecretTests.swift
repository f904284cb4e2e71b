import Foundation
import TestKit
import Testing
import Values

@Suite struct SecretTests {
  @Test func `a secret reaches the script and is in no log, report, state or list of processes`()
    async throws
  {
    let project = try ProjectFixture([
      "w.dig": """
      +fill:
        sh>: |
          token="${secret:my.token}"
          test "$token" = "$TOKEN" && echo same
          cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'hush[h]ush' || true
        _env:
          TOKEN: ${secret:my.token}
      +literal:
        echo>: ${secret:my.token}
      +fail:
        sh>: "exit 3 # ${secret:my.token}"
      """
    ])
    // Not below the project, which is searched afterwards.
    let secrets = try TemporaryFolder()
    let file = try secrets.write("my: {token: hushhush}\n", to: "secrets.yml")
    for more in [["--log-level", "debug"], ["--log-format", "json"], ["--dry-run"]] {
      let (outcome, report) = try await project.run("w", ["--secrets", file] + more)
      #expect(!outcome.errors.contains("hushhush"))
      #expect(!JSON.encode(report.value).contains("hushhush"))
      guard more != ["--dry-run"] else { continue }
      #expect(outcome.status == 1)
      #expect(outcome.output == "same\n0\n${secret:my.token}\n", "\(outcome.errors)")
      #expect(report.error("+w+fail") == "Command failed with code 3 (runtime)")
    }
    let root = project.folder.path
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      let bytes = FileManager.default.contents(atPath: root + "/" + name) ?? Data()
      #expect(bytes.range(of: Data("hushhush".utf8)) == nil, "\(name)")
    }
  }
}
