/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are part of the program (cmake/helpers.cmake, embed_folder). */
#ifndef IDP_BASE_EMBEDDED_H
#define IDP_BASE_EMBEDDED_H

struct embedded_file {
    const char *name; /* without folder; NULL ends a table */
    const char *at;   /* followed by a NUL */
    const char *end;
};

#endif
