// Command package zips dist/ the way Grafana unpacks it: one folder that is
// called like the plugin, with executables that may be run.
//
//	go run ./scripts/package <plugin id> <zip file>
package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

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
	archive, dist := zip.NewWriter(file), os.DirFS("dist")
	err = fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		return add(archive, path.Join(pluginID, name), content)
	})
	return errors.Join(err, archive.Close(), file.Close())
}

func add(archive *zip.Writer, name string, content []byte) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate}
	header.SetMode(0o644)
	if strings.HasPrefix(path.Base(name), "gpx_") {
		header.SetMode(0o755)
	}
	to, err := archive.CreateHeader(header)
	if err == nil {
		_, err = to.Write(content)
	}
	return err
}
