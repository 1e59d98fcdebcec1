# SPDX-License-Identifier: Apache-2.0
"""Calls the exported functions through ctypes: from_python.py LAYOUT LIBCOTEL. So they must be real
functions, not macros, and the sizes those that tests/abi/layout.golden tells."""
import ctypes
import sys

COTEL_STATUS_OK = 0
ATTRIBUTE_INT = 3


class Span(ctypes.Structure):
    _fields_ = [('trace_id', ctypes.c_uint8 * 16), ('span_id', ctypes.c_uint8 * 8),
                ('slot', ctypes.c_void_p), ('generation', ctypes.c_uint32),
                ('trace_flags', ctypes.c_uint8), ('state', ctypes.c_uint8),
                ('reserved', ctypes.c_uint16)]


class Str(ctypes.Structure):
    _fields_ = [('data', ctypes.c_char_p), ('size', ctypes.c_size_t)]


def read_layout(path):
    """Struct -> (size, member -> offset)."""
    layout, members = {}, {}
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            first, second = line.split()
            if line[0] == ' ':
                members[second] = int(first)
            else:
                members = {}
                layout[first] = (int(second), members)
    return layout


def options_with(cotel, layout, exporter):
    size, members = layout['cotel_sdk_options']
    options = ctypes.create_string_buffer(size)
    cotel.cotel_sdk_options_init(options)
    assert ctypes.c_size_t.from_buffer(options).value == size, 'size is not written'
    ctypes.c_void_p.from_buffer(options, members['exporter']).value = exporter
    name = ctypes.c_char_p.from_buffer(options, members['service_name'])
    name.value = b'python'
    return options


def load(path):
    cotel = ctypes.CDLL(path)
    for name in ('cotel_memory_exporter_as_exporter', 'cotel_tracer_get', 'cotel_meter_get',
                 'cotel_counter_get', 'cotel_counter_bind', 'cotel_double_histogram_get',
                 'cotel_observable_gauge_get', 'cotel_observable_add_callback'):
        getattr(cotel, name).restype = ctypes.c_void_p
    cotel.cotel_memory_exporter_count.restype = ctypes.c_size_t
    cotel.cotel_memory_exporter_get.restype = ctypes.c_bool
    cotel.cotel_span_view_get.restype = ctypes.c_bool
    cotel.cotel_span_is_recording.restype = ctypes.c_bool
    cotel.cotel_span_start.restype = Span
    cotel.cotel_version.restype = ctypes.c_char_p
    return cotel


def record_span(cotel):
    tracer = ctypes.c_void_p(cotel.cotel_tracer_get(b'python', None))
    span = cotel.cotel_span_start(tracer, b'from python', None)
    assert cotel.cotel_span_is_recording(ctypes.byref(span)), 'does not record'
    cotel.cotel_span_set_string(ctypes.byref(span), b'text', 'Zürich'.encode())
    cotel.cotel_span_set_int(ctypes.byref(span), b'number', ctypes.c_int64(-42))
    cotel.cotel_span_set_double(ctypes.byref(span), b'double', ctypes.c_double(0.5))
    cotel.cotel_span_set_bool(ctypes.byref(span), b'flag', ctypes.c_bool(True))
    cotel.cotel_span_add_event(ctypes.byref(span), b'event', None, ctypes.c_size_t(0))
    cotel.cotel_span_end(ctypes.byref(span))
    assert not cotel.cotel_span_is_recording(ctypes.byref(span)), 'records after its end'


def record_metrics(cotel):
    meter = ctypes.c_void_p(cotel.cotel_meter_get(b'python', None))
    counter = ctypes.c_void_p(cotel.cotel_counter_get(meter, b'requests', None))
    assert counter.value == cotel.cotel_counter_get(meter, b'requests', None), 'is another one'
    cotel.cotel_counter_add(counter, ctypes.c_int64(1), None, ctypes.c_size_t(0))
    bound = ctypes.c_void_p(cotel.cotel_counter_bind(counter, None, ctypes.c_size_t(0)))
    cotel.cotel_bound_counter_add(bound, ctypes.c_int64(1))
    cotel.cotel_bound_counter_unbind(bound)
    histogram = ctypes.c_void_p(cotel.cotel_double_histogram_get(meter, b'seconds', None))
    cotel.cotel_double_histogram_record(histogram, ctypes.c_double(0.5), None, ctypes.c_size_t(0))
    observe = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(lambda observer, user: None)
    gauge = ctypes.c_void_p(cotel.cotel_observable_gauge_get(meter, b'gauge', None, None, None))
    callback = ctypes.c_void_p(cotel.cotel_observable_add_callback(
        ctypes.byref(gauge), ctypes.c_size_t(1), observe, None))
    assert callback, 'no callback'
    cotel.cotel_callback_remove(callback)


def check_span(cotel, layout, memory):
    view_size, members = layout['cotel_span_view']
    view = ctypes.create_string_buffer(view_size)
    assert cotel.cotel_memory_exporter_get(memory, ctypes.c_size_t(0), view, None, None)
    name = Str.from_buffer(view, members['name'])
    assert ctypes.string_at(name.data, name.size)[:name.size] == b'from python', name.data
    value_size, members = layout['cotel_value_view']
    value = ctypes.create_string_buffer(value_size)
    assert cotel.cotel_span_view_get(view, Str(b'number', 6), value), 'attribute is missing'
    assert ctypes.c_uint32.from_buffer(value, members['type']).value == ATTRIBUTE_INT
    assert ctypes.c_int64.from_buffer(value, members['integer']).value == -42


def main(layout_path, library):
    layout = read_layout(layout_path)
    assert layout['cotel_span'][0] == ctypes.sizeof(Span), 'cotel_span has another size'
    cotel = load(library)
    memory = ctypes.c_void_p()
    assert cotel.cotel_memory_exporter_create(ctypes.byref(memory)) == COTEL_STATUS_OK
    exporter = cotel.cotel_memory_exporter_as_exporter(memory)
    assert cotel.cotel_sdk_init(options_with(cotel, layout, exporter)) == COTEL_STATUS_OK
    record_span(cotel)
    record_metrics(cotel)
    assert cotel.cotel_sdk_flush(ctypes.c_uint64(5000)) == COTEL_STATUS_OK
    assert cotel.cotel_memory_exporter_count(memory) == 1
    check_span(cotel, layout, memory)
    assert cotel.cotel_sdk_shutdown(ctypes.c_uint64(5000), None) == COTEL_STATUS_OK
    cotel.cotel_memory_exporter_destroy(memory)
    print('python', cotel.cotel_version().decode())


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2])
