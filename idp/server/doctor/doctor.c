/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/doctor/doctor.h"

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
    doctor_look_at_staff(doctor);
}
