/* A C target needs a source file; the contract is include/ancestral.h. */
#include "ancestral.h"
