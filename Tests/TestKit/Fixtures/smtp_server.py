"""A real SMTP server for one test: smtp_server.py MODE FOLDER [USER PASSWORD]

Prints one JSON line {"port": N, "authority": PEM} when it listens, keeps every accepted message as FOLDER/<n>.json, and
ends with the process that started it.
"""
import asyncio, email, email.policy, json, os, pathlib, ssl, subprocess, sys, threading, time

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

mode, folder = sys.argv[1], pathlib.Path(sys.argv[2])
account = tuple(sys.argv[3:5])
folder.mkdir(parents=True, exist_ok=True)


def certificate():
    """A certificate of our own for localhost; returns (context, path of its PEM)."""
    key, pem = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", key, "-out", pem], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context, str(pem)


class Keeper:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if mode == "hang":
            await asyncio.sleep(3600)
        Keeper.count += 1
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [part for part in message.walk() if not part.is_multipart()]
        record = {
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "raw": envelope.content.decode("ascii"),
            "headers": {name: str(value) for name, value in message.items()},
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
            "parts": [{"type": part.get_content_type(), "filename": part.get_filename(),
                       "text": part.get_content().replace("\r\n", "\n") if part.get_content_maintype() == "text"
                       else part.get_payload(decode=True).hex()} for part in parts],
            "user": getattr(session, "auth_data", None) and session.auth_data.login.decode(),
            "tls": server.transport.get_extra_info("sslcontext") is not None,
        }
        target = folder / f"{Keeper.count}.json"
        target.with_suffix(".part").write_text(json.dumps(record))
        target.with_suffix(".part").rename(target)
        return f"250 2.0.0 queued as {Keeper.count}"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == account
    return AuthResult(success=good, handled=False, auth_data=data)


async def main():
    loop = asyncio.get_running_loop()
    context, authority = certificate() if mode in ("starttls", "implicit") else (None, None)
    options = dict(hostname="mail.test", enable_SMTPUTF8=True)
    if account:
        options |= dict(authenticator=authenticate, auth_required=True, auth_require_tls=mode == "starttls")
    if mode == "starttls":
        options |= dict(tls_context=context, require_starttls=True)
    if mode == "silent":
        server = await asyncio.start_server(lambda reader, writer: asyncio.sleep(3600), "127.0.0.1", 0)
    else:
        server = await loop.create_server(
            lambda: SMTP(Keeper(), **options), "127.0.0.1", 0, ssl=context if mode == "implicit" else None)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"port": port, "authority": authority}), flush=True)
    await asyncio.Event().wait()


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
asyncio.run(main())
