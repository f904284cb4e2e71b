import Testing

@testable import Values

@Suite struct SHA256Tests {
  /// From the NIST examples for FIPS 180-4, SHA256.pdf, and the empty message of SHA256ShortMsg.rsp.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `known messages have their known hashes`(message: String, hash: String) {
    #expect(SHA256.hexadecimal(of: Array(message.utf8)) == hash)
  }

  /// From Python 3.11's `hashlib.sha256(b'a' * n)`: lengths around the block and its padding.
  @Test(arguments: [
    (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
    (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
    (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
    (119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
    (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
    (128, "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e"),
  ])
  func `lengths around a block are padded right`(length: Int, hash: String) {
    #expect(SHA256.hexadecimal(of: [UInt8](repeating: 0x61, count: length)) == hash)
  }

  /// The hash of a million times `a` is the third example of FIPS 180-2, appendix B.3.
  @Test(arguments: [1_000_000, 1, 63, 64, 65, 1_000])
  func `the pieces that a message comes in do not matter`(piece: Int) {
    let bytes = [UInt8](repeating: 0x61, count: 1_000_000)
    var hash = SHA256()
    bytes.withUnsafeBytes { all in
      var rest = all[...]
      while !rest.isEmpty {
        hash.update(UnsafeRawBufferPointer(rebasing: rest.prefix(piece)))
        rest = rest.dropFirst(piece)
      }
    }
    #expect(hash.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
