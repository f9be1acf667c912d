/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/base/build.h"

/* Of the tests. The program brings one of its own (CMakeLists.txt), which the linker takes before it
 * looks into this library, so a commit links one program anew and not all of them: nothing else may
 * stand in this file. */
const char build_commit[] = "unknown";
