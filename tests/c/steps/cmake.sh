# find_package, with the examples as the project.
# shellcheck shell=sh disable=SC2086,SC2154 # Sourced by run.sh; all the words of a list of flags are flags.
for option in OFF ON; do
  quietly cmake -S ffi/examples/c -B "$work/cmake-$option" -DCMAKE_PREFIX_PATH="$prefix" -DMJWT_STATIC=$option
  quietly cmake --build "$work/cmake-$option"
  use_examples "$work/cmake-$option"
done
cp -R ffi/examples/c "$work/newer"
sed 's/find_package(mjwt 0.1 /find_package(mjwt 0.2 /' ffi/examples/c/CMakeLists.txt >"$work/newer/CMakeLists.txt"
expect_failure 'with requested version "0.2"' cmake -S "$work/newer" -B "$work/newer/build" -DCMAKE_PREFIX_PATH="$prefix"
