/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values (RFC 4180) for people who open them in a table: whatever a cell says, no program runs it. */
#ifndef IDP_BASE_CSV_H
#define IDP_BASE_CSV_H

#include "idp/base/buf.h"

/* Before the first line: UTF-8, or else Chinese comes out as something else. */
void csv_begin(struct buf *out);

/*
 * One cell more of the line. It is always quoted; one that a table would take for a formula (= + - @, their full-width
 * forms, tab, CR or LF at its beginning, also behind blanks) gets an apostrophe in front.
 */
void csv_cell(struct buf *out, const char *text);

void csv_line_end(struct buf *out);

#endif
