// Command package zips dist/ the way Grafana unpacks it: one folder that is
// called like the plugin, with executables that may be run.
//
//	go run ./scripts/package <plugin id> <zip file>
package main

import (
	"archive/zip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

const dist = "dist"

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go run ./scripts/package <plugin id> <zip file>")
		os.Exit(2)
	}
	if err := pack(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pack(pluginID, target string) error {
	file, err := os.Create(filepath.Clean(target))
	if err != nil {
		return err
	}
	archive := zip.NewWriter(file)
	err = filepath.WalkDir(dist, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return add(archive, pluginID, name)
	})
	if err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return file.Close()
}

func add(archive *zip.Writer, pluginID, name string) error {
	inside, err := filepath.Rel(dist, name)
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: path.Join(pluginID, filepath.ToSlash(inside)), Method: zip.Deflate}
	header.SetMode(0o644)
	if strings.HasPrefix(filepath.Base(name), "gpx_") {
		header.SetMode(0o755)
	}
	to, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	from, err := os.Open(filepath.Clean(name))
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	_, err = io.Copy(to, from)
	return err
}
