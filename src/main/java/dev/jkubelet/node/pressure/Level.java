package dev.jkubelet.node.pressure;

/** How much is left of how much: bytes, inodes or processes. */
public record Level(long available, long capacity) {}
