"""A standalone page of an executed notebook that cannot do anything: no script, no form, nothing loaded from elsewhere.

The notebook's outputs are other people's HTML. What is dangerous by its kind is dropped before rendering; the rendered
page then passes an allow-list; and the page forbids everything else to the browser by its content security policy.
"""

import html
import os

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

from .live import plain
from .sanitise import sanitise

# Kinds of output that can be shown, best first.
SHOWN = ("text/html", "text/markdown", "image/png", "image/jpeg", "text/latex", "text/plain")
LONGEST_OUTPUT = 400_000

POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-src 'none'; script-src 'none'; connect-src 'none'"
)

STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.55 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem;border-bottom:1px solid #8884}
pre,code{font:13px/1.45 ui-monospace,monospace}
pre{background:#8881;padding:.6rem .8rem;overflow:auto;border-radius:4px;max-height:32rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px;display:block;overflow:auto;margin:.5rem 0}
th,td{padding:.2rem .6rem;border-bottom:1px solid #8883;text-align:right;white-space:nowrap}
thead th{border-bottom:2px solid #8886}
tbody th,td:first-child{text-align:left}
img{max-width:100%}
.output_stderr pre{opacity:.8}
.output_error pre{border-left:3px solid #c33}
blockquote{border-left:3px solid #8886;margin-left:0;padding-left:1rem}
"""


def write(notebook_path, page_path):
    """Writes the page of an executed notebook."""
    notebook = nbformat.read(notebook_path, as_version=4)
    hide_code = notebook.metadata.get("tadoru", {}).get("hide_code", False)
    _keep_safe_outputs(notebook)
    # Attachments and ids would be repeated in attributes that the allow-list drops anyway.
    config = Config({"HTMLExporter": {"exclude_input": hide_code, "exclude_input_prompt": hide_code,
                                      "exclude_output_prompt": True, "exclude_anchor_links": True}})
    body, _ = HTMLExporter(template_name="basic", config=config).from_notebook_node(notebook)
    title = os.path.splitext(os.path.basename(notebook.metadata.get("papermill", {}).get("input_path") or page_path))[0]
    partial = page_path + ".part"
    with open(partial, "w", encoding="utf-8") as file:
        file.write(document(title, sanitise(body)))
    os.replace(partial, page_path)


def document(title, body):
    """The page around a sanitised fragment."""
    return (
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _keep_safe_outputs(notebook):
    for cell in notebook.cells:
        cell.pop("attachments", None)
        if cell.cell_type == "raw":
            cell.cell_type = "code"
            cell.source, cell["outputs"], cell["execution_count"] = "", [], None
        if cell.cell_type == "code":
            cell.outputs = _joined([_safe(output) for output in cell.outputs])
    notebook.metadata.pop("widgets", None)


def _joined(outputs):
    """Neighbouring printed texts as one block, as a terminal shows them, whichever stream they came from."""
    joined = []
    for output in outputs:
        if joined and output.output_type == joined[-1].output_type == "stream":
            joined[-1].text = _short(joined[-1].text + output.text)
        else:
            joined.append(output)
    return joined


def _safe(output):
    if output.output_type == "stream":
        output.text = _short(plain(_text(output.text)))
    elif output.output_type == "error":
        output.traceback = [_short(plain(line)) for line in output.traceback]
    else:
        kinds = [kind for kind in SHOWN if kind in output.data]
        kept = {kind: output.data[kind] for kind in kinds if _fits(kind, output.data[kind])}
        if not kept:
            kept = {"text/plain": _short(_text(output.data.get("text/plain", "(an output that cannot be shown here)")))}
        output.data = nbformat.from_dict(kept)
    return output


def _fits(kind, value):
    return kind.startswith("image/") or len(_text(value)) <= LONGEST_OUTPUT


def _text(value):
    return "".join(value) if isinstance(value, list) else str(value)


def _short(text):
    if len(text) <= LONGEST_OUTPUT:
        return text
    half = LONGEST_OUTPUT // 2
    return f"{text[:half]}\n… {len(text) - 2 * half} characters left out …\n{text[-half:]}"
