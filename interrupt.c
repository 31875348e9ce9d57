/*
 * The one flag.
 */
#include "interrupt.h"

volatile sig_atomic_t interrupted;
