"""Other people's HTML, reduced to what can only be looked at."""

import re

import bleach
from bs4 import BeautifulSoup, Comment

TAGS = frozenset(
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr "
    "i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
# Their text is no text for people: it goes with them.
DROPPED = (
    "script style iframe object embed applet form input button textarea select option template noscript svg math link meta "
    "base title head audio video source track canvas frame frameset marquee portal dialog slot".split()
)
PROTOCOLS = frozenset({"http", "https", "mailto", "data"})
CLASS = re.compile(r"^[\w \-]{0,200}$")
PICTURE = re.compile(r"^data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+$")
LINK = re.compile(r"^(https?://|mailto:|#)", re.IGNORECASE)


def sanitise(fragment):
    """The fragment without anything that runs, loads, submits or overlays; links stay links."""
    soup = BeautifulSoup(fragment, "html.parser")
    for element in soup(DROPPED):
        element.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    # bleach parses as browsers do, so it decides; what is above only removes the text of dropped elements.
    return bleach.clean(
        str(soup), tags=TAGS, attributes=_allowed, protocols=PROTOCOLS, strip=True, strip_comments=True
    )


def _allowed(tag, name, value):
    if name == "class":
        return bool(CLASS.match(value))
    if name == "title":
        return True
    if tag == "a" and name == "href":
        return bool(LINK.match(value.strip()))
    if tag == "img":
        return name in ("alt", "width", "height") or (name == "src" and bool(PICTURE.match(value.strip())))
    if tag in ("td", "th"):
        return name in ("colspan", "rowspan", "scope")
    return tag in ("details", "ol") and name in ("open", "start")
