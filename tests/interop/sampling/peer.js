// SPDX-License-Identifier: Apache-2.0
// What decide.c does, by Node's official packages. TraceIdRatioBased is not here: its rule is one
// of its own, which the specification leaves open.
const {ROOT_CONTEXT, SpanKind, trace} = require('@opentelemetry/api');
const {TraceState} = require('@opentelemetry/core');
const composable = require('@opentelemetry/sampler-composite');

const samplers = {
  probability: share,
  composite_always_on: composable.createComposableAlwaysOnSampler,
  composite_always_off: composable.createComposableAlwaysOffSampler,
  composite_probability: share,
  composite_parent_threshold: ratio =>
    composable.createComposableParentThresholdSampler(share(ratio)),
};

function share(ratio) {
  return composable.createComposableProbabilitySampler(ratio);
}

function answer(sampler, line) {
  const [traceId, flags, header] = line.split(' ');
  const context = flags === '-' ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, {
    traceId, spanId: '0000000000000001', traceFlags: parseInt(flags, 16),
    traceState: header === '-' ? undefined : new TraceState(header),
  });
  const result = sampler.shouldSample(context, traceId, 'interop', SpanKind.INTERNAL, {}, []);
  return `${result.decision} ${result.traceState?.serialize() || '-'}`;
}

const [name, ratio] = process.argv.slice(2);
const sampler = composable.createCompositeSampler(samplers[name](Number(ratio)));
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\n');
console.log(lines.map(line => answer(sampler, line)).join('\n'));
