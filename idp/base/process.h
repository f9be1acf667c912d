/* SPDX-License-Identifier: Apache-2.0 */
/* What the system says of this process, as metrics. */
#ifndef IDP_BASE_PROCESS_H
#define IDP_BASE_PROCESS_H

/* Told for the scrape that is about to be answered; what cannot be read is left out. */
void process_tell(void);

#endif
