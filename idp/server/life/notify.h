/* SPDX-License-Identifier: Apache-2.0 */
/* The service manager's notification socket (systemd's sd_notify protocol). */
#ifndef IDP_SERVER_LIFE_NOTIFY_H
#define IDP_SERVER_LIFE_NOTIFY_H

/* "READY=1", "STOPPING=1". Nothing happens when nobody asked for it. */
void notify_service(const char *state);

#endif
