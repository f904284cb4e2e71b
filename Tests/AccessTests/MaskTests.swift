import Access
import Foundation
import TestKit
import Testing
import Values

@Suite struct MaskTests {
  private static let canary = "kitten-9#Zq/4&\"'<\\ é€🐈 $x"

  private func mask(_ secrets: String...) -> SecretMask { SecretMask(secrets.map { Secret($0) }) }

  @Test
  func `a secret is replaced wherever it is`() {
    let mask = mask("hunter22", "s3cr3t")
    #expect(mask.mask("hunter22") == "***")
    #expect(mask.mask("a hunter22, b s3cr3t.") == "a ***, b ***.")
    #expect(mask.mask("hunter22s3cr3thunter22") == "*********")
    #expect(mask.mask("hunter2 and s3cr3") == "hunter2 and s3cr3")
    #expect(mask.mask("") == "")
    #expect(SecretMask([Secret]()).isEmpty && SecretMask([Secret]()).mask("x") == "x")
  }

  @Test
  func `secrets that overlap or hold one another are covered as a whole`() {
    #expect(mask("abcdef", "defghi").mask("<abcdefghi>") == "<***>")
    #expect(mask("abcdef", "cdef").mask("<abcdef>") == "<***>")
    #expect(mask("abcd", "abcdefgh").mask("abcdefgx abcdefgh") == "***efgx ***")
    #expect(mask("abcab").mask("abcabcabc") == "***c")
  }

  @Test(arguments: ["", "a", "ab", "abc", "\n\n\n\n", "ab\n"])
  func `a secret of less than four bytes is not masked`(secret: String) {
    #expect(mask(secret).isEmpty)
  }

  @Test
  func `lines of eight bytes or more are masked on their own, shorter ones are not`() {
    let mask = mask("first line here\nshort\r\n  third line here\n")
    #expect(mask.mask("x third line here y") == "x *** y")
    #expect(mask.mask("third line here\nfirst line here") == "***\n***")
    #expect(mask.mask("short") == "short")
    #expect(mask.mask("first line here\nshort\n  third line here") == "***")
    #expect(mask.mask("first line here\r\nshort\r\n  third line here\r\n") == "***\r\n")
  }

  /// Against Python's own encoders.
  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: TestPython.path), "no test runtime"),
    arguments: [
      canary, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "pass word+100%",
      "it's a \"quote\" \\ slash", "tab\tand <tags> & more", "пароль-секрет",
      "line one of it\nline two of it\nline three of it", "abcd",
      String(repeating: "Long secret, 100 bytes and more. ", count: 4),
    ]
  )
  func `every form that Python writes is masked, and nothing around it`(
    secret: String
  ) async throws {
    let mask = mask(secret)
    let argument = Data(secret.utf8).base64EncodedString()
    let forms = try #require(try await TestPython.run("mask_forms", [argument]).array)
    #expect(forms.count > 120)
    for form in forms {
      let row = try #require(form.array)
      let parts = try row.prefix(3).map {
        Array(try #require(Data(base64Encoded: $0.string ?? "")))
      }
      let masked = String(decoding: mask.mask(Array(parts.joined())), as: UTF8.self)
      let shown = "\(String(decoding: parts[1], as: UTF8.self)) became \(masked)"
      let stay = try #require(row[3].int)
      let (before, after) = (
        String(decoding: parts[0], as: UTF8.self), String(decoding: parts[2], as: UTF8.self)
      )
      guard stay > 0 else {
        #expect(masked == before + "***" + after, "\(shown)")
        continue
      }
      let left = masked.replacing("***", with: "").utf8.count
      #expect(
        masked.contains("***") && left <= parts[0].count + parts[2].count + Int(stay),
        "\(shown)"
      )
    }
  }

  @Test
  func `forms that other programs write are masked`() {
    let mask = mask("a b&c/\"d\"é")
    let forms = [
      "a%20b%26c%2F%22d%22%C3%A9", "a%20b%26c%2f%22d%22%c3%a9", "a+b%26c%2F%22d%22%C3%A9",
      "a%20b&c/%22d%22%C3%A9", "%61%20%62%26%63%2F%22%64%22%C3%A9", "a b&amp;c/&quot;d&quot;é",
      "a b&amp;c/&#34;d&#34;é", "a b\\u0026c/\\\"d\\\"é", "a b&c\\/\\\"d\\\"\\u00e9",
      "a b&c\\/\\\"d\\\"\\u00E9", "a\\ b\\&c/\\\"d\\\"é", "a b&c/\"d\"\\303\\251",
      "a b&c/\"d\"\\xc3\\xa9", "a b&c/\"\"d\"\"é",
    ]
    for form in forms { #expect(mask.mask("[\(form)]") == "[***]", "\(form)") }
  }

  @Test
  func `values are masked in depth, keys and numbers too`() {
    let mask = mask("hunter22", "12345678")
    let value: Value = [
      "a": ["x hunter22", 5, nil, true, 1.5], "hunter22": ["n": 12_345_678, "m": 912345678],
    ]
    #expect(
      mask.mask(value) == [
        "a": ["x ***", 5, nil, true, 1.5], "***": ["n": "***", "m": "9***"],
      ]
    )
  }

  @Test
  func `a secret of 16 KiB and many of them are no trouble`() {
    var letters = SystemRandomNumberGenerator()
    let long = String((0..<16_384).map { _ in "abcdefghij".randomElement(using: &letters) ?? "a" })
    let mask = SecretMask([Secret(long)] + (0..<50).map { Secret("secret number \($0)") })
    #expect(mask.mask("<\(long)> secret number 49!") == "<***> ***!")
    #expect(mask.mask(Data(long.utf8).base64EncodedString()) == "***")
  }
}

@Suite struct MaskStreamTests {
  private func stream(_ mask: SecretMask, _ pieces: [[UInt8]]) -> [UInt8] {
    var stream = MaskStream(mask)
    return pieces.flatMap { stream.feed($0) } + stream.finish()
  }

  @Test
  func `a secret cut at any place, or twice, is masked`() {
    let mask = SecretMask([
      Secret("hunter22"), Secret("er22-more"), Secret("first line\nsecond line"),
    ])
    let text = Array("a hunter22-more b hunter2 first line\nsecond line c hunt".utf8)
    let expected = Array("a *** b hunter2 *** c hunt".utf8)
    for first in 0...text.count {
      for second in first...text.count {
        let pieces = [text[..<first], text[first..<second], text[second...]].map { Array($0) }
        #expect(stream(mask, pieces) == expected)
      }
    }
    #expect(stream(mask, text.map { [$0] }) == expected)
  }

  @Test
  func `encoded forms cut at any place are masked`() {
    let mask = SecretMask([Secret("p\"ss/wörd")])
    for form in [
      "cCJzcy93w7ZyZA==", "p%22ss%2Fw%C3%B6rd", "p\\\"ss\\/w\\u00f6rd", "702273732f77c3b67264",
    ] {
      let bytes = Array("<\(form)>".utf8)
      for cut in 0...bytes.count {
        #expect(stream(mask, [Array(bytes[..<cut]), Array(bytes[cut...])]) == Array("<***>".utf8))
      }
    }
  }

  @Test
  func `only what may be the beginning of a secret is held back`() {
    var stream = MaskStream(SecretMask([Secret("hunter22")]))
    #expect(stream.feed(Array("a line\n".utf8)) == Array("a line\n".utf8))
    #expect(stream.feed(Array("x hunt".utf8)) == Array("x ".utf8))
    #expect(stream.feed(Array("ing".utf8)) == Array("hunting".utf8))
    #expect(stream.feed(Array("h".utf8)) == [])
    #expect(stream.feed(Array("hunter2".utf8)) == Array("h".utf8))
    #expect(stream.feed(Array("2".utf8)) == Array("***".utf8))
    #expect(stream.feed(Array("hu".utf8)) == [])
    #expect(stream.finish() == Array("hu".utf8))
    #expect(stream.finish() == [])
    #expect(stream.feed(Array("nter22.".utf8)) == Array("nter22.".utf8))
  }

  @Test
  func `bytes of any kind go through as they are`() {
    var generator = Numbers(state: 7)
    let bytes = (0..<100_000).map { _ in UInt8(truncatingIfNeeded: generator.next() >> 24) }
    let mask = SecretMask([Secret("hunter22")])
    #expect(mask.mask(bytes) == bytes)
    let broken: [UInt8] = [0xff, 0, 0xc3] + Array("hunter22".utf8) + [0xc3, 0, 0xfe]
    #expect(mask.mask(broken) == [0xff, 0, 0xc3] + Array("***".utf8) + [0xc3, 0, 0xfe])
  }

  /// Against the plainest way: mark every place of every match, one after the other.
  @Test
  func `what comes out is the same however the text is cut, and what the plainest way gives`() {
    var generator = Numbers(state: 42)
    for _ in 0..<300 {
      let letters = Array("ab".utf8)
      func word(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in letters[Int(generator.next() >> 33) % 2] }
      }
      let secrets = (0..<3).map { _ in
        String(decoding: word(4 + Int(generator.next() >> 33) % 6), as: UTF8.self)
      }
      let text = word(60)
      // Both directions are forms; the others have no letters of these two alone.
      let forms = secrets.flatMap { [Array($0.utf8), Array($0.utf8.reversed())] }
      let expected = Self.plainly(text, forms)
      let mask = SecretMask(secrets.map { Secret($0) })
      #expect(mask.mask(text) == expected)
      var pieces: [[UInt8]] = []
      var rest = text[...]
      while !rest.isEmpty {
        let count = 1 + Int(generator.next() >> 33) % 7
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(stream(mask, pieces) == expected)
    }
  }

  private static func plainly(_ text: [UInt8], _ forms: [[UInt8]]) -> [UInt8] {
    var covered = [Bool](repeating: false, count: text.count)
    var begins: Set<Int> = []
    for place in text.indices {
      let count = forms.filter { text[place...].starts(with: $0) }.map(\.count).max() ?? 0
      guard count > 0 else { continue }
      // One that begins where another goes on belongs to it; one that touches has stars of its own.
      if !covered[place] { begins.insert(place) }
      for index in place..<place + count { covered[index] = true }
    }
    return text.indices.flatMap { place -> [UInt8] in
      (begins.contains(place) ? Array("***".utf8) : []) + (covered[place] ? [] : [text[place]])
    }
  }
}

/// Numbers that are the same at each run: Knuth's MMIX generator.
private struct Numbers {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }
}
