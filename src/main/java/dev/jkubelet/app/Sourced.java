package dev.jkubelet.app;

/**
 * A setting's value and where it comes from, as messages name it: {@code --port}, {@code
 * /etc/kubelet.yaml:7:1: port}, or the names of a default.
 */
record Sourced(Object value, String origin) {}
