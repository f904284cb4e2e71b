import Foundation
import Synchronization
import TestKit
import Testing

@testable import WorkflowEngine

@Suite struct AttemptLogTests {
  private let folder: TemporaryFolder
  private var file: String { folder.path + "/1/attempt.log" }

  init() throws { folder = try TemporaryFolder() }

  private func log(
    limit: Int = 1 << 20,
    now: @escaping @Sendable () -> Double = { 0 }
  ) throws
    -> AttemptLog
  {
    try AttemptLog(file: file, outputLimit: limit, now: now)
  }

  private func lines(_ filter: LogFilter = LogFilter()) throws -> [String] {
    var found: [String] = []
    try LogReader(file: file).read { line in
      if filter.wants(line) {
        found.append("\(line.level.rawValue) \(line.task ?? "-") \(line.text)")
      }
    }
    return found
  }

  @Test func `a line has its time, level and task in front`() throws {
    let log = try log { 1_714_608_000.25 }
    log.append(.warning, "two\nlines", task: "+w+a")
    log.append(.info, "began", task: nil)
    log.append(printed: Array("hello\n".utf8), of: "+w+a")
    // 1714608000 is 2024-05-02T00:00:00Z: `date -u -d @1714608000`.
    let text = try String(contentsOfFile: file, encoding: .utf8)
    #expect(
      text == """
        2024-05-02T00:00:00.250Z [WARNING] (+w+a) two
        2024-05-02T00:00:00.250Z [WARNING] (+w+a) lines
        2024-05-02T00:00:00.250Z [INFO] (attempt) began
        2024-05-02T00:00:00.250Z [OUT] (+w+a) hello

        """
    )
  }

  @Test func `what two tasks print at the same time stays in lines of their own`() throws {
    let log = try log()
    log.append(printed: Array("one ".utf8), of: "+w+a")
    log.append(printed: Array("eins\nzw".utf8), of: "+w+b")
    log.append(printed: Array("line\n".utf8), of: "+w+a")
    log.flush(task: "+w+b", isOver: true)
    log.append(printed: Array("\n\nend".utf8), of: "+w+a")
    log.flush(task: "+w+a", isOver: true)
    #expect(
      try lines() == [
        "OUT +w+b eins", "OUT +w+a one line", "OUT+ +w+b zw", "OUT +w+a ", "OUT +w+a ",
        "OUT+ +w+a end",
      ]
    )
  }

  @Test func `the beginning of a line is kept after a while, and its end later`() throws {
    let time = Mutex(10.0)
    let log = try log { time.withLock { $0 } }
    log.append(printed: Array("50 %".utf8), of: "+w+a")
    log.flush(before: 10)
    #expect(try lines().isEmpty)
    log.flush(before: 10.5)
    #expect(try lines() == ["OUT+ +w+a 50 %"])
    time.withLock { $0 = 11 }
    log.append(printed: Array(" 100 %\n".utf8), of: "+w+a")
    #expect(try lines() == ["OUT+ +w+a 50 %", "OUT +w+a  100 %"])
  }

  @Test func `any bytes survive, split over any chunks`() throws {
    let log = try log()
    var bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 7)) }
    bytes += Array(repeating: 7, count: 3 * PrintedLines.longest)
    bytes.append(10)
    var rest = bytes[...]
    var size = 1
    while !rest.isEmpty {
      log.append(printed: Array(rest.prefix(size)), of: "+w+a")
      rest = rest.dropFirst(size)
      size = size * 3 % 9973 + 1
    }
    log.flush(task: "+w+a", isOver: true)
    var kept: [UInt8] = []
    try LogReader(file: file).read { line in
      #expect(line.message.count <= PrintedLines.longest)
      kept += line.message + (line.level == .output ? [10] : [])
    }
    #expect(kept == bytes)
  }

  @Test func `beyond the limit of a task one line says that more was dropped`() throws {
    let log = try log(limit: 1000)
    for number in 0..<1000 {
      log.append(printed: Array("line \(number)\n".utf8), of: "+w+a")
    }
    log.append(printed: Array("other\n".utf8), of: "+w+b")
    log.append(.info, "success", task: "+w+a")
    let found = try lines()
    #expect(found.count < 30)
    #expect(found.count { $0.contains("more was printed but is not kept") } == 1)
    #expect(found.suffix(2) == ["OUT +w+b other", "INFO +w+a success"])
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
    )
    #expect(size < 1300)
  }

  @Test func `a log that broke off in a line is continued on a new one`() throws {
    try folder.write("2024-05-02T00:00:00.250Z [OUT] (+w+a) bro", to: "1/attempt.log")
    try log().append(.info, "again", task: nil)
    #expect(try lines() == ["OUT +w+a bro", "INFO - again"])
  }

  @Test(arguments: [
    ("+w", ["+w+a", "+w+ab", "+w+a+c", "+w+a^sub+b"]), ("+w+a", ["+w+a", "+w+a+c", "+w+a^sub+b"]),
    ("a", ["+w+a", "+w+a+c", "+w+a^sub+b"]), ("+b", ["+w+a^sub+b"]), ("^sub", ["+w+a^sub+b"]),
    ("+x", []),
  ])
  func `a part of a name finds its tasks and those below them`(
    part: String,
    names: [String]
  )
    throws
  {
    let log = try log()
    for name in ["+w+a", "+w+ab", "+w+a+c", "+w+a^sub+b"] {
      log.append(.info, "text", task: name)
    }
    log.append(.info, "the attempt", task: nil)
    #expect(try lines(LogFilter(task: part)) == names.map { "INFO \($0) text" })
  }

  @Test func `a reader goes on where it stopped, without half lines`() throws {
    let log = try log()
    log.append(.info, "first", task: nil)
    let reader = try LogReader(file: file)
    var found: [String] = []
    try reader.read { found.append($0.text) }
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("1970-01-01T00:00:00.000Z [IN".utf8))
    try reader.read { found.append($0.text) }
    #expect(found == ["first"])
    try handle.write(contentsOf: Data("FO] (+w+a) second\nno line of a log\n".utf8))
    try reader.read { found.append($0.text) }
    #expect(found == ["first", "second"])
  }
}

@Suite struct TimeTextTests {
  // Expected values: `date -u -d @SECONDS +%FT%T`.
  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00.000Z"), (-0.5, "1969-12-31T23:59:59.500Z"),
    (951_782_399, "2000-02-28T23:59:59.000Z"), (951_868_799.999, "2000-02-29T23:59:59.999Z"),
    (4_107_542_400, "2100-03-01T00:00:00.000Z"), (2_147_483_648, "2038-01-19T03:14:08.000Z"),
    (-2_208_988_800, "1900-01-01T00:00:00.000Z"), (253_370_764_800, "9999-01-01T00:00:00.000Z"),
    (1e300, "9999-12-31T23:59:59.000Z"),
  ])
  func `moments are written as ISO 8601`(seconds: Double, text: String) {
    #expect(TimeText.text(seconds) == text)
  }
}
