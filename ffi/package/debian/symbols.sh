#!/bin/sh
# The symbols file of libmjwt0, from the functions that the header declares.
set -eu
cd "$(dirname "$0")/../../.."
abi=$(sed -n 's/^#define MJWT_ABI_VERSION //p' include/mjwt.h)
echo "libmjwt.so.$abi libmjwt$abi #MINVER#"
sed -n 's/.*[ *]\(mjwt_[a-z_]*\)(.*/ \1@Base 0.1.0/p' include/mjwt.h | sort -u
