/* SPDX-License-Identifier: Apache-2.0 */
/* One hop of a trace: takes its context from the environment (TRACEPARENT, BAGGAGE, ...) and starts
 * a span. Then it runs the program of its arguments with that span in the environment; without
 * arguments it prints the headers with which the next hop goes on, a line `key: value` each. */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>

static bool print_headers(void)
{
    cotel_headers headers = {0};
    cotel_inject(NULL, &cotel_headers_setter, &headers);
    for (size_t i = 0; i < headers.count; i++)
        printf("%s: %s\n", headers.items[i].key, headers.items[i].value);
    return headers.dropped == 0;
}

static bool run_with(const cotel_environment *environment, char **command)
{
    pid_t child;
    int status;
    return posix_spawnp(&child, command[0], NULL, NULL, command,
                        cotel_environment_variables(environment)) == 0 &&
           waitpid(child, &status, 0) == child && status == 0;
}

static bool run(char **command)
{
    cotel_environment *environment;
    if (cotel_environment_create(NULL, NULL, &environment) != COTEL_STATUS_OK)
        return false;
    bool succeeded = run_with(environment, command);
    cotel_environment_destroy(environment);
    return succeeded;
}

static bool hop(char **command)
{
    cotel_context *caller = cotel_extract(cotel_context_empty(), &cotel_environment_getter, NULL);
    cotel_token token = cotel_context_attach(caller);
    cotel_span_scope scope =
        cotel_span_scope_start(cotel_tracer_get("interop", NULL), "c hop", NULL);
    bool succeeded = *command ? run(command) : print_headers();
    cotel_span_scope_end(&scope);
    cotel_context_detach(token);
    cotel_context_unref(caller);
    return succeeded;
}

int main(int count, char **arguments)
{
    (void)count;
    if (cotel_sdk_init_from_env() != COTEL_STATUS_OK)
        return 1;
    bool succeeded = hop(arguments + 1);
    return cotel_sdk_shutdown(5000, NULL) == COTEL_STATUS_OK && succeeded ? 0 : 1;
}
