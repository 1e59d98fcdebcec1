// SPDX-License-Identifier: Apache-2.0
// The same headers from C++17: what a C++ program would write.
#include <cotel/cotel.h>
#include <cotel/sdk/sdk.h>
#include <cotel/sdk/testing.h>

#include <cstdio>
#include <string>

static void work(cotel_tracer *tracer)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("gen_ai.request.model", "gpt-4o"),
        cotel_attribute_int("gen_ai.usage.input_tokens", 1234),
    };
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    options.attributes = attributes;
    options.attribute_count = 2;
    COTEL_SPAN_SCOPE(scope, tracer, "from c++", &options);
    const std::string prompt(1000, 'x');
    cotel_span_set_string_n(&scope.span, "prompt", 6, prompt.data(), prompt.size());
    cotel_span_set_string(&scope.span, "literal", "text");
    cotel_span_set_bool(&scope.span, "cached", false);
    cotel_span_set_double(&scope.span, "cost", 0.0123);
}

int main()
{
    cotel_memory_exporter *memory = nullptr;
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    if (cotel_memory_exporter_create(&memory) != COTEL_STATUS_OK)
        return 1;
    options.exporter = cotel_memory_exporter_as_exporter(memory);
    if (cotel_sdk_init(&options) != COTEL_STATUS_OK)
        return 1;
    work(cotel_tracer_get("c++", nullptr));
    if (cotel_sdk_flush(5000) != COTEL_STATUS_OK)
        return 1;
    std::printf("c++ %zu\n", cotel_memory_exporter_count(memory));
    if (cotel_sdk_shutdown(5000, nullptr) != COTEL_STATUS_OK)
        return 1;
    cotel_memory_exporter_destroy(memory);
    return 0;
}
