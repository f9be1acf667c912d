/* SPDX-License-Identifier: Apache-2.0 */
#include "idp/server/config/config.h"
#include "idp/commands/listing.h"
#include "idp/server/config/config_told.h"

enum err
command_config_template(struct call *call)
{
    config_write_template(&call->said);
    return OK;
}

enum err
command_config_show(struct call *call)
{
    static const struct listing_column columns[] = {
        { "setting", CELL_TEXT },
        { "value", CELL_TEXT },
        { "is", CELL_TEXT },
        { 0 },
    };
    const struct told_settings told = config_told(call->arena, call->shop.settings);
    struct listing listing;

    listing_begin(call, columns, &listing);
    for (size_t i = 0; i < told.count; i++) {
        const struct told_setting *at = &told.at[i];

        listing_add(&listing, (struct cell[]) { { .text = arena_printf(call->arena, "%s.%s",
                                                                       at->section, at->key) },
                                                { .text = at->value },
                                                { .text = at->is_default ? "default" : "set" } });
    }
    listing_end(&listing);
    return OK;
}
