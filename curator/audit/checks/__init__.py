"""The checks, one file each; :mod:`curator.audit.catalog` lists them."""
