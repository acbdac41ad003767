"""Files: written whole or not at all, safetensors, JSON and YAML that are read with care, checksums and locks."""
