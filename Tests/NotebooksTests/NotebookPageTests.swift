import Foundation
import Notebooks
import Testing
import Values

@Suite struct NotebookPageTests {
  /// Each runs a script, loads something, submits something or covers the page in a browser.
  private static let hostile = [
    "<script>alert('EVIL')</script>", "<img src=x onerror=\"alert('EVIL')\">",
    "<a href=\"javascript:alert('EVIL')\">l</a>", "<a href=\" java\tscript:alert('EVIL')\">l</a>",
    "<svg onload=\"alert('EVIL')\"><script>EVIL</script></svg>",
    "<iframe src=\"https://evil.example/EVIL\"></iframe>",
    "<img src=\"https://evil.example/EVIL.png\">", "<link rel=stylesheet href=//evil.example/EVIL>",
    "<style>body{background:url(//evil.example/EVIL)}</style>",
    "<div style=\"background:url(//evil.example/EVIL)\">x</div>",
    "<form action=\"//evil.example/EVIL\"><input name=EVIL></form>",
    "<base href=\"//evil.example/EVIL\">", "<meta http-equiv=refresh content=\"0;url=//EVIL\">",
    "<object data=\"EVIL\"></object>", "<details open ontoggle=\"alert('EVIL')\">d</details>",
    "<math><mtext><table><mglyph><style><img src=x onerror=EVIL></style></mglyph></table></mtext></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=EVIL>\"></noscript>",
    "<a href=\"data:text/html,<script>EVIL</script>\">d</a>", "<!--><img src=x onerror=EVIL>-->",
    "<scr<script>ipt>EVIL</scr</script>ipt>", "<img src=\"data:image/svg+xml,EVIL\">",
  ]

  @Test func `shows hostile outputs without anything that runs or loads`() async throws {
    let fixture = try NotebookFixture()
    let list = JSON.encode(.array(Self.hostile.map { .string($0) }))
    let job = try fixture.job(
      [
        "a = 1",
        """
        import json
        from IPython.display import HTML, Javascript, Markdown, SVG, display
        for text in json.loads(hostile):
            display(HTML("<p>shown</p>" + text)); display(Markdown(text))
        display(Javascript("alert('EVIL')"))
        display({"application/vnd.jupyter.widget-view+json": {"model_id": "EVIL"}}, raw=True)
        display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='EVIL'/>"))
        """,
      ],
      parameters: ["hostile": .string(list)]
    )
    let (result, _) = try await fixture.run(job)
    let page = try fixture.text(result.html)
    #expect(page.components(separatedBy: "<p>shown</p>").count - 1 == Self.hostile.count)

    // An HTML parser of its own (html5lib) reads the page as a browser would.
    let dangers = try fixture.python(
      """
      import sys
      from bleach._vendor import html5lib
      tree = html5lib.parse(open(\(JSON.encode(.string(result.html)))).read(), namespaceHTMLElements=False)
      bad = "script iframe object embed form input base link svg math frame audio video template".split()
      for element in tree.find("body").iter():
          if not isinstance(element.tag, str) or element.tag in bad or element.tag == "style":
              print("element", element.tag)
          for name, value in element.attrib.items():
              safe = name != "src" or value.startswith("data:image/png;base64,")
              link = name != "href" or value.startswith(("http://", "https://", "#", "mailto:"))
              if name.startswith("on") or name in ("style", "srcset", "formaction") or not safe or not link:
                  print("attribute", element.tag, name, value)
      heads = [(e.tag, e.get("http-equiv")) for e in tree.find("head")]
      print(heads[1], [tag for tag, _ in heads])
      """
    )
    #expect(
      dangers.output
        == "('meta', 'Content-Security-Policy') ['meta', 'meta', 'meta', 'meta', 'title', 'style']\n"
    )
  }

  @Test func `keeps tables, pictures, markdown and code of a user's own notebook`() async throws {
    let fixture = try NotebookFixture()
    let job = try fixture.job([
      "a = 1",
      """
      import matplotlib.pyplot as plt, pandas as pd
      from IPython.display import Markdown, display
      display(Markdown("## A heading\\n\\n[a link](https://example.org)"))
      display(pd.DataFrame({"n": [1, 2]}))
      plt.plot([1, 2]); plt.show()
      print("<b>not bold</b>")
      """,
    ])
    let (result, _) = try await fixture.run(job)
    let page = try fixture.text(result.html)
    for kept in [
      "<h2>A heading", "href=\"https://example.org\"", "<td>2</td>", "src=\"data:image/png;base64,",
      "&lt;b&gt;not bold&lt;/b&gt;", "DataFrame",
    ] { #expect(page.contains(kept), "\(kept)") }
  }
}
