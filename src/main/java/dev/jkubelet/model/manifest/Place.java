package dev.jkubelet.model.manifest;

/** A position in a text; both count from 1. */
public record Place(int line, int column) {}
