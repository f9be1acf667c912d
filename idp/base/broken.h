/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the process, for what cannot be: docs/adr/0002 lists every call with its reason. */
#ifndef IDP_BASE_BROKEN_H
#define IDP_BASE_BROKEN_H

/* Says "invariant broken: …" on stderr and aborts. Never for what an input or a lack
 * of memory can bring about. */
_Noreturn void broken(const char *invariant);

#endif
