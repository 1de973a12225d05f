"""What a worker does: look at photos, make the master, cut the sizes. Bytes in and out."""
