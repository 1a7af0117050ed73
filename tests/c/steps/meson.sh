# Meson: dependency() by pkg-config, and a checkout as a subproject.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
mkdir -p "$work/by-pkgconfig" "$work/by-checkout/subprojects"
meson_consumer "$work/by-pkgconfig" shared
unset LD_LIBRARY_PATH PKG_CONFIG_PATH
ln -s "$root" "$work/by-checkout/subprojects/mjwt"
for kind in shared static; do
  meson_consumer "$work/by-checkout" $kind --force-fallback-for=mjwt
done
