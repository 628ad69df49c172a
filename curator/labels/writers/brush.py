"""Label Studio's brush masks: run lengths of RGBA bytes in the packing of thi.ng's rle-pack.

Bits, the highest first: 32 for the count of values, 5 for the bits of a value less 1, four times 4 for the bits of a
length less 1. Then for each run: 1 bit that the value repeats, 2 bits for which of the four lengths, the length less 1,
the value. :func:`curator.labels.readers.label_studio_shapes.brush` reads it.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Bits of a length, the four choices; the last holds runs of 65,536 values.
LENGTHS = (3, 4, 8, 16)
_VALUE = 8


def packed(runs: Sequence[int]) -> bytes:
    """Pack a mask.

    Parameters
    ----------
    runs
        Run lengths by rows, zeros first.

    Returns
    -------
    bytes
        A pixel inside is 255 in all of its four values, one outside is 0.
    """
    bits: list[str] = [f"{4 * sum(runs):032b}", f"{_VALUE - 1:05b}", *(f"{length - 1:04b}" for length in LENGTHS)]
    for number, run in enumerate(runs):
        left = 4 * run
        value = f"{255 if number % 2 else 0:08b}"
        while left:
            piece = min(left, 1 << LENGTHS[-1])
            which = next(at for at, length in enumerate(LENGTHS) if piece <= 1 << length)
            bits.append(f"1{which:02b}{piece - 1:0{LENGTHS[which]}b}{value}")
            left -= piece
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big") if text else b""
