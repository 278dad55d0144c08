// Package knowledge finds what keeps this data source from knowing, by servers as they are
// now. It does not know their stops.
package knowledge
