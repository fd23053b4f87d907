"""Keys and tokens that are made without a library are what libraries read."""

from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gpucloud.sim.kubernetes.control_plane.credentials import kubeconfig, make_signing_key, make_tokens


def test_signing_keys_are_private_keys_on_p256_and_differ(tmp_path: Path) -> None:
    numbers = set()
    for index in range(20):
        path = tmp_path / f"{index}.pem"
        make_signing_key(path)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert key.curve.name == "secp256r1"
        key.sign(b"text", ec.ECDSA(hashes.SHA256()))
        numbers.add(key.private_numbers().private_value)
    assert len(numbers) == 20


def test_every_user_has_a_token_of_its_own(tmp_path: Path) -> None:
    tokens = make_tokens(tmp_path / "tokens.csv")
    lines = (tmp_path / "tokens.csv").read_text("utf-8").splitlines()
    assert len(set(tokens.values())) == len(tokens) == len(lines)
    assert all(len(token) == 48 for token in tokens.values())


def test_a_kubeconfig_names_server_authority_and_token() -> None:
    found = kubeconfig("https://127.0.0.1:1", "PEM", "secret")
    assert found["clusters"][0]["cluster"] == {"server": "https://127.0.0.1:1", "certificate-authority-data": "UEVN"}
    assert found["users"][0]["user"] == {"token": "secret"}
