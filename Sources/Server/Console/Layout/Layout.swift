import Access

/// The whole document around a page.
enum Layout {
  /// HTML text with its doctype.
  static func document(_ page: some PageModel, _ frame: PageFrame) -> String {
    let heading = page.heading
    let document = tag("html", Attribute("lang", "en")) {
      tag("head") {
        tag("meta", Attribute("charset", "utf-8"))
        tag("meta", .name("viewport"), Attribute("content", "width=device-width,initial-scale=1"))
        tag("meta", .name("color-scheme"), Attribute("content", "light dark"))
        tag("title") { String(heading.title.prefix(120)) + " · Tadoru" }
        tag("link", Attribute("rel", "stylesheet"), .href(ConsoleAssets.style.address))
        tag("link", Attribute("rel", "icon"), .href(ConsoleAssets.icon.address))
        tag("script", .type("module"), .src(ConsoleAssets.script.address))
      }
      tag("body") {
        tag("a", .class("skip"), Attribute("href", "#main")) { "Skip to content" }
        top(heading, frame)
        tag("main", .id("main")) {
          crumbs(heading)
          flashes(frame)
          page.content(frame)
        }
      }
    }
    return "<!doctype html>\n" + document.source + "\n"
  }

  private static func top(_ heading: PageHeading, _ frame: PageFrame) -> HTML {
    tag("header", .class("top")) {
      tag("a", .class("brand"), .href(.home), .label("Tadoru, to the projects")) {
        Icon.mark
        tag("span") { "Tadoru" }
      }
      if let principal = frame.principal {
        tag("nav", .label("Main")) {
          for (section, address) in sections(frame) {
            tag("a", .href(address), .current(if: section == heading.section)) { section.rawValue }
          }
        }
        who(principal, heading, frame)
      }
    }
  }

  private static func sections(
    _ frame: PageFrame
  ) -> [(PageHeading.Section, ConsoleAddress)] {
    var list: [(PageHeading.Section, ConsoleAddress)] = [
      (.projects, .home), (.sessions, .sessions), (.attempts, .attempts), (.schedules, .schedules),
    ]
    if frame.may(.admin) {
      if frame.hasAccounts { list.append((.users, .users)) }
      list.append((.audit, .audit))
    }
    return list
  }

  private static func who(
    _ principal: Principal,
    _ heading: PageHeading,
    _ frame: PageFrame
  ) -> HTML {
    tag("div", .class("who")) {
      tag("a", .href(.account), .current(if: heading.section == .account)) {
        Piece.name(principal.name, most: 24)
      }
      if frame.hasAccounts {
        Form.post(ConsoleAddress("logout"), frame, class: "inline") {
          tag("button", .class("quiet")) { "Log out" }
        }
      }
    }
  }

  private static func crumbs(_ heading: PageHeading) -> HTML? {
    guard !heading.crumbs.isEmpty else { return nil }
    return tag("nav", .class("crumbs"), .label("Breadcrumbs")) {
      tag("ol") {
        for crumb in heading.crumbs {
          tag("li") { tag("a", .href(crumb.address)) { Piece.name(crumb.text, most: 40) } }
        }
        tag("li", Attribute("aria-current", "page")) {
          Piece.name(heading.place ?? heading.title, most: 40)
        }
      }
    }
  }

  private static func flashes(_ frame: PageFrame) -> HTML {
    var all = HTML.empty
    for flash in frame.flashes {
      let role = Attribute("role", flash.tone == .failed ? "alert" : "status")
      all.append(tag("p", .class("flash \(flash.tone.rawValue)"), role) { flash.text })
    }
    return all
  }
}
