// Verifies checkpoints, proofs, trees and tiled logs with golang.org/x/mod/sumdb, and no code of curator.
//
// Reads one JSON array of cases on standard input and writes one JSON array: true where a case was accepted.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type data struct {
	Note    []byte   `json:"note"`
	Vkey    string   `json:"vkey"`
	Entries [][]byte `json:"entries"`
	Entry   []byte   `json:"entry"`
	Index   int64    `json:"index"`
	Old     int64    `json:"old"`
	OldRoot []byte   `json:"oldRoot"`
	Size    int64    `json:"size"`
	Root    []byte   `json:"root"`
	Path    [][]byte `json:"path"`
	Folder  string   `json:"folder"`
}

type testCase struct {
	Job  string `json:"job"`
	Data data   `json:"data"`
}

func hash(b []byte) (h tlog.Hash, err error) {
	if len(b) != tlog.HashSize {
		return h, errors.New("not a hash")
	}
	copy(h[:], b)
	return h, nil
}

func open(signed []byte, vkey string) (string, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	return opened.Text, nil
}

// checkpoint is verified by the note package alone; whether its signer's name is the log's is checked here.
func checkpoint(d data) (tree tlog.Tree, err error) {
	text, err := open(d.Note, d.Vkey)
	if err != nil {
		return tree, err
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || !strings.HasPrefix(d.Vkey, lines[0]+"+") {
		return tree, errors.New("not this log's checkpoint")
	}
	if _, err := fmt.Sscanf(lines[1], "%d", &tree.N); err != nil {
		return tree, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil {
		return tree, err
	}
	tree.Hash, err = hash(root)
	return tree, err
}

func whole(d data) error {
	if int64(len(d.Entries)) != d.Size {
		return errors.New("entries are missing or too many")
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, n := range at {
			out[i] = stored[n]
		}
		return out, nil
	})
	for n, entry := range d.Entries {
		more, err := tlog.StoredHashes(int64(n), entry, reader)
		if err != nil {
			return err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(d.Size, reader)
	if err != nil {
		return err
	}
	wanted, err := hash(d.Root)
	if err == nil && root != wanted {
		err = errors.New("another root")
	}
	return err
}

func path(d data) (p []tlog.Hash, err error) {
	for _, b := range d.Path {
		h, err := hash(b)
		if err != nil {
			return nil, err
		}
		p = append(p, h)
	}
	return p, nil
}

func inclusion(d data) error {
	p, err := path(d)
	if err != nil {
		return err
	}
	root, err := hash(d.Root)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(p, d.Size, root, d.Index, tlog.RecordHash(d.Entry))
}

func consistency(d data) error {
	p, err := path(d)
	if err != nil {
		return err
	}
	root, err := hash(d.Root)
	if err != nil {
		return err
	}
	old, err := hash(d.OldRoot)
	if err != nil {
		return err
	}
	return tlog.CheckTree(p, d.Size, root, d.Old, old)
}

// folder reads tiles where c2sp.org/tlog-tiles puts them: as sumdb does, without the height in the path.
type folder string

func (f folder) Height() int { return 8 }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		name := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		b, err := os.ReadFile(filepath.Join(string(f), name))
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func tiles(d data) error {
	signed, err := os.ReadFile(filepath.Join(d.Folder, "checkpoint"))
	if err != nil {
		return err
	}
	d.Note = signed
	tree, err := checkpoint(d)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, folder(d.Folder))
	var n int64
	for n < tree.N {
		tile := tlog.Tile{H: 8, L: -1, N: n / 256, W: 256}
		if tree.N-n < 256 {
			tile.W = int(tree.N - n)
		}
		name := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(d.Folder, name))
		if err != nil {
			return err
		}
		for i := 0; i < tile.W; i++ {
			if len(bundle) < 2 {
				return errors.New("a bundle is cut")
			}
			size := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+size {
				return errors.New("a bundle is cut")
			}
			proof, err := tlog.ProveRecord(tree.N, n, reader)
			if err != nil {
				return err
			}
			entry := tlog.RecordHash(bundle[2 : 2+size])
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, entry); err != nil {
				return err
			}
			bundle = bundle[2+size:]
			n++
		}
		if len(bundle) != 0 {
			return errors.New("a bundle is too long")
		}
	}
	return nil
}

func verify(c testCase) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("%v", caught)
		}
	}()
	switch c.Job {
	case "checkpoint":
		_, err = checkpoint(c.Data)
	case "tree":
		err = whole(c.Data)
	case "inclusion":
		err = inclusion(c.Data)
	case "consistency":
		err = consistency(c.Data)
	case "tiles":
		err = tiles(c.Data)
	default:
		err = errors.New("unknown job")
	}
	return err
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := make([]bool, len(cases))
	for i, c := range cases {
		out[i] = verify(c) == nil
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		os.Exit(2)
	}
}
