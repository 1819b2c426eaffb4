"""What travels over the wire: requests as a phone makes them, counted in bytes with headers, compressed."""

from __future__ import annotations

import gzip
import re
import socket
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

LINKED = re.compile(rb"""<(?:link|script|img|source|use|image)\b[^>]*?\b(?:href|src)=["']([^"'#]+)""")


@dataclass(frozen=True)
class Answer:
    """One response: what it weighed on the wire and what it says."""

    status: int
    weight: int
    page: bytes
    cookies: tuple[str, ...]
    location: str


def ask(
    address: str,
    path: str,
    *,
    body: str | bytes | None = None,
    kind: str = "application/x-www-form-urlencoded",
    cookies: tuple[str, ...] = (),
    language: str = "",
) -> Answer:
    """Ask for one address on a connection of its own; with a body it is a form that is sent."""
    where = urlsplit(address)
    lines = [
        f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
        f"Host: {where.netloc}",
        "Accept: text/html",
        "Accept-Encoding: gzip",
        f"Origin: {address}",
        "Connection: close",
    ]
    if language:
        lines.append(f"Accept-Language: {language}")
    if cookies:
        lines.append(f"Cookie: {'; '.join(cookies)}")
    content = body.encode() if isinstance(body, str) else body or b""
    if body is not None:
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    with socket.create_connection((where.hostname or "", where.port or 80), timeout=60) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + content)
        raw = b""
        while piece := connection.recv(65536):
            raw += piece
    return _read(raw)


def _read(raw: bytes) -> Answer:
    head, _, content = raw.partition(b"\r\n\r\n")
    names: dict[str, list[str]] = {}
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        names.setdefault(name.lower(), []).append(value.strip())
    if "chunked" in names.get("transfer-encoding", []):
        content = _unchunked(content)
    if "gzip" in names.get("content-encoding", []):
        content = gzip.decompress(content)
    cookies = tuple(value.partition(";")[0] for value in names.get("set-cookie", []))
    return Answer(int(head.split()[1]), len(raw), content, cookies, names.get("location", [""])[0])


def _unchunked(content: bytes) -> bytes:
    parts = []
    while content:
        size, _, content = content.partition(b"\r\n")
        length = int(size, 16)
        if not length:
            break
        parts.append(content[:length])
        content = content[length + 2 :]
    return b"".join(parts)


class Phone:
    """A browser that keeps style sheets, scripts and pictures after it has seen them once."""

    def __init__(self, address: str, language: str = "") -> None:
        self.address, self.language = address, language
        self.kept: set[str] = set()
        self.weight = self.requests = 0

    def open(self, path: str, body: str | None = None) -> Answer:
        """Open a page with everything on it that is not kept yet."""
        answer = self._count(path, body)
        for link in LINKED.findall(answer.page):
            one = urlsplit(urljoin(self.address + path, link.decode()))
            if (
                one.netloc != urlsplit(self.address).netloc
                or one.path in self.kept
                or not one.path.startswith("/static/")
            ):
                continue
            self.kept.add(one.path)
            self._count(one.path, None)
        return answer

    def _count(self, path: str, body: str | None) -> Answer:
        answer = ask(self.address, path, body=body, language=self.language)
        self.weight += answer.weight + len(body or "")
        self.requests += 1
        return answer
