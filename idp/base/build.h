/* SPDX-License-Identifier: Apache-2.0 */
/* What the build knew of itself. */
#ifndef IDP_BASE_BUILD_H
#define IDP_BASE_BUILD_H

/* The commit that the program was built from, and "+changes" where there were some; "unknown" outside of git. */
extern const char build_commit[];

#endif
