package mjwt

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The claims of a verified token are JSON that the core has read. What is here
// finds its way in such text. Other text gives other results, but never a
// panic.

// member returns the JSON text of a member of an object: of those with this
// name the last one, as the core and JavaScript have it.
func member(object []byte, name string) (value []byte) {
	s := scanner{text: object}
	s.space()
	for s.next() == '{' || s.next() == ',' {
		s.at++
		if s.space(); s.next() != '"' {
			break
		}
		key := s.value()
		s.space()
		if s.next() != ':' {
			break
		}
		s.at++
		s.space()
		found := s.value()
		s.space()
		if isString(key, name) {
			value = found
		}
	}
	return value
}

// elements returns the JSON texts in an array; false for other values.
func elements(array []byte) (values [][]byte, ok bool) {
	s := scanner{text: array}
	if s.next() != '[' {
		return nil, false
	}
	for s.next() == '[' || s.next() == ',' {
		s.at++
		s.space()
		if s.next() != ']' {
			values = append(values, s.value())
			s.space()
		}
	}
	return values, true
}

// isString reports whether a JSON string has this text.
func isString(json []byte, text string) bool {
	if len(json) >= 2 && bytes.IndexByte(json, '\\') < 0 {
		return string(json[1:len(json)-1]) == text
	}
	got, ok := unquote(json)
	return ok && got == text
}

// unquote returns the text of a JSON string; false for other values, and for a
// string with half of a surrogate pair.
func unquote(json []byte) (string, bool) {
	if len(json) < 2 || json[0] != '"' {
		return "", false
	}
	json = json[1 : len(json)-1]
	text := make([]byte, 0, len(json))
	for len(json) > 0 {
		plain := bytes.IndexByte(json, '\\')
		if plain < 0 {
			plain = len(json)
		}
		text = append(text, json[:plain]...)
		if json = json[plain:]; len(json) < 2 {
			break
		}
		c := json[1]
		json = json[2:]
		if c != 'u' {
			text = append(text, unescape(c))
			continue
		}
		r := hex(json)
		json = json[min(4, len(json)):]
		if utf16.IsSurrogate(r) {
			if len(json) < 6 || json[0] != '\\' || json[1] != 'u' {
				return "", false
			}
			if r = utf16.DecodeRune(r, hex(json[2:])); r == utf8.RuneError {
				return "", false
			}
			json = json[6:]
		}
		text = utf8.AppendRune(text, r)
	}
	return string(text), true
}

func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// hex reads the four digits of an escape.
func hex(json []byte) rune {
	n, _ := strconv.ParseUint(string(json[:min(4, len(json))]), 16, 16)
	return rune(n)
}

// integer returns the value of a JSON number, exactly; false for a fraction,
// for what takes more than 64 bits, and for other values.
func integer(json []byte) (int64, bool) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(string(json)), "e")
	digits, fraction, _ := strings.Cut(mantissa, ".")
	fraction = strings.TrimRight(fraction, "0")
	digits += fraction
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		// Zero, whatever the exponent; or not a number at all.
		return 0, len(json) > 0 && (json[0] == '-' || json[0] == '0')
	}
	shift := 0
	if exponent != "" {
		var err error
		// What is out of range moves the point too far for any digits.
		if shift, err = strconv.Atoi(exponent); err != nil || shift > 1<<30 || shift < -1<<30 {
			return 0, false
		}
	}
	switch shift -= len(fraction); {
	case shift < 0:
		if len(digits)-len(strings.TrimRight(digits, "0")) < -shift {
			return 0, false
		}
		digits = digits[:len(digits)+shift]
	case len(digits)+shift > 19:
		return 0, false
	default:
		digits += strings.Repeat("0", shift)
	}
	n, err := strconv.ParseInt(sign+digits, 10, 64)
	return n, err == nil
}

// A scanner is a place in JSON text.
type scanner struct {
	text []byte
	at   int
}

// next returns the byte here; 0 at the end.
func (s *scanner) next() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) space() {
	for strings.IndexByte(" \t\n\r", s.next()) >= 0 {
		s.at++
	}
}

// value moves behind the value here, and returns its text.
func (s *scanner) value() []byte {
	start := s.at
	for depth := 0; s.at < len(s.text); {
		switch s.text[s.at] {
		case '"':
			s.at++
			for s.at < len(s.text) && s.text[s.at] != '"' {
				if s.text[s.at] == '\\' {
					s.at++
				}
				s.at++
			}
			s.at++
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		default:
			for s.at++; s.at < len(s.text) && strings.IndexByte("\"{[}],: \t\n\r", s.text[s.at]) < 0; {
				s.at++
			}
		}
		if depth == 0 {
			break
		}
	}
	s.at = min(s.at, len(s.text))
	return s.text[start:s.at:s.at]
}
