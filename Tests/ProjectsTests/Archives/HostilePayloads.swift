import Testing

/// An archive that must be refused, and words of the reason.
struct HostilePayload: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let words: String

  init(_ name: String, _ bytes: [UInt8], _ words: String) {
    self.name = name
    self.bytes = bytes
    self.words = words
  }

  init(_ name: String, _ tar: TarBytes, _ words: String) {
    self.init(name, GzipBytes.pack(tar.ended), words)
  }

  init(_ name: String, _ zip: ZipBytes, _ words: String) {
    self.init(name, zip.ended, words)
  }

  var testDescription: String { name }
}

enum HostilePayloads {
  private static let tar = TarBytes()
  private static let zip = ZipBytes()
  private static let long = String(repeating: "n", count: 256)
  private static let deep = String(repeating: "folder/", count: 600) + "x"

  static let paths: [HostilePayload] = [
    HostilePayload("tar slip", tar.file("../evil"), "`../evil` has `..`"),
    HostilePayload("slip of several folders", tar.file("../../../../evil"), "has `..`"),
    HostilePayload("slip behind a folder", tar.file("a/../../evil"), "`a/../../evil` has `..`"),
    HostilePayload("slip that stays inside", tar.file("a/../b"), "has `..`"),
    HostilePayload("slip at the end", tar.file("a/.."), "has `..`"),
    HostilePayload("slip behind a dot", tar.file("./../evil"), "has `..`"),
    HostilePayload("slip behind empty names", tar.file("a//..//../evil"), "has `..`"),
    HostilePayload("folder slip", tar.folder("../evil/"), "has `..`"),
    HostilePayload("only dots", tar.folder(".."), "has `..`"),
    HostilePayload("absolute path", tar.file("/evil"), "`/evil` has an absolute path"),
    HostilePayload("absolute path of two slashes", tar.file("//evil"), "absolute"),
    HostilePayload("absolute folder", tar.folder("/"), "absolute"),
    HostilePayload(
      "slip in a header of POSIX",
      tar.pax(["path": Array("../evil".utf8)]).file("good"),
      "`../evil`"
    ),
    HostilePayload(
      "absolute in a header of POSIX",
      tar.pax(["path": Array("/evil".utf8)]).file("good"),
      "absolute"
    ),
    HostilePayload(
      "slip in a header of GNU",
      tar.gnu(Array("../evil".utf8)).file("good"),
      "`../evil`"
    ),
    HostilePayload(
      "one name for all",
      tar.pax(["path": Array("evil".utf8)], kind: "g").file("good"),
      "one name to all"
    ),
    HostilePayload("backslashes", tar.file("..\\evil"), "backslash"),
    HostilePayload("backslash inside", tar.file("a\\b"), "`a\\b` has a backslash"),
    HostilePayload("drive", tar.file("C:/evil"), "drive"),
    HostilePayload("long name", tar.file(long), "256 bytes, at most 255"),
    HostilePayload("long name of a folder", tar.file("\(long)/x"), "256 bytes, at most 255"),
    HostilePayload("long name by GNU", tar.gnu(Array(long.utf8)).file("x"), "256 bytes"),
    HostilePayload(
      "long name in few characters",
      tar.file(String(repeating: "é", count: 128)),
      "256 bytes"
    ),
    HostilePayload("long path", tar.file(deep), "4201 bytes, at most 4096"),
    HostilePayload("newline", tar.file("a\nb"), "`a\\u{a}b` has a control character"),
    HostilePayload("escape", tar.file("\u{1b}[2J"), "control character"),
    HostilePayload("delete", tar.file("a\u{7f}"), "control character"),
    HostilePayload("not UTF-8", tar.raw(name: [0xff, 0xfe], "0"), "not UTF-8"),
    HostilePayload(
      "overlong dots",
      tar.raw(name: [0xc0, 0xae, 0xc0, 0xae, 0x2f, 0x78], "0"),
      "not UTF-8"
    ),
    HostilePayload("not UTF-8 in a header", tar.pax(["path": [0xff]]).file("x"), "damaged"),
    HostilePayload(
      "NUL in a name",
      tar.raw(name: Array("a\u{0}b".utf8), "0"),
      "NUL character after `a`"
    ),
    HostilePayload(
      "NUL in a header of POSIX",
      tar.pax(["path": Array("a\u{0}b".utf8)]).file("x"),
      "NUL"
    ),
    HostilePayload("NUL in a header of GNU", tar.gnu(Array("a\u{0}b".utf8)).file("x"), "NUL"),
    HostilePayload(
      "NUL in a target",
      tar.raw(name: [0x61], "2", target: Array("b\u{0}c".utf8)),
      "NUL"
    ),
  ]

  static let links: [HostilePayload] = [
    HostilePayload("link out", tar.link("l", to: ".."), "`l` is a link to `..`, which leaves"),
    HostilePayload("link out from a folder", tar.link("a/l", to: "../../x"), "leaves the project"),
    HostilePayload("absolute link", tar.link("l", to: "/etc"), "`l` is a link to `/etc`"),
    HostilePayload("link without target", tar.link("l", to: ""), "`l`"),
    HostilePayload("link with backslashes", tar.link("l", to: "..\\x"), "is no path"),
    HostilePayload("link out and back", tar.link("l", to: "../out/x"), "leaves the project"),
    HostilePayload("link to itself", tar.link("l", to: "l"), "in a circle"),
    HostilePayload("links in a circle", tar.link("a", to: "b").link("b", to: "a"), "in a circle"),
    HostilePayload(
      "link through a link to the root",
      tar.folder("a").link("a/up", to: "..").link("b", to: "a/up/../x"),
      "`b` is a link to `a/up/../x`, which leaves the project"
    ),
    HostilePayload(
      "link through a chain",
      tar.folder("d/e").link("a", to: "d/e/..").link("b", to: "a/..").link("c", to: "b/../x"),
      "`c` is a link"
    ),
    HostilePayload(
      "link through one that comes later",
      tar.link("x", to: "y/../..").link("y", to: "z").folder("z"),
      "`x` is a link"
    ),
    HostilePayload(
      "file below a link",
      tar.folder("d").link("l", to: "d").file("l/x"),
      "`l/x` lies below `l`"
    ),
    HostilePayload(
      "file below a link out",
      tar.link("l", to: "..").file("l/evil"),
      "lies below `l`"
    ),
    HostilePayload("folder over a link", tar.link("l", to: "x").folder("l"), "`l` is there twice"),
    HostilePayload("link over a folder", tar.folder("l").link("l", to: "x"), "`l` is there twice"),
    HostilePayload(
      "link over a folder of a file",
      tar.file("l/x").link("l", to: "x"),
      "twice, as different"
    ),
    HostilePayload("file over a link", tar.link("l", to: "x").file("l"), "twice, as different"),
    HostilePayload("file over a folder", tar.folder("a").file("a"), "twice, as different"),
    HostilePayload("folder over a file", tar.file("a").folder("a"), "twice, as different"),
    HostilePayload("file below a file", tar.file("a").file("a/b"), "`a/b` lies below `a`"),
    HostilePayload(
      "link in place of the root",
      tar.link(".", to: "x"),
      "place of the whole project"
    ),
    HostilePayload("hard link out", tar.hardLink("l", to: "../x"), "hard link to `../x`"),
    HostilePayload(
      "absolute hard link",
      tar.hardLink("l", to: "/etc/passwd"),
      "hard link to `/etc/passwd`"
    ),
    HostilePayload(
      "hard link to nothing",
      tar.hardLink("l", to: "x"),
      "no file of the archive before it"
    ),
    HostilePayload(
      "hard link to what comes later",
      tar.hardLink("l", to: "x").file("x"),
      "before it"
    ),
    HostilePayload("hard link to itself", tar.file("l").hardLink("l", to: "l"), "hard link"),
    HostilePayload(
      "hard link to a link",
      tar.link("s", to: "x").hardLink("l", to: "s"),
      "hard link to `s`"
    ),
    HostilePayload(
      "hard link to a folder",
      tar.folder("d").hardLink("l", to: "d"),
      "hard link to `d`"
    ),
    HostilePayload(
      "hard link through a link",
      tar.link("s", to: "d").hardLink("l", to: "s/x"),
      "hard link to `s/x`"
    ),
    HostilePayload(
      "link target in a header",
      tar.pax(["linkpath": Array("../../x".utf8)]).link("l", to: "good"),
      "leaves the project"
    ),
  ]

  static let kinds: [HostilePayload] = [
    HostilePayload("character device", tar.entry("d", "3"), "`d` is a device"),
    HostilePayload("block device", tar.entry("d", "4"), "`d` is a device"),
    HostilePayload("pipe", tar.entry("p", "6"), "`p` is a pipe"),
    HostilePayload(
      "sparse file of GNU",
      tar.entry("s", "S", magic: "ustar  "),
      "`s` is a sparse file"
    ),
    HostilePayload(
      "sparse file of POSIX",
      tar.pax(["GNU.sparse.major": [0x31]]).file("s"),
      "sparse"
    ),
    HostilePayload("file in place of the root", tar.file("./."), "place of the whole project"),
  ]

  static let damaged: [HostilePayload] = [
    HostilePayload("nothing", [], "empty"),
    HostilePayload("text", Array("hello, I am no archive".utf8), "no tar"),
    HostilePayload("zeros in half a block", [UInt8](repeating: 0, count: 100), "cut off"),
    HostilePayload("beginning of gzip", [0x1f, 0x8b], "damaged"),
    HostilePayload("gzip of text", GzipBytes.pack(Array("hello".utf8)), "no tar"),
    HostilePayload("gzip in gzip", GzipBytes.pack(GzipBytes.pack(tar.file("a").ended)), "checksum"),
    HostilePayload(
      "gzip cut off",
      Array(GzipBytes.pack(tar.file("a").ended).dropLast(900)),
      "damaged"
    ),
    HostilePayload(
      "gzip without checksum",
      Array(GzipBytes.pack(tar.file("a").ended).dropLast(8)),
      "damaged"
    ),
    HostilePayload("wrong checksum", GzipBytes.pack(tar.file("a").ended, checksum: 7), "checksum"),
    HostilePayload(
      "text behind gzip",
      GzipBytes.pack(tar.file("a").ended) + [1, 2, 3],
      "something follows"
    ),
    HostilePayload("tar without end", GzipBytes.pack(tar.file("a").bytes), "cut off"),
    HostilePayload("plain tar without end", tar.file("a").bytes, "cut off"),
    HostilePayload(
      "tar cut in content",
      Array(tar.file("a", "text").bytes.dropLast(100)),
      "cut off"
    ),
    HostilePayload("header changed", changed(tar.file("a").file("b").ended, at: 1_024), "damaged"),
    HostilePayload("size no number", tar.entry("a", size: Array("zzz".utf8)), "no number"),
    HostilePayload("negative size", tar.entry("a", size: [0xff, 0xff, 0xff]), "out of range"),
    HostilePayload(
      "huge size",
      tar.entry("a", size: [0x80, 0, 0, 0, 0x7f] + [UInt8](repeating: 0xff, count: 7)),
      "too large"
    ),
    HostilePayload(
      "size beyond the end",
      tar.entry("a", size: Array("00077777777".utf8)),
      "cut off"
    ),
    HostilePayload(
      "header of wrong length",
      tar.entry("h", "x", content: Array("99 path=a\n".utf8)).file("a"),
      "wrong length"
    ),
    HostilePayload(
      "header too long",
      tar.entry("h", "x", size: Array("00077777777".utf8)),
      "bytes, at most 1048576"
    ),
    HostilePayload(
      "header without value",
      tar.entry("h", "x", content: Array("7 path\n".utf8)).file("a"),
      "without `=`"
    ),
  ]

  static let zips: [HostilePayload] = [
    HostilePayload("zip slip", zip.entry("../evil"), "`../evil` has `..`"),
    HostilePayload("zip slip behind a folder", zip.entry("a/../../evil"), "has `..`"),
    HostilePayload("absolute path in a zip", zip.entry("/evil"), "absolute"),
    HostilePayload("slip of Windows in a zip", zip.entry("a/..\\..\\evil"), "backslash"),
    HostilePayload(
      "slip of only backslashes in a zip",
      zip.entry("..\\evil"),
      "`../evil` has `..`"
    ),
    HostilePayload(
      "link out in a zip",
      zip.entry("l", "../x", mode: 0o120777),
      "leaves the project"
    ),
    HostilePayload(
      "absolute link in a zip",
      zip.entry("l", "/etc", mode: 0o120777),
      "`l` is a link"
    ),
    HostilePayload(
      "file below a link in a zip",
      zip.entry("l", "d", mode: 0o120777).entry("l/x"),
      "lies below `l`"
    ),
    HostilePayload("device in a zip", zip.entry("d", "", mode: 0o020644), "device"),
    HostilePayload("NUL in a name of a zip", zip.raw(Array("a\u{0}b".utf8)), "NUL"),
    HostilePayload(
      "two names in a zip",
      twice(zip.entry("good")),
      "another name in its directory for `good`"
    ),
    HostilePayload("not UTF-8 in a zip", zip.raw([0xff, 0xfe]), "damaged"),
    HostilePayload("wrong checksum in a zip", zip.entry("a", checksum: 7), "damaged"),
    HostilePayload("zip cut off", Array(zip.entry("a").ended.dropLast(10)), "directory"),
    HostilePayload("only the beginning of a zip", Array("PK\u{3}\u{4}".utf8), "directory"),
  ]

  /// A zip whose first name stands differently before its content.
  private static func twice(_ zip: ZipBytes) -> [UInt8] {
    var copy = zip.ended
    copy[30] = 0x66
    return copy
  }

  private static func changed(_ bytes: [UInt8], at place: Int) -> [UInt8] {
    var copy = bytes
    copy[place] ^= 1
    return copy
  }
}
