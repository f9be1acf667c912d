/* SPDX-License-Identifier: Apache-2.0 */
/* A text as a QR code (ISO/IEC 18004), for a page to draw. */
#ifndef IDP_BASE_QR_H
#define IDP_BASE_QR_H

#include "idp/base/arena.h"

/* Of the text: what a phone still reads from a screen of 360 px. */
#define QR_TEXT_MAX_BYTES 600

/*
 * `path` is the d of an SVG path to be stroked one unit wide: the dark modules, row by row. Around
 * them is the quiet zone of four modules. The box of both, `size` units each way, begins at 0, -0.5:
 *
 *   <svg viewBox="0 -0.5 SIZE SIZE"><path stroke="#000" d="PATH"/></svg>
 */
struct qr {
    const char *path;
    int size;
};

/* It can lose 15 % and is still read (level M). A longer text ends the piece of work as too large. */
struct qr qr_draw(struct arena *arena, const char *text);

#endif
