/* SPDX-License-Identifier: Apache-2.0 */
/* cotel env: asks the library what it would make of the environment, and writes that down. */
#include "command.h"
#include "env/options.h"
#include "env/render.h"

#include <errno.h>
#include <locale.h>
#include <string.h>

const char *ct_env_source_name(cotel_env_source source)
{
    static const char *const names[] = {
        [COTEL_ENV_DEFAULT] = "default",   [COTEL_ENV_ENVIRONMENT] = "environment",
        [COTEL_ENV_GENERAL] = "general",   [COTEL_ENV_INVALID] = "invalid",
        [COTEL_ENV_NOT_READ] = "not read",
    };

    return names[source];
}

bool ct_env_next(size_t *index, bool only_set, cotel_env_variable *variable)
{
    variable->size = sizeof *variable;
    while (cotel_env_variable_at((*index)++, variable))
        if (variable->is_set || !only_set)
            return true;
    return false;
}

static bool render(const struct ct_env_options *options)
{
    switch (options->format) {
    case CT_ENV_FORMAT_JSON:
        return ct_env_render_json(stdout, options->only_set);
    case CT_ENV_FORMAT_MARKDOWN:
        ct_env_render_markdown(stdout);
        return true;
    case CT_ENV_FORMAT_TEXT:
        break;
    }
    if (!ct_env_render_text(stdout, options->only_set))
        fputs("cotel env: none of the variables is set\n", stderr);
    return true;
}

int ct_env_main(int argc, char **argv)
{
    struct ct_env_options options;

    if (!ct_env_options_parse(&options, argc, argv))
        return CT_EXIT_USAGE;
    if (options.help) {
        ct_env_options_help();
        return CT_EXIT_OK;
    }

    setlocale(LC_CTYPE, "C.UTF-8"); /* whatever the user's: values are UTF-8 */
    if (!render(&options)) {
        fputs("cotel env: memory is out\n", stderr);
        return CT_EXIT_FAILURE;
    }
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CT_EXIT_OK;
    fprintf(stderr, "cotel env: cannot write: %s\n", strerror(errno));
    return CT_EXIT_FAILURE;
}
