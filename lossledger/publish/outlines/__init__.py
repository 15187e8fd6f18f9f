"""Coasts and borders of the world, at a scale of about 1:50 million. README.md says where they come from."""
