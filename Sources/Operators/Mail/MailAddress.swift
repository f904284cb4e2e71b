import WorkflowEngine

/// One mailbox: `ann@example.com` or `Ann Smith <ann@example.com>`.
struct MailAddress: Sendable, Hashable {
  let name: String?
  /// `local@domain`, ASCII.
  let mailbox: String

  /// Reads exactly one address.
  ///
  /// - Throws: `Invalid address` for two addresses, for a missing `@`, for control characters, and for non-ASCII mailboxes.
  init(_ text: String, role: String) throws(TaskFailure) {
    func refuse(_ reason: String) -> TaskFailure {
      let shown = String(
        text.unicodeScalars.map { HeaderText.hasControlCharacter(String($0)) ? "?" : Character($0) }
      )
      return TaskFailure(.config, "Invalid address in `\(role)`: `\(shown)` \(reason)")
    }
    guard !HeaderText.hasControlCharacter(text) else { throw refuse("holds a control character") }
    let trimmed = text.trimmingPrefix { $0 == " " }
    var body = String(trimmed)
    while body.hasSuffix(" ") { body.removeLast() }
    if body.hasSuffix(">"), let open = body.lastIndex(of: "<") {
      mailbox = String(body[body.index(after: open)...].dropLast())
      name = Self.displayName(body[..<open])
      guard Self.isDisplayName(body[..<open]) else {
        throw refuse("is not one single address; write each in an element of its own")
      }
    } else {
      mailbox = body
      name = nil
    }
    guard mailbox.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw refuse("has a mailbox that is not ASCII")
    }
    guard Self.isMailbox(mailbox) else {
      let several =
        mailbox.contains(",") || mailbox.contains(";") || mailbox.count { $0 == "@" } > 1
      throw refuse(
        several
          ? "is not one single address; write each in an element of its own"
          : "is not of the form `name@domain`"
      )
    }
  }

  /// The address as a header shows it.
  var headerText: String {
    guard let name, !name.isEmpty else { return mailbox }
    return "\(HeaderText.phrase(name)) <\(mailbox)>"
  }

  private static func displayName(_ text: Substring) -> String? {
    var name = text
    while name.last == " " { name.removeLast() }
    if name.count >= 2, name.first == "\"", name.last == "\"" {
      return String(
        name.dropFirst().dropLast().replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
      )
    }
    return name.isEmpty ? nil : String(name)
  }

  /// Outside of quotes a comma, semicolon, angle bracket or `@` would start another address.
  private static func isDisplayName(_ text: Substring) -> Bool {
    var isQuoted = false
    var isEscaped = false
    for character in text {
      if isEscaped {
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if !isQuoted, ",;<>@()[]:\\".contains(character) {
        return false
      }
    }
    return !isQuoted
  }

  /// `dot-atom@domain` or `dot-atom@[literal]` (RFC 5321 §4.1.2); quoted local parts are refused.
  private static func isMailbox(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...64).contains(parts[0].count), (1...255).contains(parts[1].count)
    else { return false }
    let atoms = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(HeaderText.isAtomCharacter) }) else {
      return false
    }
    if parts[1].hasPrefix("["), parts[1].hasSuffix("]") {
      return parts[1].dropFirst().dropLast().allSatisfy { $0.isHexDigit || ".:IPv".contains($0) }
    }
    return parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      !label.isEmpty && label.first != "-" && label.last != "-"
        && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }
  }
}
