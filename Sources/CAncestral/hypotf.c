/* Keeps the shared library loadable on glibc 2.34, which the wheel's tag promises. Swift's Glibc module holds a call of `hypotf` (nothing
   of ours reaches it), and glibc 2.35 gave that function a new version, which a library linked there would ask for. This definition, the
   formula that glibc itself had until then, stays inside the library. */
#if defined(__linux__)
#include <math.h>

float hypotf(float x, float y) {
  if (isinf(x) || isinf(y)) return INFINITY;
  return (float)sqrt((double)x * x + (double)y * y);
}
#endif
