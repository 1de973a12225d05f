"""Pure mathematics on arrays: colour, filters, geometry, blending, matting. No files, no models."""
