"""Names and fingerprints of code that users wrote."""
