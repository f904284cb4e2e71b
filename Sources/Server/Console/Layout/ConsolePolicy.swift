/// The headers that tell browsers what pages may do.
enum ConsolePolicy {
  /// `Content-Security-Policy` of every page of the console.
  static let page = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "frame-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
    "base-uri 'none'",
  ].joined(separator: "; ")

  /// Of the document in the frame of a notebook page, which only our own pages may hold.
  static let notebook = [
    "sandbox", "default-src 'none'", "img-src data:", "style-src 'unsafe-inline'",
    "frame-ancestors 'self'", "form-action 'none'", "base-uri 'none'",
  ].joined(separator: "; ")

  /// Of files that never change under their names.
  static let assetCache = "public, max-age=31536000, immutable"
  /// Of pages: they show what only this account may see.
  static let pageCache = "private, no-store"

  /// For pages and for the frame.
  static let common: [(name: String, value: String)] = [
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
  ]
}
