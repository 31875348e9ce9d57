/*
 * The flag by which signal handlers ask long operations to stop.
 */
#include "lib/interrupt.h"

volatile sig_atomic_t interrupted;
