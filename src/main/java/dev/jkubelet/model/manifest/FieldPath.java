package dev.jkubelet.model.manifest;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where a value stands in an API object, written as the API server's errors write it: {@code
 * spec.containers[0].resources.limits[cpu]}.
 *
 * @param parent null for the first segment
 */
public record FieldPath(FieldPath parent, Segment segment) {
  /** One step down. */
  public sealed interface Segment {
    /** A field of an object. */
    record Child(String name) implements Segment {}

    /** An item of a list, counted from 0. */
    record Index(int index) implements Segment {}

    /** An entry of a map of the user's own keys. */
    record Key(String key) implements Segment {}
  }

  /** The path of a top-level field. */
  public static FieldPath of(String name) {
    return new FieldPath(null, new Segment.Child(name));
  }

  public FieldPath child(String name) {
    return new FieldPath(this, new Segment.Child(name));
  }

  public FieldPath index(int index) {
    return new FieldPath(this, new Segment.Index(index));
  }

  public FieldPath key(String key) {
    return new FieldPath(this, new Segment.Key(key));
  }

  /** This path inside the object at {@code base}; null for the outermost object. */
  FieldPath under(FieldPath base) {
    var path = base;
    for (var next : segments()) {
      path = new FieldPath(path, next);
    }
    return path;
  }

  /** The segments, outermost first. */
  Deque<Segment> segments() {
    var segments = new ArrayDeque<Segment>();
    for (var at = this; at != null; at = at.parent) {
      segments.addFirst(at.segment);
    }
    return segments;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var segment : segments()) {
      switch (segment) {
        case Segment.Child(var name) -> text.append(text.isEmpty() ? "" : ".").append(shown(name));
        case Segment.Index(var index) -> text.append('[').append(index).append(']');
        case Segment.Key(var key) -> text.append('[').append(shown(key)).append(']');
      }
    }
    return text.toString();
  }

  /** Names come from manifests too: one that could break a log line is quoted. */
  private static String shown(String name) {
    var plain = name.length() <= 253 && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"');
    return plain ? name : Quoted.of(name);
  }
}
