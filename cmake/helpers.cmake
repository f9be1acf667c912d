# SPDX-License-Identifier: Apache-2.0

# layer(name FROM folder WITHOUT folders… USES libraries…): one static library of all C files below the folder, but those
# of folders that are layers of their own.
function(layer name)
  cmake_parse_arguments(ARG "" "FROM" "WITHOUT;USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_FROM}/*.c)
  foreach(folder ${ARG_WITHOUT})
    list(FILTER sources EXCLUDE REGEX "^${CMAKE_SOURCE_DIR}/${folder}/")
  endforeach()
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${ARG_USES})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARG_USES})
  endif()
endfunction()

# embed_files(target symbol patterns…): the files become `const struct embedded_file symbol[]`, in name order, ended by a
# NULL name (idp/base/embedded.h). The assembler reads them (.incbin), so size is no matter.
function(embed_files target symbol)
  list(TRANSFORM ARGN PREPEND ${CMAKE_SOURCE_DIR}/)
  file(GLOB files CONFIGURE_DEPENDS ${ARGN})
  list(SORT files COMPARE FILE_BASENAME)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.c)
  set(text "#include \"idp/base/embedded.h\"\n")
  set(table "const struct embedded_file ${symbol}[] = {\n")
  set(i 0)
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    string(APPEND text "__asm__(\".section .rodata\\n${symbol}_${i}:\\n.incbin \\\"${file}\\\"\\n"
                       "${symbol}_${i}_end:\\n.byte 0\\n.previous\\n\");\n"
                       "extern const char ${symbol}_${i}[], ${symbol}_${i}_end[];\n")
    string(APPEND table "    { \"${name}\", ${symbol}_${i}, ${symbol}_${i}_end },\n")
    math(EXPR i "${i} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${out} CONTENT "${text}${table}    { 0 },\n};\n" @ONLY)
  get_target_property(type ${target} TYPE)
  if(NOT type STREQUAL "INTERFACE_LIBRARY")
    target_sources(${target} PRIVATE ${out})
    set_source_files_properties(${out} TARGET_DIRECTORY ${target} PROPERTIES OBJECT_DEPENDS "${files}")
  endif()
endfunction()

# write_commit(file): the source of build_commit (idp/base/build.h), as git knows it now. A new commit compiles this file
# and links what has it, nothing else.
function(write_commit out)
  find_package(Git QUIET)
  if(GIT_FOUND)
    set(git ${GIT_EXECUTABLE} -C ${CMAKE_SOURCE_DIR})
    execute_process(COMMAND ${git} rev-parse --show-cdup OUTPUT_VARIABLE above OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET
                    RESULT_VARIABLE status)
    # Not of a repository that this tree only lies in.
    if(status EQUAL 0 AND above STREQUAL "")
      execute_process(COMMAND ${git} describe --always --abbrev=12 --exclude=* --dirty=+changes OUTPUT_VARIABLE commit
                      OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
  endif()
  if(NOT commit)
    set(commit unknown)
  endif()
  file(CONFIGURE OUTPUT ${out} CONTENT "#include \"idp/base/build.h\"\nconst char build_commit[] = \"${commit}\";\n" @ONLY)
endfunction()
