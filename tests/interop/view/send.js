// SPDX-License-Identifier: Apache-2.0
// Sends the trace of expected.py by the official SDK; prints its id.
//
//     send.js http/protobuf|http/json URL gzip|none
'use strict';

const { SpanKind, SpanStatusCode, context, trace } = require('@opentelemetry/api');
const { resourceFromAttributes } = require('@opentelemetry/resources');
const { BatchSpanProcessor, NodeTracerProvider } = require('@opentelemetry/sdk-trace-node');

const [protocol, url, compression] = process.argv.slice(2);
const { OTLPTraceExporter } = require({
  'http/protobuf': '@opentelemetry/exporter-trace-otlp-proto',
  'http/json': '@opentelemetry/exporter-trace-otlp-http',
}[protocol]);

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'from node' }),
  spanProcessors: [
    new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces`, compression })),
  ],
});
const tracer = provider.getTracer('sender.js', '1.2.3');

const parent = tracer.startSpan('parent', { kind: SpanKind.SERVER });
const child = tracer.startSpan('child', {
  kind: SpanKind.CLIENT,
  attributes: {
    text: 'gr\u00fc\u00df', yes: true, count: 42, ratio: 0.1, list: ['a', 'b'], numbers: [1, 2, 3],
  },
  links: [{ context: parent.spanContext(), attributes: { why: 'test' } }],
}, trace.setSpan(context.active(), parent));
child.addEvent('halfway', { percent: 50 });
child.setStatus({ code: SpanStatusCode.ERROR, message: 'it broke' });
child.end();
parent.end();

provider.forceFlush()
  .then(() => provider.shutdown())
  .then(() => console.log(parent.spanContext().traceId));
