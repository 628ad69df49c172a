"""IQ: what the program's promises rest on, asked of this machine and of the file system of the scratch folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from datetime import UTC, datetime, timedelta

from curator.core.clock import offset_text, utc_text
from curator.validation.bench import Bench
from curator.validation.model import NotCheckedError, Register, expect

check = Register()
CLAUSE = "11.10(a)"
LEAST_FREE = 1 << 30
#: What key stores and vaults use at the least.
WORK = {"n": 1 << 17, "r": 8, "p": 1}
#: No sound clock of a machine that runs this version shows an earlier day.
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
LATEST = timedelta(days=365 * 40)
SKEW = 120.0


@check(
    "IQ-10",
    "11.10(c)",
    "Two writers cannot take one name: hard links work.",
    "the second writer is told so, and the first one's bytes stay",
)
def put_once(bench: Bench) -> str:
    """Put a file twice."""
    from curator.core.files import put_if_absent

    path = bench.folder / "one"
    expect(put_if_absent(path, b"first"), "the first writer was refused")
    expect(not put_if_absent(path, b"second"), "the second writer was not refused")
    expect(path.read_bytes() == b"first", "the second writer's bytes took the place of the first one's")
    expect(sorted(os.listdir(bench.folder)) == ["one"], "a temporary file was left")
    return "second writer refused, first bytes unchanged"


@check(
    "IQ-11",
    "11.10(c)",
    "A file is replaced whole: renaming works over a file that is open.",
    "an open reader keeps the old bytes, a new one sees the new ones",
)
def replaced_whole(bench: Bench) -> str:
    """Replace a file under a reader."""
    from curator.core.files import write_whole

    path = bench.folder / "one"
    write_whole(path, b"old bytes")
    with path.open("rb") as reader:
        write_whole(path, b"new bytes, longer")
        expect(reader.read() == b"old bytes", "an open reader saw the new bytes")
    expect(path.read_bytes() == b"new bytes, longer", "a new reader did not see the new bytes")
    return "old bytes kept for an open reader, new ones for the next"


@check(
    "IQ-12",
    "11.10(c)",
    "Files and folders can be flushed to the disk.",
    "fsync of a file and of its folder returns, and the bytes are there",
)
def flushed(bench: Bench) -> str:
    """Flush a file and its folder. Whether the disk then keeps its word cannot be asked of it."""
    from curator.core.files import sync_folder

    path = bench.folder / "one"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, b"bytes")
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(bench.folder)
    expect(path.read_bytes() == b"bytes", "the bytes are not there")
    return "fsync of file and folder returned"


@check(
    "IQ-13",
    "11.10(d)",
    "Permissions hold: keys and vaults can be kept to their owner.",
    "a folder of mode 0700 and a file of mode 0600 show these modes",
)
def permissions(bench: Bench) -> str:
    """Make a folder and a file as the key store does, and ask for their modes."""
    from curator.core.files import make_folder, write_whole

    folder, path = bench.folder / "private", bench.folder / "private" / "one"
    make_folder(folder, 0o700)
    write_whole(path, b"x", 0o600)
    modes = folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777
    expect(modes == (0o700, 0o600), f"the modes are {modes[0]:04o} and {modes[1]:04o}")
    expect(path.stat().st_uid == os.geteuid(), "the file belongs to somebody else")
    return "0700 and 0600, owned by who runs this"


@check(
    "IQ-14",
    "11.10(c)",
    "Only one process holds a lock.",
    "a second holder is refused until the first lets go",
)
def locks(bench: Bench) -> str:
    """Take a lock twice."""
    path = bench.folder / "lock"
    first, second = (os.open(path, os.O_RDWR | os.O_CREAT, 0o600) for _ in range(2))
    try:
        fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
        expect(not _locks(second), "two holders at once")
        fcntl.flock(first, fcntl.LOCK_UN)
        expect(_locks(second), "the lock was not let go")
    finally:
        os.close(first)
        os.close(second)
    return "second holder refused while the first held it"


def _locks(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@check(
    "IQ-15",
    CLAUSE,
    "There is room on the file system.",
    "1 GiB or more is free",
)
def room(bench: Bench) -> str:
    """Ask for the free space."""
    free = shutil.disk_usage(bench.folder).free
    expect(free >= LEAST_FREE, f"only {free >> 20:,} MiB are free")
    return f"{free >> 30:,} GiB free"


@check(
    "IQ-16",
    "11.10(e)",
    "The clock can be sane: it runs forward, knows its offset from UTC, and agrees with the file system.",
    "after this version's release, within 40 years of it, within two minutes of the time of a new file",
)
def clock(bench: Bench) -> str:
    """Look at the clock. Whether it is synchronized is the customer's to see to (duty D-07)."""
    now = bench.clock.now()
    expect(now.tzinfo is not None and now.utcoffset() is not None, "the clock does not know its offset from UTC")
    expect(now >= RELEASED, f"the clock says {utc_text(now)}, which is before this version was made")
    expect(now <= RELEASED + LATEST, f"the clock says {utc_text(now)}, which is decades ahead")
    before = time.monotonic_ns()
    again = bench.clock.now()
    expect(again >= now and time.monotonic_ns() >= before, "the clock ran backwards")
    path = bench.folder / "one"
    path.write_bytes(b"x")
    apart = abs(path.stat().st_mtime - bench.clock.now().timestamp())
    expect(apart <= SKEW, f"the file system's time is {apart:,.0f} s away from the clock's")
    return f"UTC {utc_text(now)}, local offset {offset_text(now)}, file system within {max(1, round(apart))} s"


@check(
    "IQ-17",
    "11.300(d)",
    "There is memory for the key derivation that guards keys and vaults.",
    "scrypt with n = 2^17, r = 8, p = 1 (128 MiB) gives 32 bytes, and the test vector of RFC 7914",
)
def derivation(_bench: Bench) -> str:
    """Derive a key as the key store does, and one vector of RFC 7914 section 12."""
    known = hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=16, maxmem=64 << 20, dklen=16)
    expect(known.hex() == "fdbabe1c9d3472007856e7190d01e9fe", "scrypt does not give the vector of RFC 7914")
    try:
        made = hashlib.scrypt(b"x" * 12, salt=bytes(16), **WORK, maxmem=256 * WORK["n"] * WORK["r"], dklen=32)
    except (MemoryError, ValueError):
        raise NotCheckedError("there is not enough memory for scrypt") from None
    expect(len(made) == 32, "scrypt gave another length")
    return "128 MiB used, vector of RFC 7914 matches"


@check(
    "IQ-18",
    CLAUSE,
    "There is a source of randomness for keys.",
    "two draws of 32 bytes differ, and 64 KiB show no gross bias",
)
def randomness(_bench: Bench) -> str:
    """Draw from the system's source. This finds a source that is stuck, not one that can be predicted."""
    one, two = os.urandom(32), os.urandom(32)
    expect(one != two and len(one) == len(two) == 32, "two draws are the same")
    size = 1 << 16
    ones = sum(byte.bit_count() for byte in os.urandom(size))
    # 8 standard deviations of a fair coin thrown 2^19 times.
    expect(abs(ones - size * 4) <= 8 * 362, "the source is biased")
    return f"{ones:,} of {size * 8:,} bits are ones"


@check(
    "IQ-19",
    "11.70",
    "The cryptography gives the results of the standards.",
    "SHA-256 of FIPS 180-4, Ed25519 of RFC 8032 section 7.1 test 2, AES-256-GCM over no text, as published",
)
def known_answers(_bench: Bench) -> str:
    """Compute one known answer an algorithm."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from curator.provenance.keys import SeedSigner, verify

    expect(
        hashlib.sha256(b"abc").hexdigest() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA-256 gives another digest",
    )
    signer = SeedSigner(bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    made = signer.sign(b"\x72")
    wanted = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    expect(made.hex() == wanted, "Ed25519 gives another signature")
    expect(verify(signer.public, made, b"\x72"), "Ed25519 refuses a good signature")
    expect(not verify(signer.public, made, b"\x73"), "Ed25519 takes a signature over other bytes")
    tag = AESGCM(bytes(32)).encrypt(bytes(12), b"", None).hex()
    expect(tag == "530f8afbc74536b9a963b4f1c4cb738b", "AES-256-GCM gives another tag")
    return "three known answers match"
