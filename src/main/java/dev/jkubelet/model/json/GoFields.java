package dev.jkubelet.model.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes Jackson write the model's classes as Kubernetes 1.20 writes its own: field by field in its
 * order, present or absent by its rules ({@code v1-fields.txt}). A field that 1.20 does not know is
 * left out.
 */
final class GoFields extends BeanSerializerModifier {
  private static final long serialVersionUID = 1L;
  private static final Map<String, Map<String, Presence>> TABLE = read();

  /** When a field is written. */
  private sealed interface Presence {
    /** Only when set; a zero value is a value. */
    record WhenSet() implements Presence {}

    /** Not at its zero value. */
    record UnlessZero() implements Presence {}

    /** Always; as {@code zero} when it has no value. */
    record Always(String zero) implements Presence {}
  }

  @Override
  public List<BeanPropertyWriter> changeProperties(
      SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
    var rules = TABLE.get(bean.getBeanClass().getSimpleName());
    if (rules == null) {
      return properties;
    }
    var byName =
        properties.stream()
            .collect(
                Collectors.toMap(BeanPropertyWriter::getName, Function.identity(), (a, _) -> a));
    var ordered = new ArrayList<BeanPropertyWriter>();
    rules.forEach(
        (name, presence) -> {
          var writer = byName.get(name);
          if (writer != null) {
            ordered.add(new Field(writer, presence));
          }
        });
    return ordered;
  }

  private static Map<String, Map<String, Presence>> read() {
    try (var in = GoFields.class.getResourceAsStream("v1-fields.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(": ", 2))
          .collect(Collectors.toUnmodifiableMap(parts -> parts[0], parts -> rules(parts[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Presence> rules(String line) {
    var rules = new LinkedHashMap<String, Presence>();
    for (var field : line.split(" ", -1)) {
      var equals = field.indexOf('=');
      if (equals > 0) {
        rules.put(field.substring(0, equals), new Presence.Always(field.substring(equals + 1)));
      } else if (field.endsWith("*")) {
        rules.put(field.substring(0, field.length() - 1), new Presence.WhenSet());
      } else {
        rules.put(field, new Presence.UnlessZero());
      }
    }
    return rules;
  }

  private static boolean isZero(Object value) {
    return switch (value) {
      case null -> true;
      case String text -> text.isEmpty();
      case Number number -> number.doubleValue() == 0;
      case Boolean truth -> !truth;
      case Collection<?> items -> items.isEmpty();
      case Map<?, ?> entries -> entries.isEmpty();
      case Object _ -> false;
    };
  }

  private static final class Field extends BeanPropertyWriter {
    private static final long serialVersionUID = 1L;
    private final transient Presence presence;

    Field(BeanPropertyWriter writer, Presence presence) {
      super(writer);
      this.presence = presence;
    }

    @Override
    public void serializeAsField(Object bean, JsonGenerator json, SerializerProvider provider)
        throws Exception {
      var value = get(bean);
      switch (presence) {
        case Presence.WhenSet _ when value == null -> {}
        case Presence.UnlessZero _ when isZero(value) -> {}
        case Presence.Always(var zero) when isZero(value) -> {
          json.writeFieldName(getName());
          json.writeRawValue(zero);
        }
        case Presence _ -> super.serializeAsField(bean, json, provider);
      }
    }
  }
}
