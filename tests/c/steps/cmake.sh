# CMake: find_package in a moved prefix, with the consumer project and the examples; FetchContent of
# a checkout.
# Sourced by run.sh; all the words of a list of flags are flags.
# shellcheck shell=sh disable=SC2086,SC2154
mkdir "$work/a space"
cp -R "$prefix" "$work/a space/prefix"
unset LD_LIBRARY_PATH
cmake_consumer "$work/find" -DCMAKE_PREFIX_PATH="$work/a space/prefix"
# Debian's layout, found through a symbolic link such as /lib -> /usr/lib.
PREFIX="$work/root/usr" LIBDIR=lib/x86_64-linux-gnu ffi/install.sh >/dev/null
ln -s usr/lib "$work/root/lib"
cmake_consumer "$work/multi" -Dmjwt_DIR="$work/root/lib/x86_64-linux-gnu/cmake/mjwt"
cmake_consumer "$work/checkout" -DMJWT_CHECKOUT="$root"

for option in OFF ON; do
  quietly cmake -S ffi/examples/c -B "$work/cmake-$option" -DCMAKE_PREFIX_PATH="$prefix" -DMJWT_STATIC=$option
  quietly cmake --build "$work/cmake-$option"
  use_examples "$work/cmake-$option"
done
cp -R ffi/examples/c "$work/newer"
sed 's/find_package(mjwt 0.1 /find_package(mjwt 0.2 /' ffi/examples/c/CMakeLists.txt >"$work/newer/CMakeLists.txt"
expect_failure 'with requested version "0.2"' cmake -S "$work/newer" -B "$work/newer/build" \
  -DCMAKE_PREFIX_PATH="$prefix"
