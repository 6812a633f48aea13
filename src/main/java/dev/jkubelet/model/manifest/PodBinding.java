package dev.jkubelet.model.manifest;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * Binds a tree to the model's {@link Pod} with Go's strictness: a number is no string, a string no
 * number; null is a field's zero value; names are case-sensitive.
 */
final class PodBinding {
  private static final JsonMapper MAPPER = mapper();

  private PodBinding() {}

  /** The pod; its metadata and spec are never null. */
  static Pod bind(String source, Located object, FieldPath at, List<String> warnings)
      throws ManifestException {
    try {
      var reader =
          MAPPER.readerFor(Pod.class).withHandler(new UnknownFields(source, object, at, warnings));
      Pod pod = reader.readValue(object.toJson());
      if (pod.getMetadata() == null) {
        pod.setMetadata(new ObjectMeta());
      }
      if (pod.getSpec() == null) {
        pod.setSpec(new PodSpec());
      }
      return pod;
    } catch (JsonMappingException mismatch) {
      throw explained(source, object, at, mismatch);
    } catch (IOException broken) {
      throw ManifestException.at(source, object.place(), firstLine(broken));
    }
  }

  private static JsonMapper mapper() {
    var mapper =
        JsonMapper.builder()
            .annotationIntrospector(new ModelAnnotations())
            .visibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.NONE)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .withCoercionConfig(
                LogicalType.Textual,
                strings -> {
                  strings.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                  strings.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                  strings.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                })
            .build();
    mapper.setDefaultSetterInfo(JsonSetter.Value.forValueNulls(Nulls.SKIP, Nulls.AS_EMPTY));
    return mapper;
  }

  private static ManifestException explained(
      String source, Located object, FieldPath at, JsonMappingException mismatch) {
    FieldPath path = null;
    for (var step : mismatch.getPath()) {
      path =
          step.getFieldName() == null
              ? path.index(step.getIndex())
              : path == null ? FieldPath.of(step.getFieldName()) : path.child(step.getFieldName());
    }
    if (path == null) {
      return ManifestException.at(source, object.place(), firstLine(mismatch));
    }
    var value = object.get(path);
    var got = value == null ? "" : ", got " + value.described();
    var problem =
        switch (mismatch) {
          case QuantityMismatch quantity -> quantity.getOriginalMessage();
          case MismatchedInputException typed -> "expected " + wording(typed.getTargetType()) + got;
          case JsonMappingException other
              when other.getCause() instanceof InputCoercionException range ->
              "expected " + wording(range.getTargetType()) + got;
          case JsonMappingException other -> firstLine(other);
        };
    return ManifestException.at(source, object.find(path), path.under(at), problem);
  }

  private static String wording(Class<?> type) {
    if (type == null) {
      return "another type";
    }
    if (type == String.class) {
      return "a string";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (type == Integer.class || type == int.class) {
      return "a whole number of 32 bits";
    }
    if (type == Long.class || type == long.class) {
      return "a whole number of 64 bits";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "a mapping";
  }

  private static String firstLine(IOException problem) {
    return Quoted.complaint(
        problem instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : problem.getMessage());
  }

  /** Drops what the model doesn't know, and says so. */
  private static final class UnknownFields extends DeserializationProblemHandler {
    private final String source;
    private final Located object;
    private final FieldPath at;
    private final List<String> warnings;

    UnknownFields(String source, Located object, FieldPath at, List<String> warnings) {
      this.source = source;
      this.object = object;
      this.at = at;
      this.warnings = warnings;
    }

    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser parser,
        JsonDeserializer<?> deserializer,
        Object bean,
        String name)
        throws IOException {
      // The parser stands on the field's value, its context on the object that holds the field.
      var holder = path(parser.getParsingContext());
      if (parser.currentToken().isStructStart()) {
        holder = path(parser.getParsingContext().getParent());
      }
      var path = holder == null ? FieldPath.of(name) : holder.child(name);
      var place = object.find(path);
      warnings.add(
          "%s:%d:%d: %s: unknown field, ignored"
              .formatted(source, place.line(), place.column(), path.under(at)));
      parser.skipChildren();
      return true;
    }

    /** Of the object or list that {@code context} is in; null for the root object. */
    private static FieldPath path(JsonStreamContext context) {
      var parent = context.getParent();
      if (parent == null || parent.inRoot()) {
        return null;
      }
      var above = path(parent);
      if (parent.inArray()) {
        return above.index(parent.getCurrentIndex());
      }
      return above == null
          ? FieldPath.of(parent.getCurrentName())
          : above.child(parent.getCurrentName());
    }
  }
}
