"""The face: where it is, its mesh, pose, expression, identity and form."""
