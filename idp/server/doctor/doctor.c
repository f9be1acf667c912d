/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/doctor/doctor.h"

#include <string.h>

bool
doctor_may_use(const struct doctor *doctor, size_t setting)
{
    return !doctor->places[config_setting_at(setting) - config_table].wrong;
}

void
doctor_say(struct doctor *doctor, enum finding_level level, size_t setting, const char *sentence,
           const char *advice)
{
    finding_add(
        doctor->found,
        &(struct finding) { .level = level,
                            .file = doctor->config,
                            .line = doctor->places[config_setting_at(setting) - config_table].line,
                            .sentence = sentence,
                            .advice = advice });
}

const char *
doctor_host_of(struct doctor *doctor, const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *host = scheme != NULL ? scheme + 3 : url;

    if (*host == '[')
        return arena_copy(doctor->arena, host + 1, strcspn(host + 1, "]"));
    return arena_copy(doctor->arena, host, strcspn(host, ":/?#"));
}

void
doctor_examine(struct doctor *doctor)
{
    doctor->arena = doctor->found->arena;
    if (!config_examine(doctor->found, doctor->config, &doctor->settings, doctor->places))
        return;
    doctor->service = doctor->ask_service(doctor->state, &doctor->settings);
    doctor_look_at_certificates(doctor);
    doctor_look_at_store(doctor);
    doctor_look_at_machine(doctor);
    doctor_look_at_network(doctor);
}
