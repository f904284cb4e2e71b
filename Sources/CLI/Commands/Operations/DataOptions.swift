import ArgumentParser
import Foundation

/// Which data folder a command is about.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The data folder of the server (default: TADORU_DATA, else .tadoru-server).",
      valueName: "dir"
    )
  )
  var data: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  var written: String {
    data ?? ProcessInfo.processInfo.environment["TADORU_DATA"] ?? ".tadoru-server"
  }

  /// - Throws: ``CommandFailure`` `usage` when there is none.
  func place() throws(CommandFailure) -> DataPlace { try DataPlace(existing: written) }
}

/// An age on the command line: `90d`, `12h`, `52w`.
struct Age: ExpressibleByArgument, Sendable, CustomStringConvertible {
  let seconds: Double

  init(days: Int) { seconds = Double(days) * 86_400 }

  init?(argument: String) {
    let factors: [Character: Double] = ["w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1]
    guard let unit = argument.last, let factor = factors[unit],
      let number = UInt32(argument.dropLast())
    else { return nil }
    seconds = Double(number) * factor
  }

  var description: String { "\(Int(seconds / 86_400))d" }
  var defaultValueDescription: String { description }
}
