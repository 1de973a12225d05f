"""What a network of others sees before it answers: inner tensors of an ONNX graph as outputs.

A graph tells only its outputs. The file that was fetched stays as it is; what is opened is a copy
in memory whose graph lists some of its inner tensors as outputs, too. An ONNX file is a protocol
buffer (onnx.proto: field 7 of ModelProto is the graph, field 12 of GraphProto an output, field 1 of
ValueInfoProto its name; a runtime finds shapes and types by itself), so this is a matter of a few
bytes at the end of one field.
"""

from __future__ import annotations

_GRAPH, _OUTPUT, _NAME = 7, 12, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def show_inner(model: bytes, names: tuple[str, ...]) -> bytes:
    """Return an ONNX ``model`` whose graph lists the tensors ``names`` after its own outputs.

    Raises
    ------
    ValueError
        It is no ONNX model, or has no graph.
    """
    added = b"".join(_field(_OUTPUT, _field(_NAME, name.encode())) for name in names)
    out, at, found = [], 0, False
    while at < len(model):
        start = at
        key, at = _read_varint(model, at)
        number, kind = key >> 3, key & 7
        if kind == _BYTES:
            size, at = _read_varint(model, at)
            end = at + size
        elif kind == _VARINT:
            _, end = _read_varint(model, at)
        elif kind in (_FIXED64, _FIXED32):
            end = at + (8 if kind == _FIXED64 else 4)
        else:
            raise ValueError(f"not an ONNX model: a field of kind {kind} at byte {start}")
        if end > len(model):
            raise ValueError(f"not an ONNX model: the field at byte {start} ends beyond the file")
        if number == _GRAPH and kind == _BYTES:
            out.append(_field(_GRAPH, model[at:end] + added))
            found = True
        else:
            out.append(model[start:end])
        at = end
    if not found:
        raise ValueError("not an ONNX model: it has no graph")
    return b"".join(out)


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at ``at``, and where the next field's bytes begin."""
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("not an ONNX model: it ends within a number")
