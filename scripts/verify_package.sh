#!/usr/bin/env bash
# Verify a released package with sha256sum, openssl (3 or later) and nothing of curator.
# Usage: verify_package.sh PACKAGE OPERATOR.pem     (the key comes from the operator, not out of the package)
# Checks: every payload file is as listed, none is missing or added; the tag files; the operator's signature over the
# tag manifest; the operator's signature on the ledger's checkpoint. Exit 0 only if all of it holds.
set -euo pipefail
export LC_ALL=C
[ $# -eq 2 ] || { echo "usage: $0 PACKAGE OPERATOR.pem" >&2; exit 2; }
package=$1
key=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
cd "$package"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAIL  $1"; exit 4; }
if command -v sha256sum >/dev/null; then sum() { sha256sum "$@"; }; else sum() { shasum -a 256 "$@"; }; fi

[ -z "$(find . ! -type f ! -type d)" ] || fail "the package holds something that is no plain file or folder"
find data -type f | sort >"$work/there"
cut -c67- manifest-sha256.txt | sort >"$work/listed"
cmp -s "$work/there" "$work/listed" || fail "payload files are missing or added: $(comm -3 "$work/there" "$work/listed" | wc -l)"
sum --strict -c manifest-sha256.txt >"$work/log" 2>&1 || fail "a payload file was changed: $(grep -c FAILED "$work/log")"
echo "PASS  $(wc -l <"$work/there") payload files, each as listed, none missing, none added"
# Tag files of every bag, and those that a package may have besides them, if they are there.
{ printf '%s\n' bag-info.txt bagit.txt manifest-sha256.txt
  for name in README.txt croissant.json ro-crate-metadata.json; do if [ -f "$name" ]; then echo "$name"; fi; done; } |
    sort >"$work/tags"
cut -c67- tagmanifest-sha256.txt | cmp -s - "$work/tags" || fail "the tag manifest lists other files"
sum --strict -c tagmanifest-sha256.txt >/dev/null 2>&1 || fail "a tag file was changed"
printf '%s\n' signatures/release.dsse.json tagmanifest-sha256.txt | sort - "$work/tags" >"$work/beside"
find . -path ./data -prune -o -type f -print | cut -c3- | sort | cmp -s - "$work/beside" ||
    fail "a file was added beside the payload"
echo "PASS  tag files as listed, nothing else beside the payload"

# The DSSE envelope is canonical JSON: no space, keys in order. What is signed is its pre-authentication encoding.
envelope=signatures/release.dsse.json
sed -n 's/^{"payload":"\([A-Za-z0-9+/=]*\)","payloadType":"application\/vnd.in-toto+json","signatures":\[{"keyid":"[0-9a-f]*","sig":"[A-Za-z0-9+/=]*"}\]}$/\1/p' \
    "$envelope" | base64 -d >"$work/payload"
sed -n 's/.*"sig":"\([A-Za-z0-9+/=]*\)"}\]}$/\1/p' "$envelope" | base64 -d >"$work/sig"
[ -s "$work/payload" ] || fail "the signed statement cannot be read"
type=application/vnd.in-toto+json
{ printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <"$work/payload")"; cat "$work/payload"; } >"$work/pae"
openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$work/pae" -sigfile "$work/sig" >/dev/null 2>&1 ||
    fail "the operator's signature does not hold"
digest=$(sum tagmanifest-sha256.txt | cut -c1-64)
grep -qF "\"subject\":[{\"digest\":{\"sha256\":\"$digest\"},\"name\":\"tagmanifest-sha256.txt\"}]" "$work/payload" ||
    fail "the signature is for another tag manifest"
echo "PASS  the operator signed this tag manifest"

# The checkpoint is a C2SP signed note: text, empty line, one signature (4 bytes of key ID, then 64 bytes).
checkpoint=data/ledger/checkpoint
sed '/^$/,$d' "$checkpoint" >"$work/text"
sed -n '/^$/,$p' "$checkpoint" | sed -n '2s/.* //p' | base64 -d | tail -c 64 >"$work/notesig"
openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$work/text" -sigfile "$work/notesig" >/dev/null 2>&1 ||
    fail "the operator's signature on the checkpoint does not hold"
[ "$(wc -l <data/ledger/leaves.txt)" -eq "$(sed -n 2p "$checkpoint")" ] || fail "leaf hashes are missing"
echo "PASS  the operator signed the checkpoint over $(sed -n 2p "$checkpoint") records"
echo "KEY   the ID of the key given is $(openssl pkey -pubin -in "$key" -outform DER 2>/dev/null | sum | cut -c1-64)"
echo "NOTE  not checked here: that the leaf hashes give the checkpoint's root, and each record's own signature;"
echo "      'curator release verify' does, and docs/how-to/verify-a-package.md says how to do it by hand"
