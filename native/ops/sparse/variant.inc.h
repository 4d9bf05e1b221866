// One instruction set's kernels: passes and convolutions of the element type and lanes that the including file defines.
#include "passes.inc.h"
//
#include "convolve.inc.h"
