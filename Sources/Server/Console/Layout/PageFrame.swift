import Access
import Values

/// What every page is shown with: who looks, when, and what there is to tell.
struct PageFrame: Sendable {
  /// Something that a form of the page before did or could not do.
  struct Flash: Sendable, Hashable {
    enum Tone: String, Sendable {
      case done
      case failed
    }

    let tone: Tone
    let text: String
  }

  /// nil before logging in.
  var principal: Principal?
  /// What forms send along; nil without a browser session, when none is asked for.
  var csrfToken: String?
  /// Unix seconds.
  var now: Double
  var requestID: String
  /// False on a server without accounts, which has no login, users or logout.
  var hasAccounts = true
  var flashes: [Flash] = []

  init(principal: Principal?, csrfToken: String?, now: Double, requestID: String) {
    self.principal = principal
    self.csrfToken = csrfToken
    self.now = now
    self.requestID = requestID
  }

  /// Whether the one who looks has a role in a project, or without a project on the server.
  func may(_ role: Role, in project: Int64? = nil) -> Bool {
    guard let own = principal?.role(in: project) else { return false }
    return own >= role
  }
}

/// What stands above a page.
struct PageHeading: Sendable {
  /// A part of the console, as the navigation names it.
  enum Section: String, Sendable, CaseIterable {
    case projects = "Projects"
    case sessions = "Sessions"
    case attempts = "Attempts"
    case schedules = "Schedules"
    case users = "Users"
    case audit = "Audit"
    case account = "Account"
  }

  struct Crumb: Sendable {
    let text: String
    let address: ConsoleAddress
  }

  let title: String
  /// A word above the title that says what it is the title of.
  var kind: String?
  var section: Section?
  /// The way to the page, which ends with it.
  var crumbs: [Crumb] = []
  /// What the page is called at the end of the way; the title when nil.
  var place: String?

  init(
    _ title: String,
    kind: String? = nil,
    section: Section? = nil,
    crumbs: [Crumb] = [],
    place: String? = nil
  ) {
    self.title = title
    self.kind = kind
    self.section = section
    self.crumbs = crumbs
    self.place = place
  }
}

/// A page: what it shows as values, and how it is shown.
protocol PageModel: Sendable {
  var heading: PageHeading { get }
  /// The page as JSON.
  var value: Value { get }
  func content(_ frame: PageFrame) -> HTML
}
