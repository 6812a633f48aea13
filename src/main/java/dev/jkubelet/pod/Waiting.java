package dev.jkubelet.pod;

/**
 * Why a container does not run yet, as its status says it.
 *
 * @param reason one word, such as {@code ImagePullBackOff}
 */
record Waiting(String reason, String message) {}
