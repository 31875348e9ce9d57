/* The program's version, which the Makefile defines. */
#ifndef LIB_VERSION_H
#define LIB_VERSION_H

extern const char version[];

#endif
