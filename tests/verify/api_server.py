"""An API server that answers what a test tells it to, and a kubeconfig for it whose credentials a program gives out."""

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKEN = "given-by-a-program"


@contextmanager
def answering(answers: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """Serve `answers` by path (a number is a status without a body), and yield the path of a kubeconfig."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            found = answers.get(self.path, 404) if allowed else 401
            body = b"" if isinstance(found, int) else (found if isinstance(found, str) else json.dumps(found)).encode()
            self.send_response(found if isinstance(found, int) else 200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield _kubeconfig(folder, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _kubeconfig(folder: Path, server: str) -> Path:
    """As EKS, AKS and GKE have it: a program prints the credentials."""
    version = "client.authentication.k8s.io/v1"
    credential = {"apiVersion": version, "kind": "ExecCredential", "status": {"token": TOKEN}}
    program = folder / "credentials.py"
    program.write_text(f"print({json.dumps(json.dumps(credential))})\n", "utf-8")
    login = {"apiVersion": version, "command": sys.executable, "args": [str(program)], "interactiveMode": "Never"}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {"exec": login}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "c",
    }
    path = folder / "kubeconfig"
    path.write_text(json.dumps(document), "utf-8")
    return path
