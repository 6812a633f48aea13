package dev.jkubelet.runtime;

/**
 * How far the pull of an image is.
 *
 * @param done layers that are here
 * @param layers known so far
 * @param bytes that have come over the network, compressed as they are there
 */
public record PullProgress(int done, int layers, long bytes) {}
