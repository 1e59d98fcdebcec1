/* SPDX-License-Identifier: Apache-2.0 */
/* Spans through the whole SDK into files of OTLP/JSON; read by jansson. */
#include "../../support/sdk_fixture.h"

#include <cotel/exporters/otlp_file.h>

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 3, SPANS = 300 };

static char folder[64];
static char path[128];

static int make_folder(void **state)
{
    strcpy(folder, "/tmp/cotel-file-XXXXXX");
    snprintf(path, sizeof path, "%s/traces.jsonl", mkdtemp(folder));
    return 0;
}

static int remove_folder(void **state)
{
    DIR *opened = opendir(folder);
    const struct dirent *entry;
    while ((entry = readdir(opened)) != NULL)
        (void)unlinkat(dirfd(opened), entry->d_name, 0);
    closedir(opened);
    return rmdir(folder);
}

static void emit(const char *file, uint64_t max_file_bytes, size_t spans)
{
    cotel_otlp_file_options options = COTEL_OTLP_FILE_OPTIONS_INIT;
    cotel_sdk_options sdk = COTEL_SDK_OPTIONS_INIT;
    options.path = file;
    options.max_file_bytes = max_file_bytes;
    options.max_files = 0;
    sdk.service_name = "writer";
    sdk.batch.max_export_batch_size = 10;
    assert_int_equal(cotel_otlp_file_exporter_create(&options, &sdk.exporter), COTEL_STATUS_OK);
    assert_int_equal(cotel_sdk_init(&sdk), COTEL_STATUS_OK);
    cotel_tracer *tracer = cotel_tracer_get("files", NULL);
    for (size_t i = 0; i < spans; i++) {
        cotel_span span = cotel_span_start(tracer, "step", NULL);
        cotel_span_set_string(&span, "text", "a \"quoted\"\nline");
        cotel_span_set_int(&span, "number", (int64_t)i);
        cotel_span_end(&span);
    }
    assert_int_equal(cotel_sdk_flush(FLUSH_MS), COTEL_STATUS_OK);
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
}

/* The spans of one line, which must be TracesData of one resource and one scope. */
static size_t spans_of_line(const char *line)
{
    json_t *data = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    json_t *resource = json_array_get(json_object_get(data, "resourceSpans"), 0);
    json_t *scope = json_array_get(json_object_get(resource, "scopeSpans"), 0);
    json_t *spans = json_object_get(scope, "spans"), *span;
    size_t i;
    assert_true(json_array_size(spans) > 0);
    json_array_foreach(spans, i, span)
    {
        json_t *attributes = json_object_get(span, "attributes");
        json_t *text = json_object_get(json_array_get(attributes, 0), "value");
        json_t *number = json_object_get(json_array_get(attributes, 1), "value");
        assert_int_equal(json_string_length(json_object_get(span, "traceId")), 32);
        assert_string_equal(json_string_value(json_object_get(text, "stringValue")),
                            "a \"quoted\"\nline");
        assert_true(json_is_string(json_object_get(number, "intValue")));
    }
    json_decref(data);
    return i;
}

static size_t spans_of_file(const char *name)
{
    char *line = NULL;
    size_t capacity = 0, spans = 0;
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    while (getline(&line, &capacity, file) > 0)
        spans += spans_of_line(line);
    free(line);
    fclose(file);
    return spans;
}

static size_t spans_of_folder(size_t *files)
{
    DIR *opened = opendir(folder);
    const struct dirent *entry;
    size_t spans = 0;
    *files = 0;
    while ((entry = readdir(opened)) != NULL) {
        char name[512];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        spans += spans_of_file(name);
        (*files)++;
    }
    closedir(opened);
    return spans;
}

static void each_batch_is_a_line_of_its_own(void **state)
{
    size_t files;
    emit(path, 0, 25);
    assert_int_equal(spans_of_folder(&files), 25);
    assert_int_equal(files, 1);
}

static void several_processes_fill_one_folder_and_nothing_is_lost(void **state)
{
    size_t files;
    for (int i = 0; i < PROCESSES; i++) {
        if (fork() == 0) {
            emit(path, 20000, SPANS);
            _exit(0);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(spans_of_folder(&files), PROCESSES * SPANS);
    assert_true(files > PROCESSES);
}

static void without_a_path_lines_go_to_stdout(void **state)
{
    int kept = dup(STDOUT_FILENO);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(dup2(file, STDOUT_FILENO), STDOUT_FILENO);
    emit(NULL, 0, 25);
    assert_int_equal(dup2(kept, STDOUT_FILENO), STDOUT_FILENO);
    close(kept);
    close(file);
    assert_int_equal(spans_of_file(path), 25);
}

static void a_folder_that_cannot_be_written_to_loses_and_tells(void **state)
{
    cotel_otlp_file_options options = COTEL_OTLP_FILE_OPTIONS_INIT;
    cotel_sdk_options sdk = COTEL_SDK_OPTIONS_INIT;
    char deep[160];
    snprintf(deep, sizeof deep, "%s/missing/traces.jsonl", folder);
    options.path = deep;
    assert_int_equal(cotel_otlp_file_exporter_create(&options, &sdk.exporter), COTEL_STATUS_OK);
    assert_int_equal(cotel_sdk_init(&sdk), COTEL_STATUS_OK);
    cotel_span span = cotel_span_start(cotel_tracer_get("files", NULL), "step", NULL);
    cotel_span_end(&span);
    assert_int_equal(cotel_sdk_flush(FLUSH_MS), COTEL_STATUS_EXPORT_FAILED);
    cotel_sdk_counts counts = sdk_counts(NULL);
    assert_int_equal(counts.pipelines[0].dropped[COTEL_DROP_FAILED], 1);
    (void)cotel_sdk_shutdown(FLUSH_MS, NULL);
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(each_batch_is_a_line_of_its_own),
        IN_FOLDER(several_processes_fill_one_folder_and_nothing_is_lost),
        IN_FOLDER(without_a_path_lines_go_to_stdout),
        IN_FOLDER(a_folder_that_cannot_be_written_to_loses_and_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
