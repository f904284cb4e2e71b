"""A real S3-compatible server (moto) for one test: s3_server.py

Prints one JSON line {"port": N} when it listens and ends with the process that started it. It checks neither keys nor
signatures; these have tests with published values. Before the store stands a gate: `POST /gate/CODE/TIMES` lets the next TIMES
requests fail with CODE (0 lets them through), and `GET /seen` tells the method, path, query and headers of all requests so far. What is sent to `/sink` goes to no store, and its
body is told too.
"""
import json, os, threading, time

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

store = DomainDispatcherApplication(create_backend_app)
seen, failures = [], []


def gate(environ, start_response):
    path = environ["PATH_INFO"]
    if path.startswith("/gate/"):
        code, times = path.split("/")[2:4]
        failures.extend([code] * int(times))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    if path == "/seen":
        body = json.dumps(seen).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
    headers = {k[5:].lower().replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
    seen.append({"method": environ["REQUEST_METHOD"], "path": path, "query": environ["QUERY_STRING"], "headers": headers})
    if path == "/sink":
        seen[-1]["body"] = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    code = failures.pop(0) if failures else "0"
    if code != "0":
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body = b"<?xml version='1.0'?><Error><Code>Gate</Code><Message>closed &amp; locked</Message></Error>"
        start_response(code + " Closed", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]
    return store(environ, start_response)


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


server = make_server("127.0.0.1", 0, gate, threaded=True)
threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
