package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// source is what reflection cannot see of a package: its typed string
// constants in their order, and its comments.
type source struct {
	constants map[string][]string // by type name
	comments  map[string]string   // by "Type" or "Type.Field"
}

func readSource(root, folder string) (source, error) {
	found := source{constants: map[string][]string{}, comments: map[string]string{}}
	paths, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil || len(paths) == 0 {
		return found, fmt.Errorf("no Go files in %s", folder)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return found, fmt.Errorf("read %s: %w", path, err)
		}
		for _, declaration := range file.Decls {
			if general, ok := declaration.(*ast.GenDecl); ok {
				found.add(general)
			}
		}
	}
	return found, nil
}

func (s source) add(declaration *ast.GenDecl) {
	for _, spec := range declaration.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			s.addConstant(declaration, spec)
		case *ast.TypeSpec:
			s.comments[spec.Name.Name] = sentence(declaration.Doc)
			s.addFields(spec)
		}
	}
}

func (s source) addConstant(declaration *ast.GenDecl, spec *ast.ValueSpec) {
	name, typed := spec.Type.(*ast.Ident)
	if declaration.Tok != token.CONST || !typed {
		return
	}
	for _, value := range spec.Values {
		if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				s.constants[name.Name] = append(s.constants[name.Name], text)
			}
		}
	}
}

func (s source) addFields(spec *ast.TypeSpec) {
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range structure.Fields.List {
		for _, name := range field.Names {
			s.comments[spec.Name.Name+"."+name.Name] = sentence(field.Doc)
		}
	}
}

// sentence is a comment on one line.
func sentence(comment *ast.CommentGroup) string {
	return strings.Join(strings.Fields(comment.Text()), " ")
}
