package dev.jkubelet.model.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import dev.jkubelet.model.GoQuantity;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.Serial;

/**
 * The model's own annotations are lenient: they keep unknown fields (and would print them again)
 * and take any scalar for a quantity or port.
 */
final class ModelAnnotations extends JacksonAnnotationIntrospector {
  @Serial private static final long serialVersionUID = 1L;

  @Override
  public Boolean hasAnySetter(Annotated annotated) {
    return (annotated instanceof AnnotatedMember member
            && member.getDeclaringClass() == FieldsV1.class)
        ? super.hasAnySetter(annotated)
        : Boolean.FALSE;
  }

  @Override
  public Object findDeserializer(Annotated annotated) {
    var type = annotated.getRawType();
    if (type == Quantity.class) {
      return QuantityReader.class;
    }
    return type == IntOrString.class ? IntOrStringReader.class : super.findDeserializer(annotated);
  }

  /** A quantity, made canonical as the API server would print it. */
  static final class QuantityReader extends JsonDeserializer<Quantity> {
    @Override
    public Quantity deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      var text =
          switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                GoQuantity.written(parser.getDecimalValue());
            case null, default -> null;
          };
      var quantity =
          text == null ? null : GoQuantity.parse(text).map(GoQuantity::toModel).orElse(null);
      if (quantity == null) {
        throw new QuantityMismatch(parser, text);
      }
      return quantity;
    }

    @Override
    public Quantity getEmptyValue(DeserializationContext context) {
      return new Quantity("0");
    }
  }

  /** A port or percentage: a 32-bit number or a string. */
  static final class IntOrStringReader extends JsonDeserializer<IntOrString> {
    @Override
    public IntOrString deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        return new IntOrString(parser.getText());
      }
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        return new IntOrString(parser.getIntValue());
      }
      throw MismatchedInputException.from(parser, Integer.class, "expected a number or a string");
    }
  }
}
