"""Modules of packages that the runtime has a version of its own for, because theirs opens sockets."""

_replaced = {
    "httpx._transports.default": "_duranium_guest.modules.adapters.httpx_transport",
    "requests.adapters": "_duranium_guest.modules.adapters.requests_adapter",
}


def is_replaced(name):
    return name in _replaced


def replacement(name):
    """The code of the runtime's version of a package's module, or None."""
    own = _replaced.get(name)
    if own is None:
        return None
    from _duranium_boot import Archive

    return Archive.get_code(own)
