/* SPDX-License-Identifier: Apache-2.0 */
/* A program that links nothing of cotel and loads the SDK (argv[1]) when it has long been running,
 * also from a second thread: the libraries' thread-local must still find its place. */
#include <cotel/cotel.h>
#include <cotel/sdk/sdk.h>
#include <cotel/sdk/testing.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

/* Declares a pointer of the name's own type and looks it up. */
#define LOOK_UP(name)                                 \
    __typeof__(&cotel_##name) name;                   \
    *(void **)&name = dlsym(library, "cotel_" #name); \
    if (!name) {                                      \
        fprintf(stderr, "%s is missing\n", #name);    \
        return NULL;                                  \
    }

static void *load_and_work(void *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return NULL;
    }
    LOOK_UP(memory_exporter_create)
    LOOK_UP(memory_exporter_as_exporter)
    LOOK_UP(memory_exporter_count)
    LOOK_UP(memory_exporter_destroy)
    LOOK_UP(sdk_init)
    LOOK_UP(sdk_flush)
    LOOK_UP(sdk_shutdown)
    LOOK_UP(tracer_get)
    LOOK_UP(span_scope_start)
    LOOK_UP(span_scope_end)

    cotel_memory_exporter *memory = NULL;
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    if (memory_exporter_create(&memory) != COTEL_STATUS_OK)
        return NULL;
    options.exporter = memory_exporter_as_exporter(memory);
    if (sdk_init(&options) != COTEL_STATUS_OK)
        return NULL;
    cotel_span_scope scope = span_scope_start(tracer_get("late", NULL), "late", NULL);
    span_scope_end(&scope);
    bool good = sdk_flush(5000) == COTEL_STATUS_OK && memory_exporter_count(memory) == 1;
    good = sdk_shutdown(5000, NULL) == COTEL_STATUS_OK && good;
    memory_exporter_destroy(memory);
    /* Threads and slots may still look back: the library stays (-z nodelete). */
    dlclose(library);
    return good ? path : NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 1;
    pthread_t thread;
    void *done = NULL;
    if (pthread_create(&thread, NULL, load_and_work, argv[1]) != 0)
        return 1;
    pthread_join(thread, &done);
    bool again = load_and_work(argv[1]) != NULL;
    printf("late %d\n", done != NULL && again);
    return 0;
}
