"""``curator release encrypt``: a package for its way between sites."""

from __future__ import annotations

from pathlib import Path

import click

from curator.cli.common import emit_json, json_option, progress, say


@click.command("encrypt")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--recipient", "-r", "recipients", multiple=True, metavar="AGE1...", help="A public key; repeatable.")
@click.option("--recipients-file", type=click.Path(path_type=Path), metavar="FILE", help="Public keys, one a line.")
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, metavar="FILE", help="A new file.")
@json_option
def encrypt(
    folder: Path, recipients: tuple[str, ...], recipients_file: Path | None, output: Path, as_json: bool
) -> None:
    """Encrypt the package in DIR to recipients by age, as one tar file.

    The package is verified first, with the key inside it. Whoever receives the file opens it with
    'age --decrypt -i KEY FILE | tar x' and then verifies the package: age does not say who has sent it. A submission
    folder is refused, since its receiver cannot open it.

    \b
    Examples:
      curator release encrypt releases/v1.0.0 --recipient age1... --output trial-1.0.0.tar.age
      curator release encrypt releases/v1.0.0 --recipients-file sponsor.txt --output trial-1.0.0.tar.age
    """
    from curator.release.encrypt import check_package, encrypt_package, read_recipients

    keys = read_recipients(recipients, recipients_file)
    check_package(folder)
    with progress(0, "files") as bar:
        size = encrypt_package(folder, keys, output, bar.advance)
    if as_json:
        emit_json({"recipients": len(keys), "bytes": size, "file": output.name})
        return
    say(f"encrypted to {len(keys):,} recipients: {size:,} bytes")
    say("next: curator release sent VERSION --to NAME --by PERSON")
