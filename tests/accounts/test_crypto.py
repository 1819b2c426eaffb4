"""What accounts.crypto promises, for any bytes."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import crypto

ROW = UUID("6a9c9a06-92b5-4b46-a5b8-93ef5f1a49f1")
CASE = UUID("0f9b5f0e-6a51-4f16-9d19-4b0f7d3ac111")
CHEAP = crypto.Cost(ops=1, mem_kib=8)
BINDING = {
    "label": "entry",
    "case": CASE,
    "compartment": "story",
    "generation": 1,
    "row": ROW,
    "author": None,
}
OTHERWISE = {
    "label": "grant",
    "case": ROW,
    "compartment": "inbox",
    "generation": 2,
    "row": CASE,
    "author": bytes(16),
}


def bound(**changes: object) -> bytes:
    values = {**BINDING, **changes}
    return crypto.binding(values.pop("label"), **values)


def flipped(envelope: bytes, bit: int) -> bytes:
    bit %= len(envelope) * 8
    changed = bytearray(envelope)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


@given(plaintext=st.binary(max_size=3000))
def test_what_is_sealed_to_a_key_opens_with_its_private_half(plaintext):
    pair = crypto.new_key_pair()
    assert crypto.open_sealed(pair.private, crypto.seal(pair.public, plaintext)) == plaintext


@given(plaintext=st.binary(max_size=300), bit=st.integers(min_value=0))
def test_a_sealed_envelope_with_any_bit_flipped_is_refused(plaintext, bit):
    pair = crypto.new_key_pair()
    with pytest.raises(crypto.CryptoError):
        crypto.open_sealed(pair.private, flipped(crypto.seal(pair.public, plaintext), bit))


def test_a_sealed_envelope_stays_shut_for_another_key():
    envelope = crypto.seal(crypto.new_key_pair().public, b"words")
    with pytest.raises(crypto.CryptoError):
        crypto.open_sealed(crypto.new_key_pair().private, envelope)


def test_a_sealed_private_key_is_refused_unless_it_belongs_to_its_row():
    holder, compartment, stranger = (crypto.new_key_pair() for _ in range(3))
    grant = crypto.seal(holder.public, compartment.private)
    assert crypto.open_private(holder.private, grant, public=compartment.public) == compartment.private
    with pytest.raises(crypto.CryptoError):
        crypto.open_private(holder.private, grant, public=stranger.public)
    with pytest.raises(crypto.CryptoError):
        short = crypto.seal(holder.public, b"short")
        crypto.open_private(holder.private, short, public=compartment.public)


@given(plaintext=st.binary(max_size=3000))
def test_what_is_encrypted_opens_under_the_same_key_and_binding(plaintext):
    key = crypto.new_key()
    envelope = crypto.encrypt(key, plaintext, bound=bound())
    assert crypto.decrypt(key, envelope, bound=bound()) == plaintext


@given(plaintext=st.binary(max_size=300), bit=st.integers(min_value=0))
def test_an_envelope_with_any_bit_flipped_is_refused(plaintext, bit):
    key = crypto.new_key()
    envelope = crypto.encrypt(key, plaintext, bound=bound())
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(key, flipped(envelope, bit), bound=bound())


@pytest.mark.parametrize("part", BINDING)
def test_an_envelope_moved_to_another_place_is_refused(part):
    key = crypto.new_key()
    envelope = crypto.encrypt(key, b"words", bound=bound())
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(key, envelope, bound=bound(**{part: OTHERWISE[part]}))


@pytest.mark.parametrize("cut", [0, 1, 24, 25, 40])
def test_an_envelope_that_was_cut_is_refused(cut):
    key = crypto.new_key()
    envelope = crypto.encrypt(key, b"", bound=bound())
    with pytest.raises(crypto.CryptoError):
        crypto.decrypt(key, envelope[:cut], bound=bound())


def test_an_unknown_version_is_refused():
    key, pair = crypto.new_key(), crypto.new_key_pair()
    with pytest.raises(crypto.CryptoError, match="version"):
        crypto.decrypt(key, b"\x02" + crypto.encrypt(key, b"words", bound=bound())[1:], bound=bound())
    with pytest.raises(crypto.CryptoError, match="version"):
        crypto.open_sealed(pair.private, b"\x02" + crypto.seal(pair.public, b"words")[1:])
    with pytest.raises(crypto.CryptoError, match="version"):
        list(crypto.decrypt_stream(key, [b"\x02"], bound=bound()))


@given(label=st.text(max_size=50), compartment=st.text(max_size=50), generation=st.integers(0, 2**64 - 1))
def test_every_binding_has_the_same_length(label, compartment, generation):
    made = bound(label=label, compartment=compartment, generation=generation, author=uuid4())
    assert len(made) == len(bound())


def test_an_author_of_the_wrong_length_is_refused():
    with pytest.raises(crypto.CryptoError):
        bound(author=b"short")


sizes = st.one_of(
    st.integers(0, 200),
    st.sampled_from([crypto.STREAM_CHUNK * n + d for n in (1, 2) for d in (-1, 0, 1)]),
)


@settings(deadline=None, max_examples=40)
@given(size=sizes, piece=st.integers(1, 200_000), read=st.integers(1000, 200_000))
def test_a_stream_comes_back_whole_however_it_is_cut_into_pieces(size, piece, read):
    key, plaintext = crypto.new_key(), bytes(index % 251 for index in range(size))
    written = b"".join(crypto.encrypt_stream(key, cut(plaintext, piece), bound=bound()))
    assert b"".join(crypto.decrypt_stream(key, cut(written, read), bound=bound())) == plaintext


@settings(deadline=None, max_examples=40)
@given(size=sizes, missing=st.integers(1, 100_000))
def test_a_truncated_stream_is_refused(size, missing):
    key = crypto.new_key()
    written = b"".join(crypto.encrypt_stream(key, [bytes(size)], bound=bound()))
    with pytest.raises(crypto.CryptoError):
        list(crypto.decrypt_stream(key, [written[: max(0, len(written) - missing)]], bound=bound()))


def test_a_stream_cut_between_two_chunks_is_refused():
    key = crypto.new_key()
    pieces = list(crypto.encrypt_stream(key, [bytes(crypto.STREAM_CHUNK * 2)], bound=bound()))
    assert len(pieces) == 3
    with pytest.raises(crypto.CryptoError):
        list(crypto.decrypt_stream(key, pieces[:-1], bound=bound()))
    with pytest.raises(crypto.CryptoError):
        list(crypto.decrypt_stream(key, [pieces[0], pieces[2], pieces[1]], bound=bound()))
    with pytest.raises(crypto.CryptoError):
        list(crypto.decrypt_stream(key, [*pieces, b"more"], bound=bound()))


@settings(deadline=None)
@given(size=st.integers(0, 300), bit=st.integers(min_value=0))
def test_a_stream_with_any_bit_flipped_is_refused(size, bit):
    key = crypto.new_key()
    written = b"".join(crypto.encrypt_stream(key, [bytes(size)], bound=bound()))
    with pytest.raises(crypto.CryptoError):
        list(crypto.decrypt_stream(key, [flipped(written, bit)], bound=bound()))


def test_a_stream_moved_to_another_place_is_refused():
    key = crypto.new_key()
    written = list(crypto.encrypt_stream(key, [b"picture"], bound=bound()))
    with pytest.raises(crypto.CryptoError):
        list(crypto.decrypt_stream(key, written, bound=bound(row=CASE)))


@given(plaintext=st.binary(max_size=5000), step=st.sampled_from([1, 16, 1024, 4096]))
def test_padding_goes_up_in_fixed_steps_and_comes_off_again(plaintext, step):
    padded = crypto.pad(plaintext, step)
    assert len(padded) % step == 0
    assert 0 < len(padded) - len(plaintext) <= step
    assert crypto.unpad(padded) == plaintext


@pytest.mark.parametrize("broken", [b"", bytes(16), b"no mark"])
def test_broken_padding_is_refused(broken):
    with pytest.raises(crypto.CryptoError):
        crypto.unpad(broken)


def test_stretching_depends_on_secret_salt_and_cost():
    salt, other_salt = bytes(16), b"\x01" * 16
    made = crypto.stretch(b"1234", salt=salt, cost=CHEAP)
    assert made == crypto.stretch(b"1234", salt=salt, cost=CHEAP)
    assert len(made) == 32
    assert made != crypto.stretch(b"1235", salt=salt, cost=CHEAP)
    assert made != crypto.stretch(b"1234", salt=other_salt, cost=CHEAP)
    assert made != crypto.stretch(b"1234", salt=salt, cost=replace(CHEAP, ops=2))


def test_a_salt_of_the_wrong_length_is_refused():
    with pytest.raises(crypto.CryptoError):
        crypto.stretch(b"1234", salt=b"short", cost=CHEAP)


def test_stretching_is_the_argon2id_everybody_else_computes():
    from argon2.low_level import Type, hash_secret_raw

    theirs = hash_secret_raw(b"1234", b"s" * 16, 4, 9 * 1024, 1, 32, Type.ID)
    assert crypto.stretch(b"1234", salt=b"s" * 16, cost=crypto.RECEIPT_COST) == theirs


@given(parts=st.lists(st.binary(max_size=5), min_size=2, max_size=4))
def test_derived_keys_do_not_blur_the_borders_between_parts(parts):
    key = bytes(32)
    merged = [parts[0] + parts[1], *parts[2:]]
    assert crypto.derive(key, "label", *parts) != crypto.derive(key, "label", *merged)
    assert crypto.derive(key, "label", *parts) != crypto.derive(key, "other", *parts)


def test_errors_and_key_pairs_show_no_secret():
    pair = crypto.new_key_pair()
    assert repr(pair.private) not in repr(pair)
    with pytest.raises(crypto.CryptoError) as refused:
        crypto.decrypt(pair.private, b"\x01secret words", bound=b"")
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def cut(whole: bytes, size: int) -> list[bytes]:
    return [whole[start : start + size] for start in range(0, len(whole), size)] or [b""]
