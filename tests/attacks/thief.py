"""A thief's tools: everything at rest, and every way a secret could be written down in it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import redis
from django.db import connection

ZLIB_HEAD = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")


def spellings(secret: bytes) -> set[bytes]:
    """Every way this secret could stand in a file: raw, hex, base64 at each offset, escaped, percent-encoded."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode()}
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inner = encode(bytes(offset) + secret)
            # The first and last groups mix with their neighbours; what lies between is the secret's own.
            core = inner[4 if offset else 0 : len(inner) - 4 if inner.endswith(b"=") or len(secret) % 3 else None]
            if len(core) >= 8:
                found.add(core)
    try:
        text = secret.decode()
    except UnicodeDecodeError:
        return found
    escaped = json.dumps(text)[1:-1]
    found |= {escaped.encode(), json.dumps(escaped)[1:-1].encode(), quote(text).encode(), text.encode("utf-16-le")}
    return found


def layers(blob: bytes) -> Iterator[bytes]:
    """The blob itself, and whatever compressed stream begins anywhere in it."""
    yield blob
    for head in ZLIB_HEAD.finditer(blob):
        for wbits in (zlib.MAX_WBITS, zlib.MAX_WBITS | 16):
            try:
                yield zlib.decompressobj(wbits).decompress(blob[head.start() :], 1_000_000)
            except zlib.error:
                continue


def database() -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as a dump has it, and every binary value in it decoded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'")
        for schema, table in cursor.fetchall():
            lines: list[bytes] = []

            class Sink:
                def write(self, data: bytes | str, lines: list[bytes] = lines) -> int:
                    lines.append(data.encode() if isinstance(data, str) else bytes(data))
                    return len(data)

            cursor.copy_expert(f'COPY "{schema}"."{table}" TO STDOUT', Sink())
            dump = b"".join(lines)
            yield f"table {table}", dump
            for value in re.findall(rb"\\\\x([0-9a-f]{16,})", dump):
                yield f"table {table} (bytes)", bytes.fromhex(value.decode())


def broker(url: str) -> Iterator[tuple[str, bytes]]:
    """Every key and value in every database of the Redis that is cache, session store and queue."""
    client = redis.Redis.from_url(url)
    readers = {
        b"string": client.get,
        b"list": lambda key: b"\n".join(client.lrange(key, 0, -1)),
        b"hash": lambda key: b"\n".join(k + b" " + v for k, v in client.hgetall(key).items()),
        b"set": lambda key: b"\n".join(client.smembers(key)),
        b"zset": lambda key: b"\n".join(client.zrange(key, 0, -1)),
    }
    for key in client.scan_iter("*", count=1000):
        yield "redis key", key
        kind = client.type(key)
        yield "redis value", (readers[kind](key) or b"") if kind in readers else b""
    client.close()


def files(folders: Iterable[Path], *, newer_than: float = 0) -> Iterator[tuple[str, bytes]]:
    """Every readable file below these folders."""
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= newer_than:
                    yield str(path), path.read_bytes()[:20_000_000]
            except OSError:
                continue


def finds(places: Iterable[tuple[str, bytes]], secrets: dict[str, bytes]) -> list[str]:
    """Which secrets lie where; empty is the only good answer."""
    needles = {name: spellings(secret) for name, secret in secrets.items()}
    found = set()
    for place, blob in places:
        for layer in layers(blob):
            for name, ways in needles.items():
                if any(way in layer for way in ways):
                    found.add(f"{name} in {place}")
    return sorted(found)
