#ifndef PROCESSOR_H
#define PROCESSOR_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a kernel is chosen by: the level of x86-64 that processor and operating system have together, and how wide it works.
struct processor {
  /// 1 for the baseline and for every processor that is not x86-64, else 2, 3 or 4: the x86-64-v2, v3 and v4 of the System V ABI.
  int level;
  /// Whether a vector instruction of 512 bits is carried out in two halves, as AMD's family 19h (Zen 4) does.
  bool halves_512;
};

/// This processor.
struct processor processor_here(void);

#ifdef __cplusplus
}
#endif

#endif
