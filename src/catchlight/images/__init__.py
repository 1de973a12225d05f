"""Pictures in and out: the only place that knows formats, code values, profiles and EXIF."""

from catchlight.images.decode import open_picture
from catchlight.images.encode import choose_encoding, encode_picture, format_for
from catchlight.images.encoding import Encoding
from catchlight.images.metadata import Metadata
from catchlight.images.output import write_atomically
from catchlight.images.picture import Box, Picture

__all__ = [
    "Box",
    "Encoding",
    "Metadata",
    "Picture",
    "choose_encoding",
    "encode_picture",
    "format_for",
    "open_picture",
    "write_atomically",
]
