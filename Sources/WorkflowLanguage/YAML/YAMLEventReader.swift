import CYAML

/// The one owner of libyaml's pointers: bytes in, events out.
struct YAMLEventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// Takes UTF-8 without a byte order mark.
  init(_ bytes: [UInt8]) throws(YAMLSyntaxProblem) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    input = .allocate(capacity: bytes.count)
    _ = input.initialize(from: bytes)
    guard yaml_parser_initialize(parser) == 1 else {
      input.deallocate()
      parser.deallocate()
      throw YAMLSyntaxProblem(
        message: "no memory for the YAML parser",
        context: nil,
        contextPlace: nil,
        line: 1,
        column: 1
      )
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  mutating func next() throws(YAMLSyntaxProblem) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
    defer { yaml_event_delete(&event) }
    var anchor: String?
    var tag: String?
    let kind: YAMLEvent.Kind
    switch event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = .alias(text(event.data.alias.anchor) ?? "*")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      kind = .scalar(
        String(
          decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
          as: UTF8.self
        ),
        isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE
      )
      (anchor, tag) = (text(scalar.anchor), text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      kind = .listStart
      (anchor, tag) = (text(event.data.sequence_start.anchor), text(event.data.sequence_start.tag))
    case YAML_SEQUENCE_END_EVENT: kind = .listEnd
    case YAML_MAPPING_START_EVENT:
      kind = .mapStart
      (anchor, tag) = (text(event.data.mapping_start.anchor), text(event.data.mapping_start.tag))
    case YAML_MAPPING_END_EVENT: kind = .mapEnd
    default: kind = .streamEnd
    }
    return YAMLEvent(
      kind: kind,
      anchor: anchor,
      tag: tag,
      line: Int(event.start_mark.line) + 1,
      column: Int(event.start_mark.column) + 1
    )
  }

  private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private func problem() -> YAMLSyntaxProblem {
    let message = parser.pointee.problem.map { String(cString: $0) } ?? "the text is no YAML"
    if parser.pointee.error == YAML_READER_ERROR {
      let place = place(ofByte: parser.pointee.problem_offset)
      return YAMLSyntaxProblem(
        message: message,
        context: nil,
        contextPlace: nil,
        line: place.line,
        column: place.column
      )
    }
    let mark = parser.pointee.problem_mark
    let context = parser.pointee.context.map { String(cString: $0) }
    let began = parser.pointee.context_mark
    return YAMLSyntaxProblem(
      message: message,
      context: context,
      contextPlace: context.map { _ in (Int(began.line) + 1, Int(began.column) + 1) },
      line: Int(mark.line) + 1,
      column: Int(mark.column) + 1
    )
  }

  private func place(ofByte offset: Int) -> (line: Int, column: Int) {
    let before = input.prefix(offset)
    let line = before.count { $0 == 0x0A } + 1
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return (line, String(decoding: before[start...], as: UTF8.self).unicodeScalars.count + 1)
  }
}

extension YAMLDocument {
  /// The version of libyaml that is linked in.
  public static var libraryVersion: String { String(cString: yaml_get_version_string()) }
}
