# pkg-config, with a prefix that was moved to a path with a space.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
mkdir "$work/a space"
cp -R "$prefix" "$work/a space/prefix"
unset LD_LIBRARY_PATH
flags="env PKG_CONFIG_PATH='$work/a space/prefix/lib/pkgconfig' pkg-config"
eval gcc "$here/consumer/app.c" -o "$work/app-shared" "$(eval "$flags" --cflags --libs mjwt)" \
  "'-Wl,-rpath,$work/a space/prefix/lib'"
runs shared "$work/app-shared"
eval gcc -static "$here/consumer/app.c" -o "$work/app-static" "$(eval "$flags" --static --cflags --libs mjwt)"
runs static "$work/app-static"
