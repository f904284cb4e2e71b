"""A real HTTP server for one test: http_server.py [tls FOLDER]

Prints one JSON line {"port": N} when it listens and ends with the process that started it. Tells what it was asked as JSON,
unless the path asks for something else.
"""
import http.server, json, os, pathlib, ssl, subprocess, sys, threading, time, urllib.parse

FRAGMENT = {"+a": {"echo>": "from afar"}, "_export": {"x": 1}}
calls = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        url = urllib.parse.urlsplit(self.path)
        calls[url.path] = calls.get(url.path, 0) + 1
        parts = url.path.strip("/").split("/")
        known = getattr(self, "do_" + parts[0].replace(".", "_"), None)
        if known:
            return known(*parts[1:])
        told = {"method": self.command, "path": url.path, "target": self.path, "body": body,
                "query": urllib.parse.parse_qs(url.query, keep_blank_values=True),
                "headers": {k.lower(): v for k, v in self.headers.items()}}
        self.reply(200, json.dumps(told), "application/json")

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = answer

    def do_status(self, code, *rest):
        self.reply(int(code), "reason number " + code + " " + "x" * 300)

    def do_busy(self, code, times):
        """Fails the first TIMES calls."""
        ready = calls[self.path] > int(times)
        self.reply(200 if ready else int(code), "ready" if ready else "not yet")

    def do_patience(self):
        self.reply(429, "later", extra={"Retry-After": "7"})

    def do_redirect(self):
        self.reply(302, "", extra={"Location": "/landed"})

    def do_goto(self):
        target = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["to"][0]
        self.reply(302, "", extra={"Location": target})

    def do_large(self, size):
        self.reply(200, "a" * int(size))

    def do_table_csv(self):
        self.reply(200, "id,name\n7,seven\n", "text/csv")

    def do_latin(self):
        self.reply(200, "caf\u00e9".encode("latin-1"), "text/plain; charset=ISO-8859-1")

    def do_silent(self):
        time.sleep(30)

    def do_fragment_json(self):
        self.reply(200, json.dumps(FRAGMENT), "application/json; charset=utf-8")

    def do_fragment_yaml(self):
        self.reply(200, "+b:\n  echo>: ${session_id}\n", "text/plain")

    def do_broken(self):
        self.reply(200, "+b:\n  ecko: 1\nstray: 2\n", "application/x-yaml")

    def reply(self, code, body, kind="text/plain", extra={}):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *_):
        pass


def certify(server, folder):
    key, pem = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", key, "-out", pem], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if sys.argv[1:2] == ["tls"]:
    certify(server, pathlib.Path(sys.argv[2]))
threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
print(json.dumps({"port": server.server_address[1]}), flush=True)
server.serve_forever()
