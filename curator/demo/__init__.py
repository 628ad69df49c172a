"""A made-up hospital, the whole way through the program, and a byte search that shares no code with the scrubber.

Everything here is synthetic: patients, staff, addresses and numbers are invented, images come from pydicom's own test
files. Imports no room of the program but core: it uses the program as a user does, through its commands.
"""
