import ArgumentParser

/// A number of bytes on the command line: `67108864`, `64MiB`, `64M`, `1g`; units are powers of 1,024.
struct ByteCount: ExpressibleByArgument, Sendable {
  let bytes: Int

  init(_ bytes: Int) { self.bytes = bytes }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    let unit = argument[digits.endIndex...].lowercased()
    let shifts = ["": 0, "b": 0, "k": 10, "kib": 10, "m": 20, "mib": 20, "g": 30, "gib": 30]
    guard let number = Int(digits), let shift = shifts[unit] else { return nil }
    let (bytes, isTooMuch) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !isTooMuch else { return nil }
    self.bytes = bytes
  }

  var defaultValueDescription: String {
    bytes % (1 << 20) == 0 ? "\(bytes >> 20)MiB" : "\(bytes)"
  }
}
