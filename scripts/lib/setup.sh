# Sourced by scripts/quickstart and scripts/test: makes .venv ready, or says in one sentence why it cannot.
# Leaves a .venv that is ready alone, and never removes one that works.

say() { printf '%s\n' "$*" >&2; }
fail() { say "$1"; say "hint: $2"; exit 1; }

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    local name old=""
    for name in python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null 2>&1; then
            if fits "$name"; then
                printf '%s\n' "$name"
                return
            fi
            old=$("$name" -c 'import platform; print(platform.python_version())' 2>/dev/null || printf '%s' "$old")
        fi
    done
    [ -z "$old" ] || fail "Python is too old here (found $old; 3.11 or newer is needed)." \
        "Install Python 3.11, 3.12 or 3.13, then run this again."
    fail "Python is missing here (3.11 or newer is needed)." "Install Python 3.11, 3.12 or 3.13, then run this again."
}

# One digest over all that decides what is installed: the pins, the project file and the interpreter.
stamp_of() {
    "$1" -c 'import hashlib, pathlib, sys
parts = [pathlib.Path(n).read_bytes() for n in ("constraints.txt", "pyproject.toml")]
print(hashlib.sha256(b"\0".join([*parts, sys.version.encode(), str(pathlib.Path.cwd()).encode()])).hexdigest())'
}

not_installed() {
    fail "Installation failed: not all packages of constraints.txt could be installed." \
        "If the lines above speak of a connection, the network or the package index is away; run this again when it is back."
}

setup() {
    local base="" stamp=""
    if [ -e .venv ] || [ -L .venv ]; then
        if [ -x .venv/bin/python ] && .venv/bin/python -c '' >/dev/null 2>&1; then
            fits .venv/bin/python || fail "The Python in .venv is too old (3.11 or newer is needed)." \
                "Move .venv away, then run this again; it is left as it is."
            stamp=$(stamp_of .venv/bin/python)
            if [ "$(cat .venv/.curator-stamp 2>/dev/null)" = "$stamp" ] && [ -x .venv/bin/curator ]; then
                return
            fi
        elif [ -f .venv/pyvenv.cfg ]; then
            say "The Python of .venv is gone; making it anew."
            base=$(find_python)
        else
            fail "There is a .venv here that is no virtual environment." "Move it away, then run this again."
        fi
    else
        base=$(find_python)
    fi

    if command -v uv >/dev/null 2>&1; then
        if [ -n "$base" ]; then
            say "Making .venv with uv and $base"
            uv venv --quiet --clear --no-python-downloads --python "$(command -v "$base")" .venv ||
                fail "The virtual environment could not be made." "See the lines above."
        fi
        say "Installing with uv"
        uv pip install --quiet --python .venv/bin/python --require-hashes -r constraints.txt || not_installed
        uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e . || not_installed
    else
        if [ -n "$base" ]; then
            say "Making .venv with $base"
            "$base" -m venv --clear .venv || fail "The virtual environment could not be made." \
                "On Debian and Ubuntu the package python3-venv is needed; then run this again."
        fi
        say "Installing with pip (the first time takes a minute or two)"
        .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null ||
            fail "There is no pip in .venv." "Install uv or pip, then run this again."
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt ||
            not_installed
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ||
            not_installed
    fi
    .venv/bin/curator --version >/dev/null || fail "The installed program does not start." "See the lines above."
    stamp_of .venv/bin/python >.venv/.curator-stamp
}
