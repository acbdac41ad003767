// In C because Swift has no names for these instructions. Their meaning: Intel, "SHA Extensions", 2013, and the Software Developer's
// Manual under SHA256RNDS2, SHA256MSG1 and SHA256MSG2. The plain version stands in SHA256.swift; tests hold the two together.
#include "sha256_extensions.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

static bool ask(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

bool sha256_has_extensions(void) {
  // Asking the processor leaves a virtual machine for its host, which costs more than a graph's hash.
  static _Atomic int known = 0;
  int answer = __atomic_load_n((int *)&known, __ATOMIC_RELAXED);
  if (answer == 0) {
    answer = ask() ? 1 : -1;
    __atomic_store_n((int *)&known, answer, __ATOMIC_RELAXED);
  }
  return answer > 0;
}

__attribute__((target("sha,sse4.1,ssse3"))) void sha256_compress_with_extensions(
  uint32_t *state, const uint8_t *blocks, size_t count, const uint32_t *constants) {
  const __m128i *k = (const __m128i *)constants;
  const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  // The instructions want the words a b e f in one register and c d g h in another, a and c in the highest lanes.
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
  __m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
  for (; count > 0; count--, blocks += 64) {
    const __m128i abefBefore = abef, cdghBefore = cdgh;
    __m128i w[4];  // The last sixteen words of the schedule.
#pragma clang loop unroll(full)
    for (int group = 0; group < 16; group++) {
      const int now = group & 3;
      if (group < 4) {
        w[now] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * group)), bigEndian);
      } else {
        const __m128i last = w[(group + 3) & 3];
        const __m128i sevenBefore = _mm_alignr_epi8(last, w[(group + 2) & 3], 4);
        w[now] = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w[now], w[(group + 1) & 3]), sevenBefore), last);
      }
      const __m128i words = _mm_add_epi32(w[now], _mm_loadu_si128(k + group));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
    }
    abef = _mm_add_epi32(abef, abefBefore);
    cdgh = _mm_add_epi32(cdgh, cdghBefore);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool sha256_has_extensions(void) { return false; }

void sha256_compress_with_extensions(
  uint32_t *state, const uint8_t *blocks, size_t count, const uint32_t *constants) {
  (void)state, (void)blocks, (void)count, (void)constants;
}

#endif
