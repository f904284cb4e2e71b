/// Evaluates `${…}` in a JavaScript engine.
public final class TemplateEngine: Sendable {
  public init() {}
}
