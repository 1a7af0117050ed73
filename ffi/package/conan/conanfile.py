"""Conan recipe: `conan create ffi/package/conan` in a checkout. Builds with the cargo that is on
the PATH."""

import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import copy, load, rm, rmdir
from conan.tools.scm import Git

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))


class MjwtConan(ConanFile):
    name = "mjwt"
    description = "Verifies and signs HS256, HS384 and HS512 JSON Web Tokens"
    license = "MIT OR Apache-2.0"
    homepage = "https://github.com/mastra-jwt/mastra-jwt"
    url = homepage
    topics = ("jwt", "jws", "hmac", "security")
    package_type = "library"
    settings = "os", "arch", "build_type", "compiler"
    options = {"shared": [True, False]}
    default_options = {"shared": False}

    def set_version(self):
        header = load(self, os.path.join(TOP, "include", "mjwt.h"))
        self.version = re.search(r'#define MJWT_VERSION_STRING "(.*)"', header).group(1)

    def export_sources(self):
        for file in Git(self, TOP).included_files():
            copy(self, file, TOP, self.export_sources_folder)

    def validate(self):
        if self.settings.os == "Windows":
            raise ConanInvalidConfiguration("take the archive for Windows: the library is built on Linux")

    def configure(self):
        self.settings.rm_safe("compiler.libcxx")
        self.settings.rm_safe("compiler.cppstd")

    def package_id(self):
        del self.info.settings.build_type  # One optimised build serves all.

    def build(self):
        self.run("ffi/build-lib.sh", cwd=self.source_folder)

    def package(self):
        self.run(f'env PREFIX="{self.package_folder}" ffi/install.sh', cwd=self.source_folder)
        copy(self, "LICENSE-*", self.source_folder, os.path.join(self.package_folder, "licenses"))
        lib = os.path.join(self.package_folder, "lib")
        rmdir(self, os.path.join(lib, "cmake"))  # Conan writes its own.
        for pattern in ("libmjwt.a",) if self.options.shared else ("libmjwt.so*", "libmjwt*.dylib"):
            rm(self, pattern, lib)

    def package_info(self):
        self.cpp_info.libs = ["mjwt"]
        self.cpp_info.set_property("cmake_target_name", "mjwt::mjwt")
        if not self.options.shared:
            pc = load(self, os.path.join(self.package_folder, "lib", "pkgconfig", "mjwt.pc"))
            private = re.search(r"^Libs\.private:(.*)$", pc, re.M).group(1)
            self.cpp_info.system_libs = re.findall(r"-l(\S+)", private)
