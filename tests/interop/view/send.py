# SPDX-License-Identifier: Apache-2.0
"""Sends the trace of expected.py by the official SDK; prints its id.

    send.py http/protobuf|grpc URL gzip|none
"""

import sys

import expected
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

protocol, url, compression = sys.argv[1:]


def exporter():
    if protocol == 'grpc':
        import grpc
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        packing = grpc.Compression.Gzip if compression == 'gzip' else grpc.Compression.NoCompression
        return OTLPSpanExporter(url, insecure=True, compression=packing)
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    return OTLPSpanExporter(f'{url}/v1/traces', compression=Compression(compression))


provider = TracerProvider(resource=Resource.create({'service.name': 'from python'}))
provider.add_span_processor(BatchSpanProcessor(exporter()))
tracer = provider.get_tracer('sender.py', '1.2.3')
with tracer.start_as_current_span('parent', kind=trace.SpanKind.SERVER) as parent:
    link = trace.Link(parent.get_span_context(), {'why': 'test'})
    with tracer.start_as_current_span('child', kind=trace.SpanKind.CLIENT, links=[link],
                                      attributes=expected.ATTRIBUTES) as child:
        child.add_event(expected.EVENT['name'], expected.EVENT['attributes'])
        child.set_status(trace.StatusCode.ERROR, expected.ERROR)
if not provider.force_flush():
    sys.exit('the flush failed')
provider.shutdown()
print(f'{parent.get_span_context().trace_id:032x}')
