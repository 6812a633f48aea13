package dev.jkubelet.model.hash;

import java.util.List;

/** A type of the kubelet's source, as far as a print of its values depends on it. */
sealed interface GoType {
  /** As Go's reflection has it: {@code core.PodSpec}, {@code []string}. */
  String name();

  /** Fields in the order of the source. */
  record Struct(String name, List<Field> fields) implements GoType {}

  /**
   * Part of a struct.
   *
   * @param json the field's name in a manifest; empty for an embedded type, whose fields stand
   *     among those of the type that embeds it
   */
  record Field(String name, String json, GoType type) {}

  /** A pointer is nil where a manifest has no value. */
  record Pointer(GoType target) implements GoType {
    @Override
    public String name() {
      return "*" + target.name();
    }
  }

  /** A list. */
  record Slice(GoType element) implements GoType {
    @Override
    public String name() {
      return "[]" + element.name();
    }
  }

  /** A map with keys of text. */
  record Mapping(String name, GoType value) implements GoType {}

  /**
   * A single value.
   *
   * @param zero how the zero value is printed
   */
  record Basic(String name, String zero) implements GoType {}

  /**
   * Text or a number that is rounded and kept in parts; see {@link dev.jkubelet.model.GoQuantity}.
   */
  record Amount(String name) implements GoType {}

  /** A port or percentage: a number or a text. */
  record IntOrString(String name) implements GoType {}

  /** A moment, or the opaque fields of an owner: hardly ever in a manifest. */
  record Opaque(String name, String zero) implements GoType {}
}
