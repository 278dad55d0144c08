package model

import "time"

// Unit is a unit of the calendar, by Grafana's letter.
type Unit string

// The units; weeks begin on Mondays.
const (
	Day   Unit = "d"
	Week  Unit = "w"
	Month Unit = "M"
	Year  Unit = "y"
)

// Calendar is an interval whose length the calendar of a place decides: a day
// may have 23 hours, a month 28 days.
type Calendar struct {
	Count int
	Unit  Unit
	Place *time.Location
}

// About is how long the interval is, more or less.
func (c Calendar) About() time.Duration {
	const day = 24 * time.Hour
	days := map[Unit]time.Duration{Day: day, Week: 7 * day, Month: 30 * day, Year: 365 * day}
	return time.Duration(c.Count) * days[c.Unit]
}

// Floor is when the interval began that t is in. Several days or weeks are
// counted from Monday, 5 January 1970, months and years from year 0.
func (c Calendar) Floor(t time.Time) time.Time {
	year, month, day := t.In(c.Place).Date()
	switch c.Unit {
	case Year:
		return c.date(year-modulo(year, c.Count), time.January, 1)
	case Month:
		return c.date(year, month-time.Month(modulo(year*12+int(month)-1, c.Count)), 1)
	case Week:
		return c.floorDays(year, month, day, 7*c.Count)
	case Day:
		return c.floorDays(year, month, day, c.Count)
	}
	return t
}

func (c Calendar) floorDays(year int, month time.Month, day, length int) time.Time {
	monday := time.Date(1970, time.January, 5, 0, 0, 0, 0, time.UTC)
	days := int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Sub(monday).Hours()) / 24
	return c.date(year, month, day-modulo(days, length))
}

// Next is when the interval after the one that begins at t begins.
func (c Calendar) Next(t time.Time) time.Time {
	year, month, day := t.In(c.Place).Date()
	switch c.Unit {
	case Year:
		return c.date(year+c.Count, month, day)
	case Month:
		return c.date(year, month+time.Month(c.Count), day)
	case Week:
		return c.date(year, month, day+7*c.Count)
	case Day:
		return c.date(year, month, day+c.Count)
	}
	return t
}

func (c Calendar) date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, c.Place)
}

// modulo is never negative.
func modulo(a, n int) int { return ((a % n) + n) % n }
