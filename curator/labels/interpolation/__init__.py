"""Labels filled in between signed ones: between slices, and between the key frames of tracks.

What is made here is nobody's reading: it says ``interpolated`` and names the records on both sides. It must never reach
beyond the first or the last label, and never guess which of two labels belongs to which.
"""
