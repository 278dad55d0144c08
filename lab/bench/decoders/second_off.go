//go:build !goexperiment.jsonv2

package main

func second() []decoder { return nil }
