/** The C library's calls for which Java has no API, as numbers and memory. */
package dev.jkubelet.libc;
