"""`ssl`, without connections: its classes and constants are there for packages that refer to them.

The host makes all connections, with TLS and its own certificates.
"""

import enum

from _duranium_guest.core.errors import UnavailableError

HAS_SNI = HAS_ALPN = HAS_ECDH = HAS_TLSv1_2 = HAS_TLSv1_3 = True
HAS_NPN = HAS_SSLv2 = HAS_SSLv3 = HAS_TLSv1 = HAS_TLSv1_1 = HAS_NEVER_CHECK_COMMON_NAME = False
OPENSSL_VERSION = "OpenSSL 3.0.0 (of the host)"
OPENSSL_VERSION_INFO = (3, 0, 0, 0, 0)
OPENSSL_VERSION_NUMBER = 0x30000000
_UNAVAILABLE = "A workflow opens no TLS connections: the host does, for `await fetch(url)` and httpx.AsyncClient"


class SSLError(OSError):
    library = reason = None


class SSLZeroReturnError(SSLError):
    pass


class SSLWantReadError(SSLError):
    pass


class SSLWantWriteError(SSLError):
    pass


class SSLSyscallError(SSLError):
    pass


class SSLEOFError(SSLError):
    pass


class SSLCertVerificationError(SSLError, ValueError):
    pass


CertificateError = SSLCertVerificationError


class VerifyMode(enum.IntEnum):
    CERT_NONE = 0
    CERT_OPTIONAL = 1
    CERT_REQUIRED = 2


class _SSLMethod(enum.IntEnum):
    PROTOCOL_TLS = 2
    PROTOCOL_TLSv1 = 3
    PROTOCOL_TLSv1_1 = 4
    PROTOCOL_TLSv1_2 = 5
    PROTOCOL_TLS_CLIENT = 16
    PROTOCOL_TLS_SERVER = 17


class TLSVersion(enum.IntEnum):
    MINIMUM_SUPPORTED = -2
    MAXIMUM_SUPPORTED = -1
    SSLv3 = 768
    TLSv1 = 769
    TLSv1_1 = 770
    TLSv1_2 = 771
    TLSv1_3 = 772


class Options(enum.IntFlag):
    OP_ALL = 0x80000050
    OP_NO_SSLv2 = 0
    OP_NO_SSLv3 = 0x2000000
    OP_NO_COMPRESSION = 0x20000
    OP_NO_TICKET = 0x4000
    OP_NO_TLSv1 = 0x4000000
    OP_NO_TLSv1_1 = 0x10000000
    OP_NO_TLSv1_2 = 0x8000000
    OP_NO_TLSv1_3 = 0x20000000


class VerifyFlags(enum.IntFlag):
    VERIFY_DEFAULT = 0
    VERIFY_X509_TRUSTED_FIRST = 0x8000
    VERIFY_X509_STRICT = 0x20
    VERIFY_X509_PARTIAL_CHAIN = 0x80000


class Purpose(enum.Enum):
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"


globals().update(VerifyMode.__members__, **_SSLMethod.__members__, **Options.__members__, **VerifyFlags.__members__)
PROTOCOL_SSLv23 = _SSLMethod.PROTOCOL_TLS


class SSLContext:
    """Keeps what is set. It has no effect: the host verifies certificates."""

    sslsocket_class = sslobject_class = None

    def __init__(self, protocol=_SSLMethod.PROTOCOL_TLS, *args, **kwargs):
        self.protocol = protocol
        self.check_hostname = True
        self.verify_mode = VerifyMode.CERT_REQUIRED
        self.options = Options.OP_ALL
        self.verify_flags = VerifyFlags.VERIFY_DEFAULT
        self.minimum_version = TLSVersion.TLSv1_2
        self.maximum_version = TLSVersion.MAXIMUM_SUPPORTED
        self.keylog_filename = None
        self.post_handshake_auth = self.hostname_checks_common_name = False

    def _ignore(self, *args, **kwargs):
        pass

    load_verify_locations = load_default_certs = set_default_verify_paths = load_cert_chain = _ignore
    set_ciphers = set_alpn_protocols = set_npn_protocols = set_ecdh_curve = load_dh_params = _ignore

    def get_ca_certs(self, binary_form=False):
        return []

    def get_ciphers(self):
        return []

    def cert_store_stats(self):
        return {"x509": 0, "crl": 0, "x509_ca": 0}

    def wrap_socket(self, *args, **kwargs):
        raise UnavailableError(_UNAVAILABLE)

    wrap_bio = wrap_socket


def create_default_context(purpose=Purpose.SERVER_AUTH, *, cafile=None, capath=None, cadata=None):
    return SSLContext(_SSLMethod.PROTOCOL_TLS_CLIENT)


_create_default_https_context = _create_unverified_context = _create_stdlib_context = create_default_context


class SSLSocket:
    def __init__(self, *args, **kwargs):
        raise UnavailableError(_UNAVAILABLE)


class SSLObject(SSLSocket):
    pass


class MemoryBIO(SSLSocket):
    pass


def get_server_certificate(*args, **kwargs):
    raise UnavailableError(_UNAVAILABLE)


def match_hostname(cert, hostname):
    raise UnavailableError(_UNAVAILABLE)


def get_default_verify_paths():
    raise UnavailableError(_UNAVAILABLE)


def RAND_bytes(count):
    import os

    return os.urandom(count)
