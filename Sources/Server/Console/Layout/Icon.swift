/// Drawings that are part of the page.
enum Icon {
  /// Three stations on a line: a path that is followed.
  static let mark = HTML(
    constant: """
      <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path \
      d="M4 18h4c5 0 3-12 8-12h4" fill="none" stroke="currentColor" stroke-width="2"/><circle \
      cx="4" cy="18" r="3"/><circle cx="12" cy="12" r="3"/><circle cx="20" cy="6" r="3"/></svg>
      """
  )
}
