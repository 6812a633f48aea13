package dev.jkubelet.model.manifest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.Serial;

/** A value that is no quantity. */
final class QuantityMismatch extends MismatchedInputException {
  @Serial private static final long serialVersionUID = 1L;

  QuantityMismatch(JsonParser parser, String text) {
    super(
        parser,
        "expected a quantity such as 500m, 1.5 or 64Mi"
            + (text == null ? "" : ", got " + Quoted.of(text)),
        Quantity.class);
  }
}
