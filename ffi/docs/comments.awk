# Makes doxygen's comments of the header's plain ones: a section for each "/* == Heading */", the first comment for the file.
function flush() {
  if (held != "") print held
  held = ""
}
/^#ifndef/ { held = "" } # What is said of an #ifndef belongs to no declaration.
{ flush() }
NR == 1 {
  print "/** @file mjwt.h"
  next
}
/^\/\* == / {
  sub(/^\/\* == /, "")
  sub(/ \*\/$/, "")
  heading = $0
  print (open ? "/** @} */ " : "") "/** @name " heading " */ /** @{ */"
  open = 1
  next
}
open && /^#ifdef __cplusplus/ { print "/** @} */" }
open && /^#define/ && !described { print "/** " heading ". */" } # The heading says all that there is to say.
{ described = /\*\/$/ }
/^ *\/?\*/ { gsub(/#define/, "\\#define") } # Not a link.
/^ *\/\* .*\*\/$/ {
  sub(/\/\*/, "/**")
  held = $0
  next
}
/^ *\/\*/ { sub(/\/\*/, "/**") }
{ print }
