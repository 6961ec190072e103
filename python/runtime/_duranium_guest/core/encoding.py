"""JSON as it goes to the host. The functions are bound here, before a workflow can replace those of `json`."""

import json

_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_ascii = json.JSONEncoder(separators=(",", ":")).encode
_strict = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_decode = json.JSONDecoder().decode


def encode_json(value) -> bytes:
    """JSON in UTF-8. Half of a surrogate pair, which UTF-8 cannot express, is escaped."""
    try:
        return _compact(value).encode()
    except UnicodeEncodeError:
        return _ascii(value).encode()


def decode_json(data: bytes):
    return _decode(str(data, "utf-8"))
