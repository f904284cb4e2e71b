"""Looks at a console with a real Chromium, and says what it saw as JSON.

usage: browser.py ENDPOINT ATTEMPT GO-FILE PATH... [--shots FOLDER]

Every path is opened; then the page of the attempt: its log must go on without a reload when GO-FILE is made, and its
Kill button must end it. Chromium is spoken to through pipes (`--remote-debugging-pipe`: JSON with a NUL behind it on
descriptors 3 and 4), so that neither a port nor a package is needed.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--hide-scrollbars", "--window-size=1280,900", "--remote-debugging-pipe",
]


class Browser:
    def __init__(self, profile):
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if not chromium:
            sys.exit("chromium is not installed")
        theirs_in, self.ours_out = os.pipe()
        self.ours_in, theirs_out = os.pipe()
        for descriptor in (theirs_in, theirs_out):
            os.set_inheritable(descriptor, True)
        line = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(
            ["bash", "-c", line, "bash", chromium, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.rest = b""
        self.number = 0
        self.errors = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.ours_in, 1 << 16)
            if not piece:
                sys.exit("chromium ended")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.ours_out, json.dumps(request).encode() + b"\0")
        number = self.number
        while True:
            answer = self.message()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)

    def note(self, event):
        """Keeps what a page complains about; answers questions with yes."""
        details = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.errors.append(details["exceptionDetails"]["text"])
            case "Runtime.consoleAPICalled" if details["type"] in ("error", "warning", "assert"):
                self.errors.append(" ".join(str(part.get("value")) for part in details["args"]))
            case "Log.entryAdded" if details["entry"]["level"] == "error":
                self.errors.append(details["entry"]["text"] + " " + details["entry"].get("url", ""))
            case "Page.javascriptDialogOpening":
                self.number += 1
                answer = {"id": self.number, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}
                os.write(self.ours_out, json.dumps(answer | {"sessionId": self.session}).encode() + b"\0")

    def evaluate(self, expression):
        result = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        return result["result"].get("value")

    def wait(self, condition):
        """Until it holds, also across a change of pages."""
        loop = f"new Promise(done => {{ const look = () => ({condition}) ? done(true) : setTimeout(look, 30); look(); }})"
        while True:
            try:
                if self.evaluate(loop):
                    return
            except RuntimeError:
                continue  # the page went away under the question

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait(f"location.href === {json.dumps(address)} && document.readyState === 'complete'")

    def shot(self, file):
        image = self.call("Page.captureScreenshot", format="png")["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(image))

    def close(self):
        try:
            self.call("Browser.close")
        finally:
            self.process.wait()


def main():
    arguments = sys.argv[1:]
    shots = None
    if "--shots" in arguments:
        place = arguments.index("--shots")
        shots = arguments[place + 1]
        del arguments[place:place + 2]
    endpoint, attempt, go, *paths = arguments
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        pages = {}
        for path in paths:
            browser.open(endpoint + path)
            pages[path] = browser.evaluate("document.querySelector('h1').textContent")
            if shots:
                browser.shot(f"{shots}/{re.sub('[^a-z0-9]+', '-', path) or 'x'}.png")
        browser.open(f"{endpoint}/attempts/{attempt}")
        browser.wait("document.getElementById('lines').textContent.includes('line one')")
        browser.evaluate("window.isSame = true")
        open(go, "w").close()
        browser.wait("document.getElementById('lines').textContent.includes('line two')")
        is_same = browser.evaluate("window.isSame === true")
        if shots:
            browser.shot(f"{shots}/running.png")
        browser.evaluate("document.querySelector('form[action$=\"/kill\"] button').click()")
        browser.wait("window.isSame !== true && document.readyState === 'complete'")
        browser.wait("document.querySelector('#status .chip.killed') !== null")
        flash = browser.evaluate("document.querySelector('.flash')?.textContent ?? ''")
        if shots:
            browser.shot(f"{shots}/killed.png")
        print(json.dumps({
            "pages": pages, "followed": is_same, "flash": flash, "errors": browser.errors,
            "path": browser.evaluate("location.pathname"),
        }))
        browser.close()


if __name__ == "__main__":
    main()
