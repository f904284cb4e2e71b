import Foundation
import TestKit
import Testing
import Values

/// A small disk that a task fills: the task is named, what was there before is kept, and with space again all goes on.
///
/// The disk is a `tmpfs` that only the test's own processes see; where the machine does not allow one, there is nothing to try.
@Suite struct FullDiskTests {
  static let allowsDisks: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "unshare -rm mount -t tmpfs none /mnt 2>/dev/null"]
    do {
      try process.run()
    } catch {
      return false
    }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  private static let random =
    "SELECT i, random() AS r, to_hex(md5(to_utf8(CAST(random() AS varchar)))) AS h "
    + "FROM UNNEST(sequence(1, 9999)) AS t (i) CROSS JOIN UNNEST(sequence(1, 100)) AS u (j)"

  /// A shell script in a folder of its own on a disk of some megabytes.
  private func onSmallDisk(_ script: String) async throws -> TadoruProcess.Outcome {
    let project = try ProjectFixture([
      "project/setup.dig": """
      _export:
        td: {database: d}
      +database:
        td_ddl>:
        create_databases: [d]
      +small:
        td>: {data: SELECT 1 AS n}
        create_table: small
      """,
      "project/table.dig":
        "+a:\n  td>: {data: \"\(Self.random)\"}\n  database: d\n  create_table: big\n",
      "project/file.dig":
        "+a:\n  td>: {data: \"\(Self.random)\"}\n  database: d\n  download_file: out.csv\n",
    ])
    try project.folder.write(
      "set -e; mount -t tmpfs -o size=16m none disk; cp -r project/. disk; cd disk; set +e; \(script)",
      to: "script.sh"
    )
    try project.folder.write("", to: "disk/below")
    return try await TadoruProcess.run(
      ["-c", "unshare -rm sh script.sh"],
      in: project.folder.path,
      environment: ["T": TadoruProcess.executable],
      executable: "/bin/sh"
    )
  }

  @Test(
    .enabled(if: allowsDisks, "needs a user namespace with a tmpfs"),
    arguments: ["table", "file"]
  )
  func `a task that fills the disk is named, and nothing is lost`(workflow: String) async throws {
    let outcome = try await onSmallDisk(
      """
      "$T" run setup >/dev/null 2>&1; "$T" run \(workflow); echo "code $?"
      rm -f *.csv; mount -o remount,size=256m .
      "$T" query 'SELECT n FROM d.small' --format csv
      "$T" run \(workflow) --log-level error; echo "code $?"
      """
    )
    #expect(outcome.output == "code 1\nn\n1\ncode 0\n", "\(outcome.output)\(outcome.errors)")
    #expect(outcome.errors.contains("+\(workflow)+a failed"), "\(outcome.errors)")
    #expect(outcome.errors.lowercased().contains("space"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("Error Domain"))
  }

  @Test(.enabled(if: allowsDisks, "needs a user namespace with a tmpfs"))
  func `a disk that is full from the start is named before anything runs`() async throws {
    let outcome = try await onSmallDisk(
      "head -c 32m /dev/zero > filler 2>/dev/null; \"$T\" run setup; echo \"code $?\""
    )
    #expect(outcome.output == "code 1\n")
    #expect(outcome.errors.contains("the state folder `"), "\(outcome.errors)")
    #expect(outcome.errors.contains("space"), "\(outcome.errors)")
  }
}
