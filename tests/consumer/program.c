/* SPDX-License-Identifier: Apache-2.0 */
/* A program with an SDK and a plug-in, linked (with -DLINKED) or named on the command line. Prints
 * whose spans arrived at its exporter, and how many of the plug-in's are children of its own:
 *
 *     program 1, plugin 1, children 1
 */
#include "plugin.h"

#include <cotel/cotel.h>
#include <cotel/sdk/sdk.h>
#include <cotel/sdk/testing.h>

#include <dlfcn.h>
#include <stdio.h>

typedef void (*work_fn)(void);

static work_fn find_work(int argc, char **argv)
{
#ifdef LINKED
    (void)argc;
    (void)argv;
    return plugin_work;
#else
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    work_fn work = NULL;
    if (library)
        *(void **)&work = dlsym(library, "plugin_work");
    if (!work)
        fprintf(stderr, "%s\n", dlerror());
    return work;
#endif
}

static cotel_memory_exporter *set_up(void)
{
    cotel_memory_exporter *memory = NULL;
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    if (cotel_memory_exporter_create(&memory) != COTEL_STATUS_OK)
        return NULL;
    options.service_name = "consumer";
    options.exporter = cotel_memory_exporter_as_exporter(memory);
    cotel_status status = cotel_sdk_init(&options);
    if (status != COTEL_STATUS_OK)
        fprintf(stderr, "init: %s\n", cotel_status_text(status));
    return memory;
}

static void tell(cotel_memory_exporter *memory, const cotel_span *own)
{
    int program = 0, plugin = 0, children = 0;
    cotel_span_view span;
    for (size_t i = 0; cotel_memory_exporter_get(memory, i, &span, NULL, NULL); i++) {
        if (memcmp(&span.span_id, &own->span_id, sizeof(span.span_id)) == 0)
            program++;
        else
            plugin++;
        if (memcmp(&span.parent_span_id, &own->span_id, sizeof(span.span_id)) == 0)
            children++;
    }
    printf("program %d, plugin %d, children %d\n", program, plugin, children);
}

int main(int argc, char **argv)
{
    work_fn work = find_work(argc, argv);
    cotel_memory_exporter *memory = set_up();
    if (!work || !memory)
        return 1;

    cotel_tracer *tracer = cotel_tracer_get("program", NULL);
    cotel_span_scope scope = cotel_span_scope_start(tracer, "program.work", NULL);
    work();
    const cotel_span own = scope.span; /* the end empties the scope */
    cotel_span_scope_end(&scope);

    cotel_status status = cotel_sdk_flush(5000);
    tell(memory, &own);
    if (cotel_sdk_shutdown(5000, NULL) != COTEL_STATUS_OK || status != COTEL_STATUS_OK)
        return 1;
    work();
    cotel_memory_exporter_destroy(memory);
    return 0;
}
