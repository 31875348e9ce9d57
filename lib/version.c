/* The program's version, in the one file that is compiled with it. */
#include "lib/version.h"

const char version[] = VERSION;
