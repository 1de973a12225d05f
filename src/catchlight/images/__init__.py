"""Pictures in and out: the only place that knows formats, code values, profiles and EXIF."""

from catchlight.images.decode import open_picture
from catchlight.images.encode import check_format, choose_encoding, encode_picture, format_for
from catchlight.images.encoding import Encoding
from catchlight.images.metadata import Metadata
from catchlight.images.obstacles import check_free, check_room
from catchlight.images.output import write_all, write_atomically
from catchlight.images.picture import Box, Picture

__all__ = [
    "Box",
    "Encoding",
    "Metadata",
    "Picture",
    "check_format",
    "check_free",
    "check_room",
    "choose_encoding",
    "encode_picture",
    "format_for",
    "open_picture",
    "write_all",
    "write_atomically",
]
