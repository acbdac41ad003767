// In C because Swift has no names for these instructions. Levels: "System V Application Binary Interface, AMD64 Architecture Processor
// Supplement", table 3.1; bits: Intel, "Software Developer's Manual", CPUID and XGETBV.
#include "processor.h"

#if defined(__x86_64__)
#include <cpuid.h>

static bool has(unsigned word, unsigned bits) { return (word & bits) == bits; }

/// Which registers the operating system saves: bits 1 and 2 for 256 bits, 5 to 7 besides for 512.
static unsigned saved_registers(void) {
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

static int level_here(void) {
  unsigned a, b1, c1, d1, b7 = 0, c7, d7, c81 = 0;
  if (!__get_cpuid(1, &a, &b1, &c1, &d1)) return 1;
  if (!has(c1, bit_SSE3 | bit_SSSE3 | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT | bit_CMPXCHG16B)) return 1;
  __get_cpuid_count(7, 0, &a, &b7, &c7, &d7);
  __get_cpuid(0x80000001, &a, &b1, &c81, &d1);
  if (!has(c1, bit_AVX | bit_FMA | bit_F16C | bit_MOVBE | bit_OSXSAVE)) return 2;
  if (!has(b7, bit_AVX2 | bit_BMI | bit_BMI2) || !has(c81, bit_LZCNT)) return 2;
  const unsigned saved = saved_registers();
  if (!has(saved, 0x06)) return 2;
  if (!has(b7, bit_AVX512F | bit_AVX512BW | bit_AVX512CD | bit_AVX512DQ | bit_AVX512VL) || !has(saved, 0xE6)) return 3;
  return 4;
}

struct processor processor_here(void) {
  struct processor here = {level_here(), false};
  unsigned a, b, c, d;
  if (!__get_cpuid(0, &a, &b, &c, &d)) return here;
  const bool isAMD = b == signature_AMD_ebx;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return here;
  const unsigned family = ((a >> 8) & 0xF) + ((a >> 20) & 0xFF);
  here.halves_512 = isAMD && family == 0x19;
  return here;
}

#else

struct processor processor_here(void) { return (struct processor){1, false}; }

#endif
