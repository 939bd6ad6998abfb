# Every compiler and linker flag of the project, and the two functions that make targets.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

# ccache halves nothing on a first build and everything afterwards. The sloppiness lets it see through
# precompiled headers, whose content GCC cannot otherwise prove unchanged.
find_program(INTERLUDE_CCACHE ccache)
if(INTERLUDE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${INTERLUDE_CCACHE})
endif()

find_program(INTERLUDE_MOLD mold)

add_library(interlude_flags INTERFACE)
target_include_directories(interlude_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(interlude_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Werror -fno-plt)
target_compile_definitions(interlude_flags INTERFACE INTERLUDE_VERSION="${PROJECT_VERSION}")
if(INTERLUDE_MOLD)
  target_link_options(interlude_flags INTERFACE -fuse-ld=mold)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(interlude_flags INTERFACE -fpch-preprocess)
  # GCC 12 warns inside libstdc++ and Beast about code it has itself inlined (GCC bugs 105329, 105651).
  target_compile_options(interlude_flags INTERFACE
    -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  # It inlines one half of Asio's coroutine allocation and not the other, and warns of the mismatch.
  target_compile_options(interlude_flags INTERFACE -Wno-mismatched-new-delete)
endif()

# INTERLUDE_SANITIZE is set by the presets: "address,undefined", "thread", or empty.
set(INTERLUDE_SANITIZE "" CACHE STRING "Sanitizers to build with")
if(INTERLUDE_SANITIZE)
  target_compile_options(interlude_flags INTERFACE
    -fsanitize=${INTERLUDE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(interlude_flags INTERFACE -fsanitize=${INTERLUDE_SANITIZE})
endif()
if(INTERLUDE_SANITIZE MATCHES "thread")
  # Asio's and the standard library's fences are not seen by TSan; what they guard is covered by the tests.
  target_compile_options(interlude_flags INTERFACE -Wno-tsan)
endif()

if(INTERLUDE_FUZZ)
  # What is fuzzed tells the fuzzer which paths an input took.
  target_compile_options(interlude_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Third-party headers are system headers: their warnings are not ours.
add_library(interlude_boost INTERFACE)
target_link_libraries(interlude_boost INTERFACE Boost::headers Boost::json Boost::url Threads::Threads)
target_compile_definitions(interlude_boost INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE)

# interlude_library(NAME SOURCES ... DEPENDS ... [PCH header...])
function(interlude_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PCH" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC interlude_flags ${arg_DEPENDS})
  if(arg_PCH)
    target_precompile_headers(${name} PRIVATE ${arg_PCH})
  endif()
endfunction()

# interlude_program(NAME SOURCES ... DEPENDS ... [PCH header...])
function(interlude_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS;PCH" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE interlude_flags ${arg_DEPENDS})
  if(arg_PCH)
    target_precompile_headers(${name} PRIVATE ${arg_PCH})
  endif()
endfunction()
