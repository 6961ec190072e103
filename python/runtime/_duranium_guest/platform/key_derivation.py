"""`hashlib.pbkdf2_hmac` and `hashlib.scrypt`, which need OpenSSL elsewhere: the host computes them."""

import hashlib
import json

import _duranium

_hashes = {
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
    "sha3_256": "SHA3-256",
    "sha3_384": "SHA3-384",
    "sha3_512": "SHA3-512",
}


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    name = hash_name.lower().replace("-", "")
    if name not in _hashes:
        raise ValueError(f"unsupported hash type {hash_name}")
    length = hashlib.new(name).digest_size if dklen is None else dklen
    if iterations < 1 or length < 1:
        raise ValueError("iterations and dklen are greater than 0")
    parameters = {"hash": _hashes[name], "iterations": iterations, "bytes": length}
    return _compute("pbkdf2", parameters, password, salt)


def scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64):
    parameters = {"cost": n, "blockSize": r, "parallelization": p, "bytes": dklen}
    return _compute("scrypt", parameters, password, salt)


def _compute(operation, parameters, *inputs):
    return _duranium.compute(operation, json.dumps(parameters).encode(), [bytes(data) for data in inputs])


def install():
    hashlib.pbkdf2_hmac, hashlib.scrypt = pbkdf2_hmac, scrypt
