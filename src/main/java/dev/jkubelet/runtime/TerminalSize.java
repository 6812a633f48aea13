package dev.jkubelet.runtime;

/** A terminal's size in characters. */
public record TerminalSize(int width, int height) {}
