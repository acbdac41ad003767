#ifndef SHA256_EXTENSIONS_H
#define SHA256_EXTENSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether this processor has instructions for SHA-256.
bool sha256_has_extensions(void);

/// Takes `count` blocks of 64 bytes into the eight words of `state`, with the processor's own instructions.
///
/// `constants` are the 64 words K of FIPS 180-4. Only where `sha256_has_extensions()`; elsewhere it does nothing.
void sha256_compress_with_extensions(
  uint32_t *_Nonnull state, const uint8_t *_Nonnull blocks, size_t count, const uint32_t *_Nonnull constants);

#ifdef __cplusplus
}
#endif

#endif
