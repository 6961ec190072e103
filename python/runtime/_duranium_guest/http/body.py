"""The parts of a request from the arguments of `fetch`: its URL, headers and body."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

import _duranium

from _duranium_guest.core.strict_json import to_strict_json


def request_url(url, params) -> str:
    """The URL with further query parameters, and without its fragment."""
    text = url if isinstance(url, str) else str(url)
    if not text.startswith(("http://", "https://")) and ":" not in text[:20]:
        raise ValueError(f"{text[:200]!r} is no absolute URL: it begins with http:// or https://")
    if params is None and "#" not in text:
        return text
    parts = urlsplit(text)
    query = "&".join(filter(None, [parts.query, encode_form(params) if params else ""]))
    return urlunsplit(parts._replace(query=query, fragment=""))


def encode_form(fields) -> str:
    """`application/x-www-form-urlencoded`. A list gives its name several times; None leaves a name out."""
    if isinstance(fields, str):
        return fields
    pairs = fields.items() if isinstance(fields, Mapping) else fields
    return urlencode(
        [
            (name, _form_value(value))
            for name, values in pairs
            for value in (values if isinstance(values, (list, tuple)) else [values])
            if value is not None
        ]
    )


def _form_value(value):
    return ("false", "true")[value] if isinstance(value, bool) else value


def header_list(headers, auth) -> list:
    """`[name, value]` for each header, in their order."""
    pairs = () if headers is None else headers.items() if hasattr(headers, "items") else headers
    listed = [[_text(name, "name"), _text(value, f"value of {name}")] for name, value in pairs]
    if auth is not None:
        user, password = auth
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        listed = [header for header in listed if header[0].lower() != "authorization"]
        listed.append(["authorization", f"Basic {token}"])
    return listed


def _text(value, what):
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"The {what} of a header is of type {type(value).__name__}, and must be text")


def request_body(json_value, data, files):
    """The bytes of the body, and its content type or None. `json_value` is a tuple of one value, or empty."""
    if json_value:
        if data is not None or files is not None:
            raise TypeError("Give either `json` or `data`, not both")
        return to_strict_json(json_value[0], "json", "The body of the request"), "application/json"
    if files is not None:
        return _multipart(data or {}, files)
    if data is None:
        return b"", None
    if isinstance(data, str):
        return data.encode(), "text/plain;charset=UTF-8"
    if isinstance(data, (bytes, bytearray, memoryview)):
        return bytes(data), None
    if hasattr(data, "read"):
        content = data.read()
        return content.encode() if isinstance(content, str) else content, None
    if isinstance(data, (Mapping, list, tuple)):
        return encode_form(data).encode(), "application/x-www-form-urlencoded"
    raise TypeError(f"`data` is text, bytes or a dict of form fields, not {type(data).__name__}: use `json=` for JSON")


def _multipart(fields, files):
    boundary = _duranium.random(3, 16).hex()
    parts = [(name, None, None, _content(value)) for name, value in dict(fields).items()]
    for name, file in files.items() if isinstance(files, Mapping) else files:
        filename, content, content_type = (*file, None)[:3] if isinstance(file, tuple) else (name, file, None)
        parts.append((name, filename, content_type or "application/octet-stream", _content(content)))
    body = bytearray()
    for name, filename, content_type, content in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'.encode()
        if filename is not None:
            body += f'; filename="{_quoted(filename)}"\r\nContent-Type: {content_type}'.encode()
        body += b"\r\n\r\n" + content + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return bytes(body), f"multipart/form-data; boundary={boundary}"


def _content(value):
    content = value.read() if hasattr(value, "read") else value
    return bytes(content) if isinstance(content, (bytes, bytearray, memoryview)) else str(content).encode()


def _quoted(text):
    return str(text).replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def loads(content: bytes):
    return json.loads(content)
