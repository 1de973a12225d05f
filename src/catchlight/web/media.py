"""Media types of what is sent."""

PLAN = "application/x-catchlight-plan"
#: By the name of a format that is written.
OF_FORMAT = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WebP": "image/webp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
    "HEIC": "image/heic",
}
