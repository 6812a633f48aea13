/** The kernel's files, read without garbage: cgroups, {@code /proc} and {@code /sys}. */
package dev.jkubelet.stats.kernel;
