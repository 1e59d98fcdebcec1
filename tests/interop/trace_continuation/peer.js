// SPDX-License-Identifier: Apache-2.0
// Node's official SDK as one end of a trace: peer.js, over_http.py tells the protocol.
'use strict';

const readline = require('node:readline');

const {
  ROOT_CONTEXT, TraceFlags, baggageEntryMetadataFromString, createTraceState, defaultTextMapGetter,
  defaultTextMapSetter, propagation, trace,
} = require('@opentelemetry/api');
const {
  CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator,
} = require('@opentelemetry/core');
const { B3InjectEncoding, B3Propagator } = require('@opentelemetry/propagator-b3');
const { JaegerPropagator } = require('@opentelemetry/propagator-jaeger');
const {
  AlwaysOffSampler, AlwaysOnSampler, NodeTracerProvider,
} = require('@opentelemetry/sdk-trace-node');

const FORMATS = {
  tracecontext: new W3CTraceContextPropagator(),
  baggage: new W3CBaggagePropagator(),
  b3: new B3Propagator(),
  b3multi: new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER }),
  jaeger: new JaegerPropagator(),
};

function propagatorOf(formats) {
  return new CompositePropagator({ propagators: formats.map((name) => FORMATS[name]) });
}

function inject(formats, context) {
  const headers = {};
  propagatorOf(formats).inject(context, headers, defaultTextMapSetter);
  return headers;
}

// A caller that has this tracestate: the SDK lets a span inherit one only.
function parentWith(tracestate) {
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    isRemote: true,
    traceFlags: TraceFlags.SAMPLED,
    traceState: createTraceState(tracestate),
  });
}

function start(formats, sampled, tracestate, entries) {
  const sampler = sampled ? new AlwaysOnSampler() : new AlwaysOffSampler();
  const parent = tracestate ? parentWith(tracestate) : ROOT_CONTEXT;
  const span = new NodeTracerProvider({ sampler }).getTracer('peer').startSpan('start', {}, parent);
  let baggage = propagation.createBaggage();
  for (const [name, [value, metadata]] of Object.entries(entries)) {
    baggage = baggage.setEntry(name, {
      value, metadata: metadata ? baggageEntryMetadataFromString(metadata) : undefined,
    });
  }
  const context = propagation.setBaggage(trace.setSpan(parent, span), baggage);
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId, headers: inject(formats, context) };
}

function baggageOf(context) {
  const entries = propagation.getBaggage(context)?.getAllEntries() ?? [];
  return Object.fromEntries(entries.map(([name, entry]) =>
    [name, [entry.value, entry.metadata ? entry.metadata.toString() : '']]));
}

function goOn(formats, headers) {
  const context = propagatorOf(formats).extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  const caller = trace.getSpanContext(context);
  const span = new NodeTracerProvider().getTracer('peer').startSpan('go on', {}, context);
  const { traceId, traceFlags, traceState } = span.spanContext();
  return {
    trace_id: traceId,
    parent_id: caller?.spanId ?? null,
    is_remote: caller?.isRemote ?? false,
    sampled: (traceFlags & TraceFlags.SAMPLED) !== 0,
    tracestate: traceState?.serialize() ?? '',
    baggage: baggageOf(context),
    headers: inject(formats, trace.setSpan(context, span)),
  };
}

const COMMANDS = { start, 'go on': goOn };

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [command, args] = JSON.parse(line);
  console.log(JSON.stringify(COMMANDS[command](...args)));
});
