/// The document in the frame of a notebook page.
enum NotebookDocument {
  /// HTML text of an executed notebook that was cleaned; to be sent with ``ConsolePolicy/notebook``.
  static func text(_ html: HTMLSanitiser.Output) -> String {
    let document = tag("html", Attribute("lang", "en")) {
      tag("head") {
        tag("meta", Attribute("charset", "utf-8"))
        tag("meta", .name("color-scheme"), Attribute("content", "light"))
        tag("title") { "Notebook" }
        tag("style") { style }
      }
      tag("body") { HTML(html) }
    }
    return "<!doctype html>\n" + document.source + "\n"
  }

  private static let style = HTML(
    constant: """
      body{margin:24px auto;max-width:960px;padding:0 20px;background:#fff;color:#1d2126;\
      font:15px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}\
      pre,code,samp{font:13px/1.5 ui-monospace,"DejaVu Sans Mono",monospace}\
      pre{background:#f5f5f2;padding:10px 12px;border-radius:6px;overflow:auto;white-space:pre-wrap;margin:8px 0}\
      table{border-collapse:collapse;font-size:13px;margin:12px 0;display:block;overflow:auto}\
      td,th{border:1px solid #dcdcd5;padding:4px 9px;text-align:left}\
      th{background:#f5f5f2}img{max-width:100%}h1,h2,h3{line-height:1.25}\
      .k,.kn,.kc,.ow{color:#7a2e8e}.s1,.s2,.sd,.s{color:#1a6b3c}.c1,.c,.cm{color:#66707c;font-style:italic}\
      .mi,.mf{color:#0a5a9c}.nf,.nb,.nc{color:#8a4b08}
      """
  )
}
