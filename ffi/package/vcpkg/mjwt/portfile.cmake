# Builds with the cargo that is on the PATH: vcpkg has none of its own.
vcpkg_from_github(
    OUT_SOURCE_PATH SOURCE_PATH
    REPO mastra-jwt/mastra-jwt
    REF "v${VERSION}"
    SHA512 0 # That of the release's archive; vcpkg says it where it differs.
    HEAD_REF main
)
find_program(CARGO cargo REQUIRED)
set(VCPKG_BUILD_TYPE release) # The C binding has no debug build.

foreach(script IN ITEMS build-lib install)
    vcpkg_execute_required_process(
        COMMAND "${CMAKE_COMMAND}" -E env
            "CARGO_TARGET_DIR=${CURRENT_BUILDTREES_DIR}/${TARGET_TRIPLET}-rel"
            "PREFIX=${CURRENT_PACKAGES_DIR}"
            "CMAKEDIR=share/${PORT}"
            "${SOURCE_PATH}/ffi/${script}.sh"
        WORKING_DIRECTORY "${SOURCE_PATH}"
        LOGNAME "${script}-${TARGET_TRIPLET}"
    )
endforeach()

if(VCPKG_LIBRARY_LINKAGE STREQUAL "static")
    file(GLOB unwanted "${CURRENT_PACKAGES_DIR}/lib/libmjwt.so*" "${CURRENT_PACKAGES_DIR}/lib/libmjwt*.dylib")
else()
    set(unwanted "${CURRENT_PACKAGES_DIR}/lib/libmjwt.a")
endif()
file(REMOVE ${unwanted})

vcpkg_fixup_pkgconfig()
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE-MIT" "${SOURCE_PATH}/LICENSE-APACHE")
