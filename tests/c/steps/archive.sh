# The archive: the same bytes each time, and all that a program needs, wherever it is unpacked.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
host=$(cat "$target/release/libmjwt/target")
for dest in once again; do
  quietly ffi/package/archive.sh "$host" "$target/release/libmjwt" "$work/$dest"
done
archive=$(echo "$work"/once/*.tar.gz)
cmp "$archive" "$work/again/${archive##*/}" || fail "two archives of one library differ"
version=$(pkg-config --modversion mjwt)
[ "${archive##*/}" = "libmjwt-$version-$host.tar.gz" ] || fail "the archive is called $archive"

mkdir "$work/a space"
tar -C "$work/a space" -xf "$archive"
mv "$work/a space/"* "$work/a space/moved"
moved="$work/a space/moved"
for file in LICENSE-MIT LICENSE-APACHE README.md; do
  [ -s "$moved/$file" ] || fail "no $file in the archive"
done
for crate in hmac sha2 subtle serde_json; do # What the library is made of.
  grep -q "^  $crate " "$moved/THIRD-PARTY-NOTICES" || fail "THIRD-PARTY-NOTICES does not name $crate"
done
if grep -rqF "$root" "$moved"; then fail "the archive holds the path it was built in"; fi
man -M "$moved/share/man" mjwt_verify | grep -q 'Verifies a token' || fail "no man page for mjwt_verify"

# The README's commands, with nothing from this script.
# shellcheck disable=SC2016 # Backticks of Markdown.
sed -n '/^```sh$/,/^```$/p' "$moved/README.md" | sed '/^```/d' >"$work/readme.sh"
(cd "$moved" && env -i PATH="$PATH" sh -eu "$work/readme.sh") >"$work/output" 2>&1 \
  || { cat "$work/output"; fail "the commands of the archive's README"; }
grep -q '^{"sub":"alice",' "$work/output" || { cat "$work/output"; fail "the commands of the archive's README"; }

unset LD_LIBRARY_PATH PKG_CONFIG_PATH
cmake_consumer "$work/find" -DCMAKE_PREFIX_PATH="$moved"
cmake_consumer "$work/fetch" -DMJWT_ARCHIVE="$archive"

# Meson unpacks it as a wrap says.
mkdir -p "$work/wrap/subprojects"
cat >"$work/wrap/subprojects/mjwt.wrap" <<END
[wrap-file]
directory = libmjwt-$version-$host
source_url = file://$archive
source_filename = ${archive##*/}
source_hash = $(sha256sum "$archive" | cut -d' ' -f1)

[provide]
dependency_names = mjwt
END
for kind in shared static; do
  meson_consumer "$work/wrap" $kind --force-fallback-for=mjwt
done
