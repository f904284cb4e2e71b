"""Starts attempts over HTTP with 8 clients while another one reads; prints what came of it as JSON.

usage: server_load.py ENDPOINT COUNT
"""
import http.client
import json
import sys
import threading
import time
import urllib.parse

endpoint = urllib.parse.urlsplit(sys.argv[1])
count = int(sys.argv[2])


def call(connection, method, path, body=None):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"{}")


def connect():
    return http.client.HTTPConnection(endpoint.hostname, endpoint.port, timeout=60)


_, workflow = call(connect(), "GET", "/api/workflow?project=load&name=ten")
begin = 1_704_067_200
numbers = iter(range(count))
lock = threading.Lock()
accepted = []
reads = []
failed_reads = 0
isOver = threading.Event()


def start():
    connection = connect()
    while True:
        with lock:
            number = next(numbers, None)
        if number is None:
            return
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begin + number))
        status, answer = call(connection, "PUT", "/api/attempts", {"workflowId": workflow["id"], "sessionTime": when})
        if status == 200:
            with lock:
                accepted.append(answer["id"])


def read():
    global failed_reads
    connection = connect()
    paths = ["/api/attempts?page_size=100", "/api/sessions?page_size=100", "/api/projects", "/api/me"]
    while not isOver.is_set():
        for path in paths:
            began = time.perf_counter()
            status, _ = call(connection, "GET", path)
            reads.append(time.perf_counter() - began)
            if status != 200:
                failed_reads += 1
        time.sleep(0.01)


reader = threading.Thread(target=read)
reader.start()
began = time.perf_counter()
clients = [threading.Thread(target=start) for _ in range(8)]
for client in clients:
    client.start()
for client in clients:
    client.join()
started = time.perf_counter() - began
connection = connect()
while True:
    _, answer = call(connection, "GET", "/api/attempts?page_size=1&status=running")
    if not answer["attempts"]:
        break
    time.sleep(0.1)
finished = time.perf_counter() - began
isOver.set()
reader.join()
states, sessions, last = {}, set(), ""
while True:
    _, answer = call(connection, "GET", "/api/attempts?page_size=1000" + last)
    for attempt in answer["attempts"]:
        states[attempt["status"]] = states.get(attempt["status"], 0) + 1
        sessions.add(attempt["sessionId"])
    if len(answer["attempts"]) < 1000:
        break
    last = "&last_id=" + answer["attempts"][-1]["id"]
reads.sort()
print(json.dumps({
    "accepted": len(set(accepted)), "success": states.get("success", 0), "sessions": len(sessions),
    "failed_reads": failed_reads, "reads": len(reads), "read_p50_ms": round(reads[len(reads) // 2] * 1000, 1),
    "read_p99_ms": round(reads[int(len(reads) * 0.99)] * 1000, 1), "start_seconds": round(started, 2),
    "finish_seconds": round(finished, 2),
}))
