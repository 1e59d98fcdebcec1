/* SPDX-License-Identifier: Apache-2.0 */
/* Counts jobs, and lets Prometheus read how many: prints where, and works until its input ends. */
#include <cotel/cotel.h>
#include <cotel/exporters/prometheus.h>
#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/meter_provider.h>

#include <stdio.h>
#include <stdlib.h>

/* A provider whose metrics the exporter shows; NULL: there is none. */
static cotel_meter_provider *create_provider(cotel_prometheus_exporter *exporter)
{
    cotel_metric_reader *reader = cotel_prometheus_exporter_as_reader(exporter);
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_meter_provider *provider = NULL;
    options.readers = &reader;
    options.reader_count = 1;
    if (cotel_meter_provider_create(&options, &provider) == COTEL_STATUS_OK)
        return provider;
    cotel_metric_reader_destroy(reader); /* nobody took it over */
    return NULL;
}

/* One job a line of the input. */
static void work(cotel_meter *meter)
{
    char line[256];
    cotel_counter *jobs = cotel_counter_get(meter, "agent.jobs", NULL);
    while (fgets(line, sizeof line, stdin)) {
        const cotel_attribute urgent = cotel_attribute_bool("urgent", line[0] == '!');
        cotel_counter_add(jobs, 1, &urgent, 1);
    }
}

int main(int argc, char **argv)
{
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    cotel_prometheus_exporter *exporter = NULL;
    options.port =
        argc > 1 ? (uint16_t)strtoul(argv[1], NULL, 10) : options.port; /* 0: a free one */
    options.target_file = argc > 2 ? argv[2] : NULL; /* for file_sd_configs of Prometheus */
    cotel_diagnostics_set(cotel_diagnostics_to_file, NULL, COTEL_LOG_WARNING);

    if (cotel_prometheus_exporter_create(&options, &exporter) != COTEL_STATUS_OK)
        return 1;
    cotel_meter_provider *provider = create_provider(exporter);
    printf("http://%s/metrics\n", cotel_prometheus_exporter_address(exporter));
    fflush(stdout);

    work(cotel_meter_provider_get_meter(provider, "example", NULL));

    cotel_meter_provider_shutdown(provider, 2000, NULL);
    cotel_meter_provider_destroy(provider);
    cotel_prometheus_exporter_destroy(exporter);
    return 0;
}
