package dev.jkubelet.model;

/**
 * What the node leaves to its pods: to a container without a limit of its own, the downward API
 * tells this one.
 *
 * @param ephemeralStorage in bytes; 0 where it is not known
 */
public record Allocatable(long milliCpu, long memoryBytes, long ephemeralStorage) {}
