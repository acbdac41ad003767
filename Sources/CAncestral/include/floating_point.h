/* The floating-point environment of a thread: its rounding mode, and whether tiny numbers count as 0. Others change it: torch.set_flush_denormal,
   libraries that were built with -ffast-math, fesetround. The engine's bits are those of the default one, IEEE 754 rounding to nearest. Not a part
   of the contract. */
#ifndef ANCESTRAL_FLOATING_POINT_H
#define ANCESTRAL_FLOATING_POINT_H

#include <fenv.h>

/* Sets the default environment, which threads that are started here inherit; gives the one before. */
static inline fenv_t anc_enter_default_environment(void) {
  fenv_t before;
  fegetenv(&before);
  fesetenv(FE_DFL_ENV);
  return before;
}

/* Sets the caller's own again, its flags included. */
static inline void anc_leave_default_environment(fenv_t before) { fesetenv(&before); }

#endif
