/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Things that are read by all threads without a lock and replaced whole: publish the new one,
 * retire the old one. It is freed after a grace time longer than any request may live, so a reader
 * never holds a freed pointer.
 */
#ifndef IDP_BASE_SNAPSHOT_H
#define IDP_BASE_SNAPSHOT_H

#define SNAPSHOT_GRACE_S 600

/* Free `old` (may be NULL) with `release` after the grace time. Thread-safe. */
void snapshot_retire(void *old, void (*release)(void *old));

/* Free what is due; called now and then by a background job. `all` frees everything: at
 * the end, without readers. */
void snapshot_sweep(_Bool all);

#endif
