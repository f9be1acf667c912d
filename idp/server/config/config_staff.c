/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config_staff.h"

#include "idp/base/text.h"
#include "idp/server/config/issuer.h"
#include "idp/server/engine/listen.h"

#define AT(member) SETTING_AT(member)

static bool
staff_is_sound(struct config_reading *reading, size_t offset)
{
    return !reading_is_empty(reading, offset) &&
           !reading_place(reading, config_setting_at(offset))->wrong;
}

static void
staff_fault(struct config_reading *reading, size_t offset, const char *sentence, const char *advice)
{
    reading_fault_of(reading, config_setting_at(offset), sentence, advice);
}

/* Names and flags of cookies follow from the issuer's scheme, on both listeners. */
static void
scheme_check(struct config_reading *reading, bool is_https)
{
    const struct settings *settings = reading->out;

    if (staff_is_sound(reading, AT(server.issuer)) && is_https != settings->server.issuer_is_https)
        staff_fault(reading, AT(staff.url), "staff.url must have the scheme of server.issuer.",
                    "Write https:// in both; http:// is for two loopback hosts.");
    else if (!is_https && !origin_is_loopback(settings->staff.url))
        staff_fault(reading, AT(staff.url),
                    "staff.url must be https: plain http is for a loopback host only.",
                    "Write https://, and give the staff listener a certificate.");
}

/* No proxy stands before it: who ends TLS sees the client's certificate. */
static void
staff_tls_check(struct config_reading *reading, bool is_https)
{
    const struct settings *settings = reading->out;
    bool has_certificate = !text_is_empty(settings->staff.tls_certificate_file);

    if (is_https && !has_certificate)
        staff_fault(reading, AT(staff.tls_certificate_file),
                    "staff.tls_certificate_file is missing, and staff.url is https: the staff "
                    "listener speaks TLS itself.",
                    "Set staff.tls_certificate_file and staff.tls_key_file.");
    else if (!is_https && has_certificate)
        staff_fault(reading, AT(staff.url),
                    "The staff listener speaks TLS, but staff.url begins with http://.",
                    "Write staff.url with https://, or take certificate and key out.");
    else if (!is_https && staff_is_sound(reading, AT(staff.listen)) &&
             !listen_is_loopback(settings->staff.listen))
        staff_fault(reading, AT(staff.listen),
                    "staff.listen speaks plain http, and others than this machine reach it.",
                    "Listen on a loopback address, or write staff.url with https:// and give a "
                    "certificate.");
}

static void
url_check(struct config_reading *reading)
{
    const struct settings *settings = reading->out;
    bool is_https = text_starts(settings->staff.url, "https://");

    scheme_check(reading, is_https);
    if (staff_is_sound(reading, AT(staff.url)))
        staff_tls_check(reading, is_https);
    if (staff_is_sound(reading, AT(staff.url)) && staff_is_sound(reading, AT(server.issuer)) &&
        origin_is_same(settings->staff.url, settings->server.issuer))
        staff_fault(reading, AT(staff.url), "staff.url and server.issuer are one origin.",
                    "Give the staff listener a host or a port of its own.");
}

void
config_staff_check(struct config_reading *reading)
{
    if (!reading_is_empty(reading, AT(staff.listen)) && staff_is_sound(reading, AT(staff.url)))
        url_check(reading);
}
