"""How the web server runs. Its access log has no addresses, no queries and no worker pages."""

import ctypes
import os
from contextlib import suppress

from gunicorn.glogging import Logger

from config.logs import BareFormatter, bare_path

wsgi_app = "config.wsgi:application"
bind = os.environ.get("SAMLENG_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("SAMLENG_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("SAMLENG_WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
keepalive = 15
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
# Only a proxy on this machine may say that the visit came by https.
forwarded_allow_ips = os.environ.get("SAMLENG_PROXY_ADDRESSES", "127.0.0.1,::1")
control_socket_disable = True
accesslog = "-"
errorlog = "-"
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'

M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1  # Of glibc's malloc.h.


def post_fork(server, worker):  # type: ignore[no-untyped-def]
    """Let threads share their memory pools: one for each keeps the room of every picture it ever held."""
    with suppress(OSError, AttributeError):  # Another C library has no such pools.
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 256 * 1024)  # What a picture takes goes back to the machine at once.
        mallopt(M_TRIM_THRESHOLD, 1024 * 1024)


STAFF = (
    "/staff/", "/cases/", "/portfolio/", "/administration/", "/keys/", "/notices/", "/bursts/", "/overdue/",
    "/assessments/", "/package/", "/figures/", "/providers/", "/legal-holds/",
)  # fmt: skip
# The size of an opened safeguarding screen would tell how much was met.
UNSAID = ("/assessments/screens/",)


class BareLogger(Logger):
    """Log staff pages only: a line has a minute, and a worker's minute can be matched with a camera."""

    def setup(self, cfg) -> None:  # type: ignore[no-untyped-def]
        """Set gunicorn's loggers up, with our formatter for errors."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(BareFormatter())

    def access(self, resp, req, environ, request_time) -> None:  # type: ignore[no-untyped-def]
        """Log the visit of a staff page."""
        if req.path.startswith(STAFF) and not req.path.startswith(UNSAID):
            super().access(resp, req, environ, request_time)

    def atoms(self, resp, req, environ, request_time):  # type: ignore[no-untyped-def]
        """Leave out who asked, from where, and the keys of links."""
        atoms = super().atoms(resp, req, environ, request_time)
        kept = {name: atoms[name] for name in ("t", "m", "s", "B", "M")}
        return kept | {"U": bare_path(req.path)}


logger_class = BareLogger
