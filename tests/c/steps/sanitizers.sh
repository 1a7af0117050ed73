# Memory and undefined behaviour, by the sanitizers of clang.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
sanitized='clang -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'
quietly $sanitized "$here/dropped.c" -Wno-unused-result $shared -o "$work/dropped" # Or libclang-rt-*-dev is missing.
for link in "$shared" "$static"; do
  for name in arguments config claims tokens threads; do
    compile "$sanitized" $name "$link"
    "$work/$name"
  done
  compile "$sanitized" vectors "$link -ljansson"
  "$work/vectors" "$vectors"
  compile "$sanitized" bad "$link"
  expect_failure 'AddressSanitizer: heap-buffer-overflow' "$work/bad" overflow
  expect_failure 'LeakSanitizer: detected memory leaks' "$work/bad" leak
  expect_failure 'runtime error: signed integer overflow' "$work/bad" undefined
done
