"""A certificate that names no host is nobody's.

Twisted logs with a traceback what it did not expect of a certificate's names (none at all, broken ones), and goes on as
if the host's was among them: any certificate that a trusted authority signed would do for any host.
"""

from typing import Any

from service_identity.exceptions import CertificateError, VerificationError
from twisted.internet import _sslverify

_THEIRS = vars(_sslverify)
_extract, _verify = _THEIRS["extract_patterns"], _THEIRS["verify_service_identity"]


def refuse_nameless() -> None:
    """From now on in this process such a handshake fails, as with the certificate of another host."""
    _THEIRS.update(extract_patterns=_patterns, verify_service_identity=_verified)


def _patterns(certificate: Any) -> Any:
    try:
        return _extract(certificate)
    except (CertificateError, ValueError) as error:
        raise VerificationError(errors=[]) from error


def _verified(patterns: Any, obligatory: Any, optional: Any) -> Any:
    try:
        return _verify(patterns, obligatory, optional)
    except CertificateError as error:
        raise VerificationError(errors=[]) from error
