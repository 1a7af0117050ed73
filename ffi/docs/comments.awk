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
  print (open ? "/** @} */ " : "") "/** @name " $0 " */ /** @{ */"
  open = 1
  next
}
open && /^#ifdef __cplusplus/ { print "/** @} */" }
/^ *\/?\*/ { gsub(/#define/, "\\#define") } # Not a link.
/^ *\/\* .*\*\/$/ {
  sub(/\/\*/, "/**")
  held = $0
  next
}
/^ *\/\*/ { sub(/\/\*/, "/**") }
{ print }
