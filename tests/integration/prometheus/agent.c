/* SPDX-License-Identifier: Apache-2.0 */
/* A program with metrics for Prometheus, to be tried from outside: `agent NAME=VALUE...` sets the
 * exporter's options, then each line of stdin is a command that is answered by one line. What
 * diagnostics say goes to stderr. */
#include <cotel/cotel.h>
#include <cotel/exporters/prometheus.h>
#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/meter_provider.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ThreadSanitizer does not see _Fork(), and so believes that the parent's threads go on. */
#if defined(__SANITIZE_THREAD__)
#define FORK_UNSEEN fork
#else
#define FORK_UNSEEN _Fork
#endif

static cotel_prometheus_exporter *exporter;
static cotel_meter_provider *provider;
static cotel_counter *jobs;
static cotel_observable *ready;
static atomic_ullong hang_ms;

/* ---- options ---- */

struct setting {
    cotel_prometheus_options prometheus;
    cotel_metric_reader_options reader;
    size_t series;
    bool bare; /* no provider gets the reader */
};

static bool read_text(struct setting *setting, const char *name, const char *value)
{
    cotel_prometheus_options *options = &setting->prometheus;
    if (strcmp(name, "host") == 0)
        options->host = value;
    else if (strcmp(name, "path") == 0)
        options->path = value;
    else if (strcmp(name, "target_file") == 0)
        options->target_file = value;
    else if (strcmp(name, "target_host") == 0)
        options->target_host = value;
    else if (strcmp(name, "textfile") == 0)
        options->textfile = value;
    else
        return false;
    return true;
}

static bool read_number(struct setting *setting, const char *name, unsigned long value)
{
    cotel_prometheus_options *options = &setting->prometheus;
    if (strcmp(name, "port") == 0)
        options->port = (uint16_t)value;
    else if (strcmp(name, "policy") == 0)
        options->port_policy = (cotel_prometheus_port_policy)value;
    else if (strcmp(name, "listen") == 0)
        options->listen = value != 0;
    else if (strcmp(name, "textfile_interval_ms") == 0)
        options->textfile_interval_ms = value;
    else if (strcmp(name, "textfile_at_shutdown") == 0)
        options->textfile_at_shutdown = value != 0;
    else if (strcmp(name, "collect_timeout_ms") == 0)
        options->collect_timeout_ms = value;
    else if (strcmp(name, "client_timeout_ms") == 0)
        options->client_timeout_ms = value;
    else if (strcmp(name, "idle_timeout_ms") == 0)
        options->idle_timeout_ms = value;
    else if (strcmp(name, "max_connections") == 0)
        options->max_connections = (uint32_t)value;
    else if (strcmp(name, "max_pending_bytes") == 0)
        options->max_pending_bytes = value;
    else if (strcmp(name, "series") == 0)
        setting->series = value;
    else if (strcmp(name, "bare") == 0)
        setting->bare = value != 0;
    else
        return false;
    return true;
}

static void read_argument(struct setting *setting, char *argument)
{
    char *value = strchr(argument, '=');
    if (value)
        *value++ = '\0';
    if (value && (read_text(setting, argument, value) ||
                  read_number(setting, argument, strtoul(value, NULL, 10))))
        return;
    fprintf(stderr, "agent: what is %s?\n", argument);
    exit(2);
}

/* ---- metrics ---- */

static void sleep_ms(unsigned long long ms)
{
    struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

static void observe(cotel_observer *observer, void *user)
{
    sleep_ms(atomic_load(&hang_ms));
    cotel_observe(observer, ready, 1, NULL, 0);
}

static void make_metrics(size_t series)
{
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "agent", NULL);
    jobs = cotel_counter_get(meter, "jobs.done", NULL);
    /* Added once `ready` is set: it runs at once. */
    ready = cotel_observable_gauge_get(meter, "ready", NULL, NULL, NULL);
    (void)cotel_observable_add_callback(&ready, 1, observe, NULL);
    for (size_t i = 0; i < series; i++) {
        const cotel_attribute attribute = cotel_attribute_int("number", (int64_t)i);
        cotel_counter_add(jobs, 1, &attribute, 1);
    }
}

static void make_provider(const struct setting *setting)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_metric_reader *reader = cotel_prometheus_exporter_as_reader(exporter);
    options.readers = &reader;
    options.reader_count = 1;
    cotel_status status = cotel_meter_provider_create(&options, &provider);
    if (status == COTEL_STATUS_OK)
        make_metrics(setting->series);
    else
        fprintf(stderr, "agent: no provider: %s\n", cotel_status_name(status));
}

/* ---- commands ---- */

static void tell_address(void)
{
    printf("address %s\n", cotel_prometheus_exporter_address(exporter));
}

static void tell_stats(void)
{
    cotel_prometheus_counts counts = {.size = sizeof counts};
    cotel_prometheus_stats(exporter, &counts);
    printf("{\"connections\": %llu, \"refused\": %llu, \"slow\": %llu, \"scrapes\": %llu, "
           "\"scrape_bytes\": %llu, \"failures\": %llu, \"misdirected\": %llu, \"files\": %llu, "
           "\"file_failures\": %llu}\n",
           (unsigned long long)counts.connections, (unsigned long long)counts.refused,
           (unsigned long long)counts.slow, (unsigned long long)counts.scrapes,
           (unsigned long long)counts.scrape_bytes, (unsigned long long)counts.failures,
           (unsigned long long)counts.misdirected, (unsigned long long)counts.files,
           (unsigned long long)counts.file_failures);
}

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void shut_down(unsigned long timeout_ms)
{
    uint64_t before_ms = now_ms();
    cotel_status status = cotel_meter_provider_shutdown(provider, timeout_ms, NULL);
    printf("%s %llu\n", cotel_status_name(status), (unsigned long long)(now_ms() - before_ms));
}

static void start_again(void)
{
    cotel_status status = cotel_prometheus_exporter_start(exporter);
    printf("%s %s\n", cotel_status_name(status), cotel_prometheus_exporter_address(exporter));
}

static void write_file(char *path)
{
    char *format = strchr(path, ' ');
    if (format)
        *format++ = '\0';
    cotel_status status = cotel_prometheus_exporter_write_file(
        exporter, path, format ? COTEL_PROMETHEUS_OPENMETRICS : COTEL_PROMETHEUS_TEXT, 5000);
    printf("%s\n", cotel_status_name(status));
}

/* How many sockets, and how many descriptors of other kinds than files and pipes, are open. */
static void count_descriptors(unsigned *sockets, unsigned *others)
{
    DIR *folder = opendir("/proc/self/fd");
    *sockets = *others = 0;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        char target[256] = "";
        ssize_t size = readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1);
        *sockets += size > 0 && strncmp(target, "socket:", 7) == 0;
        *others += size > 0 && strncmp(target, "anon_inode:", 11) == 0;
    }
    closedir(folder);
}

static void tell_descriptors(void)
{
    unsigned sockets, others;
    count_descriptors(&sockets, &others);
    printf("%u %u\n", sockets, others);
}

static void run_commands(void);

/* The child takes the commands over until "leave". */
static void fork_child(pid_t pid)
{
    if (pid == 0) {
        printf("child %ld\n", (long)getpid());
        fflush(stdout);
        run_commands();
        exit(0);
    }
    int status = 0;
    (void)waitpid(pid, &status, 0);
    printf("child ended %d\n", status);
}

static void destroy_all(void)
{
    cotel_prometheus_exporter_destroy(exporter);
    cotel_meter_provider_destroy(provider);
    exporter = NULL;
    provider = NULL;
    printf("destroyed\n");
}

/* False: it was the last one. */
static bool run_command(char *line)
{
    char *argument = strchr(line, ' ');
    if (argument)
        *argument++ = '\0';
    if (strcmp(line, "address") == 0)
        tell_address();
    else if (strcmp(line, "stats") == 0)
        tell_stats();
    else if (strcmp(line, "add") == 0)
        printf("%s\n", (cotel_counter_add(jobs, 1, NULL, 0), "added"));
    else if (strcmp(line, "hang") == 0)
        printf("%s\n", (atomic_store(&hang_ms, strtoull(argument, NULL, 10)), "hangs"));
    else if (strcmp(line, "start") == 0)
        start_again();
    else if (strcmp(line, "write") == 0)
        write_file(argument);
    else if (strcmp(line, "descriptors") == 0)
        tell_descriptors();
    else if (strcmp(line, "fork") == 0)
        fork_child(fork());
    else if (strcmp(line, "_fork") == 0)
        fork_child(FORK_UNSEEN());
    else if (strcmp(line, "shutdown") == 0)
        shut_down(strtoul(argument, NULL, 10));
    else if (strcmp(line, "destroy") == 0)
        destroy_all();
    else
        return strcmp(line, "leave") != 0;
    return true;
}

static void run_commands(void)
{
    char line[512];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (!run_command(line))
            return;
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    struct setting setting = {COTEL_PROMETHEUS_OPTIONS_INIT, COTEL_METRIC_READER_OPTIONS_INIT, 1,
                              false};
    /* Unbuffered: what a child reads the parent must not have read ahead. */
    (void)setvbuf(stdin, NULL, _IONBF, 0);
    cotel_diagnostics_set(cotel_diagnostics_to_file, NULL, COTEL_LOG_INFO);
    setting.prometheus.port = 0;
    setting.prometheus.reader = &setting.reader;
    setting.reader.cardinality_limit[COTEL_INSTRUMENT_COUNTER] = COTEL_MAX_CARDINALITY_LIMIT;
    for (int i = 1; i < argc; i++)
        read_argument(&setting, argv[i]);
    cotel_status status = cotel_prometheus_exporter_create(&setting.prometheus, &exporter);
    if (status != COTEL_STATUS_OK) {
        printf("%s\n", cotel_status_name(status));
        return 1;
    }
    if (!setting.bare)
        make_provider(&setting);
    tell_address();
    fflush(stdout);
    run_commands();
    return 0;
}
