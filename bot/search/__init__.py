"""Search over encrypted words, by keyed hashes of their pieces."""
