import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// `decoders:` and `charset:` of a configuration: makes files that the warehouse can read.
struct FileDecoding: Sendable {
  private let isGzip: Bool
  private let isBzip2: Bool
  private let charset: String

  init(_ decoders: [Value], charset: String) throws {
    var types: [String] = []
    for decoder in decoders {
      let type = decoder.object?["type"]?.text ?? decoder.text
      guard ["gzip", "bzip2"].contains(type) else {
        throw TaskFailure(
          .config,
          "the decoder `\(type)` is not known here; decoders are `gzip`, `bzip2`"
        )
      }
      types.append(type)
    }
    guard types.count < 2 else {
      throw TaskFailure(.config, "`decoders` may have one entry, found \(types.count)")
    }
    isGzip = types == ["gzip"]
    isBzip2 = types == ["bzip2"]
    self.charset = charset
  }

  /// The files as the warehouse can read them, and whether they are packed with gzip still.
  func decode(
    _ files: [String],
    into folder: String,
    _ process: (_ command: [String]) async throws -> Int32
  ) async throws -> (files: [String], isGzip: Bool) {
    guard isBzip2 || charset != "UTF-8" else { return (files, isGzip) }
    var decoded: [String] = []
    for (number, file) in files.enumerated() {
      let name = URL(filePath: file).lastPathComponent
      var plain = name
      for ending in [".gz", ".bz2"] where plain.hasSuffix(ending) {
        plain = String(plain.dropLast(ending.count))
      }
      let target = "\(folder)/decoded-\(number)-\(plain)"
      let unpack = isBzip2 ? "bzip2 -dc" : isGzip || name.hasSuffix(".gz") ? "gzip -dc" : "cat"
      let convert = charset == "UTF-8" ? "cat" : "iconv -f \"$3\" -t UTF-8"
      let script =
        "set -e; \(unpack) < \"$1\" > \"$2.part\"; \(convert) < \"$2.part\" > \"$2\"; rm \"$2.part\""
      let code = try await process([
        "/bin/sh", "-c", script, "sh", file, target, Self.name(charset),
      ])
      guard code == 0 else {
        throw TaskFailure(
          .config,
          "`\(name)` cannot be decoded"
            + (charset == "UTF-8" ? "" : " from the character set `\(charset)`") + " (code \(code))"
        )
      }
      decoded.append(target)
    }
    return (decoded, false)
  }

  /// The name that iconv has for a character set as Java names it.
  private static func name(_ charset: String) -> String {
    switch charset.lowercased().filter({ $0.isLetter || $0.isNumber }) {
    case "shiftjis", "sjis", "windows31j", "ms932", "cp932", "mskanji": "CP932"
    case "eucjp": "EUC-JP"
    default: charset
    }
  }
}
