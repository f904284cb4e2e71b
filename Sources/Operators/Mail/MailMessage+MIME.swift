import Foundation

extension MailMessage {
  /// The message as it goes over the wire: CRLF line ends, ASCII only (RFC 5322, RFC 2045).
  ///
  /// - Parameters:
  ///   - date: the Date header.
  ///   - id: unique text of letters, digits and hyphens; names the message and the boundary of its parts.
  /// - Returns: headers, an empty line, and the parts.
  func mime(date: Date, id: String) -> [UInt8] {
    let domain = from.mailbox.split(separator: "@").last.map(String.init) ?? "localhost"
    var lines = ["Date: \(Self.dateText(date))", "From: \(from.headerText)"]
    for (name, addresses) in [("To", to), ("Cc", cc)] where !addresses.isEmpty {
      lines.append("\(name): \(HeaderText.list(addresses.map(\.headerText), after: name))")
    }
    lines += [
      "Subject: \(HeaderText.unstructured(subject, after: "Subject"))",
      "Message-ID: <\(id)@\(domain)>", "MIME-Version: 1.0",
    ]
    if attachments.isEmpty {
      lines += bodyPart
    } else {
      let boundary = "=_\(id)"
      lines += ["Content-Type: multipart/mixed;\r\n boundary=\"\(boundary)\"", "", "--\(boundary)"]
      lines += bodyPart
      for attachment in attachments { lines += ["--\(boundary)"] + Self.part(attachment) }
      lines.append("--\(boundary)--")
    }
    return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
  }

  private var bodyPart: [String] {
    let text = body.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isPlain = lines.allSatisfy { line in
      line.utf8.count <= 900 && line.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 < 0x7F) }
    }
    return [
      "Content-Type: text/\(isHTML ? "html" : "plain"); charset=utf-8",
      "Content-Transfer-Encoding: \(isPlain ? "7bit" : "quoted-printable")", "",
    ] + (isPlain ? lines : lines.map(QuotedPrintable.line))
  }

  private static func part(_ attachment: Attachment) -> [String] {
    let text = Data(attachment.bytes).base64EncodedString(options: [
      .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
    ])
    return [
      "Content-Type: \(attachment.contentType)",
      "Content-Transfer-Encoding: base64",
      "Content-Disposition: attachment;\r\n \(HeaderText.parameter("filename", attachment.filename))",
      "", text,
    ]
  }

  /// `Fri, 13 Feb 2009 23:31:30 +0000` (RFC 5322 §3.3).
  private static func dateText(_ date: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let part = calendar.dateComponents(
      [.year, .month, .day, .weekday, .hour, .minute, .second],
      from: date
    )
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard let year = part.year, let month = part.month, let day = part.day,
      let weekday = part.weekday,
      let hour = part.hour, let minute = part.minute, let second = part.second
    else { return "" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    let clock = [hour, minute, second].map(two).joined(separator: ":")
    return "\(days[weekday - 1]), \(day) \(months[month - 1]) \(year) \(clock) +0000"
  }
}

/// Text in which only `=` and what is not ASCII is escaped (RFC 2045 §6.7).
enum QuotedPrintable {
  /// One line without its end, broken softly at 76 characters.
  static func line(_ line: String) -> String {
    var rows: [String] = []
    var row = ""
    let bytes = Array(line.utf8)
    for (position, byte) in bytes.enumerated() {
      let isBlankAtEnd = position == bytes.count - 1 && (byte == 0x20 || byte == 0x09)
      let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "=") || byte == 0x09
      let piece = isPlain && !isBlankAtEnd ? String(Unicode.Scalar(byte)) : escape(byte)
      if row.utf8.count + piece.utf8.count > 75 {
        rows.append(row + "=")
        row = ""
      }
      row += piece
    }
    return (rows + [row]).joined(separator: "\r\n")
  }

  private static func escape(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "=" + (digits.count == 1 ? "0" : "") + digits
  }
}
