"""The types of methods: one file each, pure."""
