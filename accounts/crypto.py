"""Cryptography, bytes in and bytes out: this module knows no models and no settings.

Every primitive is libsodium's, reached through PyNaCl; none is written here. Every envelope starts with a
version byte, and an unknown version is refused. Whatever goes wrong is a `CryptoError` without content.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import nacl.exceptions
import nacl.pwhash.argon2id
from nacl import bindings as sodium
from nacl.utils import random as random_bytes

VERSION: Final = b"\x01"
KEY_BYTES: Final = 32
SALT_BYTES: Final = nacl.pwhash.argon2id.SALTBYTES
NONCE_BYTES: Final = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
STREAM_HEADER_BYTES: Final = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
STREAM_CHUNK: Final = 64 * 1024
_SEALED_CHUNK: Final = STREAM_CHUNK + sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_FAILURES: Final = (nacl.exceptions.CryptoError, ValueError, TypeError)


class CryptoError(Exception):
    """Something could not be sealed or opened. Says what was tried and never what was in it."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An X25519 key pair."""

    private: bytes = field(repr=False)
    public: bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """What one Argon2id costs: passes over the memory, and the memory in KiB."""

    ops: int
    mem_kib: int


# The only place where the cost of stretching is named. A receipt is 15 random digits and is stretched while a
# worker waits, several at once in one web process: OWASP's equal of 19 MiB in two passes, with less memory. A password
# is what a person could think of.
RECEIPT_COST: Final = Cost(ops=4, mem_kib=9 * 1024)
PASSWORD_COST: Final = Cost(ops=3, mem_kib=64 * 1024)


def new_key() -> bytes:
    """Return a fresh random key."""
    return random_bytes(KEY_BYTES)


def new_salt() -> bytes:
    """Return a fresh random salt for `stretch`."""
    return random_bytes(SALT_BYTES)


def new_key_pair() -> KeyPair:
    """Return a fresh X25519 key pair."""
    private = random_bytes(KEY_BYTES)
    return KeyPair(private=private, public=public_of(private))


def public_of(private: bytes) -> bytes:
    """Return the public half of a private key."""
    try:
        return sodium.crypto_scalarmult_base(private)
    except _FAILURES:
        raise CryptoError("not a private key") from None


def same(one: bytes, other: bytes) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one, other)


# --- Letterboxes: sealed to a public key


def seal(public: bytes, plaintext: bytes) -> bytes:
    """Seal to a public key; only its private half opens it. It says not who sealed it and binds nothing."""
    try:
        return VERSION + sodium.crypto_box_seal(plaintext, public)
    except _FAILURES:
        raise CryptoError("cannot seal to this key") from None


def open_sealed(private: bytes, envelope: bytes) -> bytes:
    """Open what `seal` made. Whoever can write could have sealed it: check what comes out against its row."""
    sealed = _body_of(envelope)
    try:
        return sodium.crypto_box_seal_open(sealed, public_of(private), private)
    except _FAILURES:
        raise CryptoError("sealed envelope does not open") from None


def open_private(private: bytes, envelope: bytes, *, public: bytes) -> bytes:
    """Open a sealed private key; refuse it unless it is the private half of `public`, the key in its row."""
    opened = open_sealed(private, envelope)
    if len(opened) != KEY_BYTES or not same(public_of(opened), public):
        raise CryptoError("sealed key does not belong to its row")
    return opened


# --- Envelopes under a shared key


def binding(
    label: str, *, case: UUID, compartment: str, generation: int, row: UUID, author: UUID | bytes | None
) -> bytes:
    """Return what an envelope is bound to, always of one length, so that no two contexts share a binding."""
    if author is None:
        author_field = bytes(17)
    else:
        author_field = b"\x01" + (author.bytes if isinstance(author, UUID) else author)
    if len(author_field) != 17 or not 0 <= generation < 2**64:
        raise CryptoError("binding is out of range")
    return b"".join(
        [
            _digest(label),
            case.bytes,
            _digest(compartment),
            generation.to_bytes(8, "big"),
            row.bytes,
            author_field,
        ]
    )


def encrypt(key: bytes, plaintext: bytes, *, bound: bytes) -> bytes:
    """Encrypt under a key (XChaCha20-Poly1305, random nonce), bound to the version and to `bound`."""
    nonce = random_bytes(NONCE_BYTES)
    try:
        sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, VERSION + bound, nonce, key)
    except _FAILURES:
        raise CryptoError("cannot encrypt under this key") from None
    return VERSION + nonce + sealed


def decrypt(key: bytes, envelope: bytes, *, bound: bytes) -> bytes:
    """Open what `encrypt` made under the same key and binding; refuse everything else."""
    body = _body_of(envelope)
    nonce, sealed = body[:NONCE_BYTES], body[NONCE_BYTES:]
    try:
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, VERSION + bound, nonce, key)
    except _FAILURES:
        raise CryptoError("envelope does not open") from None


def encrypt_stream(key: bytes, chunks: Iterable[bytes], *, bound: bytes) -> Iterator[bytes]:
    """Encrypt a stream of any length, piece by piece (secretstream); the last piece carries the final tag."""
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    try:
        header = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    except _FAILURES:
        raise CryptoError("cannot encrypt under this key") from None
    yield VERSION + header
    for chunk, is_last in _recut(chunks, STREAM_CHUNK):
        tag = (
            sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if is_last
            else sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        yield sodium.crypto_secretstream_xchacha20poly1305_push(state, chunk, VERSION + bound, tag)


def decrypt_stream(key: bytes, chunks: Iterable[bytes], *, bound: bytes) -> Iterator[bytes]:
    """Open what `encrypt_stream` made. A stream that is cut, extended or reordered raises before it is over.

    Pieces come out as they are read: act on them only when the iterator has ended without a `CryptoError`.
    """
    pieces = iter(chunks)
    start = b""
    for piece in pieces:
        start += piece
        if len(start) >= 1 + STREAM_HEADER_BYTES:
            break
    body = _body_of(start)
    header, rest = body[:STREAM_HEADER_BYTES], body[STREAM_HEADER_BYTES:]
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    try:
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, header, key)
    except _FAILURES:
        raise CryptoError("stream does not open") from None
    for sealed, is_last in _recut(_chain(rest, pieces), _SEALED_CHUNK):
        try:
            chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, VERSION + bound)
        except (*_FAILURES, RuntimeError):
            raise CryptoError("stream does not open") from None
        if is_last != (tag == sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL):
            raise CryptoError("stream does not end where it should")
        yield chunk


# --- Padding, stretching, deriving


def pad(plaintext: bytes, step: int) -> bytes:
    """Pad to the next multiple of `step` bytes (ISO/IEC 7816-4), so that only the number of steps shows."""
    if step < 1:
        raise CryptoError("padding step must be positive")
    padded = plaintext + b"\x80"
    return padded + bytes(-len(padded) % step)


def unpad(padded: bytes) -> bytes:
    """Undo `pad`."""
    stripped = padded.rstrip(b"\x00")
    if not stripped.endswith(b"\x80"):
        raise CryptoError("padding is broken")
    return stripped[:-1]


def stretch(secret: bytes, *, salt: bytes, cost: Cost) -> bytes:
    """Turn something a person can type into 32 bytes, at a price (Argon2id)."""
    try:
        return nacl.pwhash.argon2id.kdf(KEY_BYTES, secret, salt, opslimit=cost.ops, memlimit=cost.mem_kib * 1024)
    except (*_FAILURES, MemoryError, RuntimeError):
        raise CryptoError("cannot stretch with this salt and cost") from None


def derive(key: bytes, label: str, *parts: bytes) -> bytes:
    """Derive 32 bytes from a key for one purpose (keyed BLAKE2b); each part carries its length."""
    if not 16 <= len(key) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise CryptoError("key to derive from has the wrong length")
    digest = hashlib.blake2b(key=key, digest_size=KEY_BYTES)
    for part in (label.encode(), *parts):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _body_of(envelope: bytes) -> bytes:
    if envelope[:1] != VERSION:
        raise CryptoError("envelope has an unknown version")
    return envelope[1:]


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _recut(pieces: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Cut pieces of any size into chunks of exactly `size`; say which one, maybe shorter, is the last."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True
