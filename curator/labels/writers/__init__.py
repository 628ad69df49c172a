"""Writers of signed labels to other tools' forms, one file a form; the table lists them.

A writer must never drop a label unseen: what its form cannot say is refused with a code, and counted.
"""
