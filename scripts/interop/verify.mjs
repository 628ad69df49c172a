// Verifies DSSE envelopes and inclusion proofs with the npm package @sigstore/verify, and no code of curator.
// Usage: node verify.mjs FOLDER, where FOLDER/node_modules holds the package. Reads one JSON array of cases on standard
// input and writes one JSON array: true where a case was accepted.
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const require = createRequire(join(resolve(process.argv[2]), "here.js"));
const { bundleFromJSON } = require("@sigstore/bundle");
const { Verifier, toSignedEntity } = require("@sigstore/verify");

// The package's own check of a Rekor entry's inclusion proof (RFC 6962), which its index does not export.
const { verifyMerkleInclusion } = require(join(resolve(process.argv[2]), "node_modules/@sigstore/verify/dist/tlog/merkle.js"));

const SPKI = {
  32: Buffer.from("302a300506032b6570032100", "hex"),
  65: Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex"),
};

function inclusion(data) {
  const bytes = (text) => Buffer.from(text, "base64");
  const proof = { logIndex: String(data.index), hashes: data.path.map(bytes) };
  const entry = { canonicalizedBody: bytes(data.entry), inclusionProof: proof };
  verifyMerkleInclusion(entry, { logSize: String(data.size), logHash: bytes(data.root) });
}

function accepted({ job, data }) {
  try {
    if (job === "inclusion") {
      inclusion(data);
      return true;
    }
    const key = Buffer.from(data.key, "base64");
    const der = Buffer.concat([SPKI[key.length], key]);
    const trust = {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: (hint) => {
        if (hint !== data.keyid) throw new Error("unknown key");
        return { publicKey: createPublicKey({ key: der, format: "der", type: "spki" }), validFor: () => true };
      },
    };
    const bundle = bundleFromJSON({
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.2",
      verificationMaterial: { publicKey: { hint: data.keyid }, tlogEntries: [] },
      dsseEnvelope: data.envelope,
    });
    const options = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };
    new Verifier(trust, options).verify(toSignedEntity(bundle));
    return true;
  } catch {
    return false;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(accepted)));
