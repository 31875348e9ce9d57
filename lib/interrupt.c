/*
 * The one flag.
 */
#include "lib/interrupt.h"

volatile sig_atomic_t interrupted;
