package dev.jkubelet.runtime;

/**
 * Which of a process' streams are wanted.
 *
 * @param tty with a terminal, whose output is all on stdout
 */
public record StandardStreams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}
