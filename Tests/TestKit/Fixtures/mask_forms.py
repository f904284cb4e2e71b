"""How Python's own encoders write a secret. Usage: mask_forms.py SECRET_IN_BASE64

Prints one line of JSON: a list of [before, form, after, stay], the first three in base64. The text to be masked is the
three together; `stay` is how many bytes of `form` do not follow from the secret alone.
"""
import base64, csv, html, io, json, re, shlex, sys, urllib.parse
from xml.sax import saxutils

secret = base64.b64decode(sys.argv[1])
text = secret.decode()
found = []


def add(form, before="", after="", stay=0):
    form, before, after = (x if isinstance(x, bytes) else x.encode() for x in (form, before, after))
    found.append([base64.b64encode(x).decode() for x in (before, form, after)] + [stay])


def add_quoted(form, width=1):
    add(form[width:-1], form[:width], form[-1:])


add(text)
add(text[::-1], "<", ">")
for line in text.splitlines():
    if len(line.encode()) >= 8:
        add(line, "x ", " y")
add(secret.hex())
add(secret.hex().upper(), "X'", "'")
for coded in (urllib.parse.quote(text), urllib.parse.quote(text, safe=""), urllib.parse.quote_plus(text)):
    add(coded, "https://user:", "@host/")
    add(re.sub("%..", lambda match: match[0].lower(), coded), "password=", "&x=1")
    add(json.dumps(coded)[1:-1])
add("".join("%%%02X" % byte for byte in secret))
for dumped in (json.dumps(text), json.dumps(text, ensure_ascii=False)):
    add_quoted(dumped)
    add(json.dumps(dumped)[3:-3], '"\\"', '\\""')
    add(json.dumps(dumped, ensure_ascii=False)[3:-3])
units = memoryview(text.encode("utf-16-le")).cast("H")
add("".join("\\u%04x" % unit for unit in units))
add("".join("\\u%04X" % unit for unit in units))
add(html.escape(text), "<b>", "</b>")
add(html.escape(text, quote=False))
add(saxutils.escape(text))
add_quoted(saxutils.quoteattr(text))
add_quoted(repr(text))
add_quoted(ascii(text))
add_quoted(repr(secret), 2)
quoted = shlex.quote(text)
add_quoted(quoted) if quoted != text else add(quoted)
row = io.StringIO()
csv.writer(row).writerow(["a", text, "b"])
cell = row.getvalue()[2:-4]
add_quoted(cell) if cell[0] == '"' and cell != text else add(cell)
for before in (b"", b"u", b"us", b"usr", b"user:", b"Aladdin:"):
    for after in (b"", b"x", b"xy", b"xyz"):
        first = -(-len(before) * 8 // 6)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            coded = encode(before + secret + after)
            for form in (coded, coded.rstrip(b"=")):
                end = len(form) if not after else (len(before) + len(secret)) * 8 // 6
                add(form, "Basic ", "\n", first + len(form) - end)
add(base64.encodebytes(secret).rstrip(b"\n"))
print(json.dumps(found))
