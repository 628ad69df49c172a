#!/usr/bin/env bash
# Verify the evidence of one record with openssl (3 or later), base64, sed and nothing of curator; no network is needed.
# Usage: verify_label.sh LABEL.tlog-proof LABEL.dsse.json OPERATOR.pem SIGNER.pem     (keys come from their owners)
# Checks: the signer's signature over the record; the operator's signature on the checkpoint; that the record stands at
# its place among the records whose root is in that checkpoint (RFC 9162, section 2.1.3.2). Exit 0 only if all hold.
set -euo pipefail
export LC_ALL=C
[ $# -eq 4 ] || { echo "usage: $0 LABEL.tlog-proof LABEL.dsse.json OPERATOR.pem SIGNER.pem" >&2; exit 2; }
proof=$1 envelope=$2 operator=$3 signer=$4
for file in "$@"; do [ -r "$file" ] || { echo "a file cannot be read: $file" >&2; exit 2; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAIL  $1"; exit 4; }
signed() { openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2" -sigfile "$3" >/dev/null 2>&1; }
sha256() { openssl dgst -sha256 -binary; }

# The DSSE envelope is canonical JSON: no space, keys in order. What is signed is its pre-authentication encoding.
form='^{"payload":"\([A-Za-z0-9+/=]*\)","payloadType":"application\/vnd.in-toto+json","signatures":\[{"keyid":"[0-9a-f]*","sig":"\([A-Za-z0-9+/=]*\)"}\]}$'
sed -n "s/$form/\\1/p" "$envelope" | base64 -d >"$work/payload" || fail "the record cannot be read"
sed -n "s/$form/\\2/p" "$envelope" | base64 -d >"$work/sig" || fail "the record cannot be read"
[ -s "$work/payload" ] || fail "the record cannot be read"
type=application/vnd.in-toto+json
{ printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c <"$work/payload")"; cat "$work/payload"; } >"$work/pae"
signed "$signer" "$work/pae" "$work/sig" || fail "the signer's signature does not hold"
echo "PASS  the owner of the signer's key signed this record"

# The proof: two lines, hashes, an empty line, and the checkpoint, a signed note (text, empty line, signatures).
index=$(sed -n '2s/^index \([0-9]\{1,15\}\)$/\1/p' "$proof")
[ "$(sed -n 1p "$proof")" = "c2sp.org/tlog-proof@v1" ] && [ -n "$index" ] || fail "the proof cannot be read"
sed '1,/^$/d' "$proof" >"$work/note"
sed '/^$/,$d' "$work/note" >"$work/text"
origin=$(sed -n 1p "$work/text")
size=$(sed -n '2s/^\([0-9]\{1,15\}\)$/\1/p' "$work/text")
for number in "$index" "$size"; do
    case $number in 0?*) fail "a number begins with a zero" ;; esac # the shell would read it as octal
done
[ -n "$size" ] && [ "$index" -lt "$size" ] || fail "the proof is for a place that the checkpoint does not hold"
sed '1,/^$/d' "$work/note" | awk -v name="$origin" '$2 == name {print $3; exit}' | base64 -d 2>/dev/null |
    tail -c 64 >"$work/notesig"
signed "$operator" "$work/text" "$work/notesig" || fail "the operator's signature on the checkpoint does not hold"
echo "PASS  the operator signed the checkpoint over $size records"

# A leaf is the hash of a zero byte and the envelope, a node that of a one byte and the two below it.
{ printf '\0'; cat "$envelope"; } | sha256 >"$work/hash"
at=$index last=$((size - 1))
for line in $(sed -n '3,/^$/p' "$proof"); do
    printf '%s\n' "$line" | base64 -d >"$work/other" 2>/dev/null || fail "the proof cannot be read"
    [ "$(wc -c <"$work/other")" -eq 32 ] && [ "$last" -gt 0 ] || fail "the record does not stand at that place"
    if [ $((at & 1)) -eq 1 ] || [ "$at" -eq "$last" ]; then
        { printf '\1'; cat "$work/other" "$work/hash"; } | sha256 >"$work/node"
        while [ $((at & 1)) -eq 0 ] && [ "$at" -ne 0 ]; do at=$((at >> 1)) last=$((last >> 1)); done
    else
        { printf '\1'; cat "$work/hash" "$work/other"; } | sha256 >"$work/node"
    fi
    mv "$work/node" "$work/hash"
    at=$((at >> 1)) last=$((last >> 1))
done
[ "$last" -eq 0 ] && [ "$(base64 <"$work/hash")" = "$(sed -n 3p "$work/text")" ] ||
    fail "the record does not stand at that place"
echo "PASS  the record stands at place $index among them"
for key in "$operator" "$signer"; do
    echo "KEY   $(openssl pkey -pubin -in "$key" -outform DER 2>/dev/null | openssl dgst -sha256 -r | cut -c1-64)"
done
echo "NOTE  compare both key IDs with what the operator and the signer told you; the record says:"
cat "$work/payload"
echo
