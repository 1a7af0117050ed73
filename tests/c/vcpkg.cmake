# Runs the port's portfile as vcpkg would, with what vcpkg calls replaced: cmake -DROOT= -DWORK=
# -DLINKAGE= -P vcpkg.cmake WORK receives packages/, which is what vcpkg installs.
set(PORT mjwt)
set(port_directory "${ROOT}/ffi/package/vcpkg/mjwt")
file(READ "${port_directory}/vcpkg.json" manifest)
string(JSON VERSION GET "${manifest}" version)
set(TARGET_TRIPLET x64-linux)
set(VCPKG_LIBRARY_LINKAGE ${LINKAGE})
set(CURRENT_BUILDTREES_DIR "${WORK}")
set(CURRENT_PACKAGES_DIR "${WORK}/packages")
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}")

function(vcpkg_from_github)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT_SOURCE_PATH;REPO;REF;SHA512;HEAD_REF" "")
  if(NOT arg_REPO STREQUAL "mastra-jwt/mastra-jwt" OR NOT arg_REF STREQUAL "v${VERSION}")
    message(FATAL_ERROR "another source than this release: ${arg_REPO} ${arg_REF}")
  endif()
  set(${arg_OUT_SOURCE_PATH} "${ROOT}" PARENT_SCOPE)
endfunction()

function(vcpkg_execute_required_process)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "WORKING_DIRECTORY;LOGNAME" "COMMAND")
  execute_process(COMMAND ${arg_COMMAND} WORKING_DIRECTORY "${arg_WORKING_DIRECTORY}" COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  foreach(file IN LISTS arg_FILE_LIST)
    file(READ "${file}" text)
    file(APPEND "${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright" "${text}")
  endforeach()
endfunction()

# An include() of its file: the port refers to files beside itself.
include("${port_directory}/portfile.cmake")
