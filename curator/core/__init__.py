"""What every room may use: errors, files, canonical bytes, clocks, small types. Imports no other room."""
