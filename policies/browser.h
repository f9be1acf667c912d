/* SPDX-License-Identifier: Apache-2.0 */
/* What a person would call the browser that she sits before, by what it says of itself. It is told to
 * her, so that she sees whether it is hers, and decides nothing. */
#ifndef POLICIES_BROWSER_H
#define POLICIES_BROWSER_H

/* Names of products, static; "" where it is none of those that are known. */
struct browser_kind {
    const char *name;   /* "Chrome" */
    const char *system; /* "Windows" */
};

/* Of the User-Agent header, which may be NULL. */
struct browser_kind browser_named(const char *user_agent);

#endif
