"""From a picture to a Scene: faces, frame, matte, regions, and every measurement, once."""
