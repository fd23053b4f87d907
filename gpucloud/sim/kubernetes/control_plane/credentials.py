"""What the parts of the control plane know each other by: tokens of one start, and a key that signs others."""

import base64
import secrets
from pathlib import Path
from typing import Any

ADMIN = "gpucloud-admin"
_USERS = {
    ADMIN: "system:masters",
    "kwok": "system:masters",
    "system:kube-controller-manager": "",
    "system:kube-scheduler": "",
}
# Order of the group of the curve P-256 (SEC 2, 2.4.2): private keys are numbers below it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# RFC 5915: SEQUENCE { version 1, OCTET STRING of 32 bytes, [0] { OID prime256v1 } }; a reader computes the public key.
_BEFORE = bytes.fromhex("30310201010420")
_AFTER = bytes.fromhex("a00a06082a8648ce3d030107")


def make_tokens(path: Path) -> dict[str, str]:
    """Write a token for every user to a file that the API server reads (static token file); return them by user."""
    tokens = {user: secrets.token_hex(24) for user in _USERS}
    lines = [f'{tokens[user]},{user},{user},"{group}"' for user, group in _USERS.items()]
    _write_private(path, "\n".join(lines) + "\n")
    return tokens


def make_signing_key(path: Path) -> None:
    """Write a new private key (PEM, ECDSA on P-256) by which tokens of service accounts are signed."""
    key = 1 + secrets.randbelow(_ORDER - 1)
    text = base64.encodebytes(_BEFORE + key.to_bytes(32, "big") + _AFTER).decode()
    _write_private(path, f"-----BEGIN EC PRIVATE KEY-----\n{text}-----END EC PRIVATE KEY-----\n")


def kubeconfig(address: str, authority: str, token: str) -> dict[str, Any]:
    """A kubeconfig with one cluster and one user; `authority` is the PEM of who signed the server's certificate."""
    certificate = base64.b64encode(authority.encode()).decode()
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "local", "cluster": {"server": address, "certificate-authority-data": certificate}}],
        "users": [{"name": "local", "user": {"token": token}}],
        "contexts": [{"name": "local", "context": {"cluster": "local", "user": "local"}}],
        "current-context": "local",
    }


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
