package dev.jkubelet.model.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Reads one JSON value. */
final class JsonTree {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(TreeLimits.DEEPEST * 2)
                  .maxStringLength(ManifestDecoder.LONGEST)
                  .maxNumberLength(64)
                  .build())
          .build();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String source;
  private final List<String> warnings;
  private final TreeLimits limits;

  private JsonTree(String source, List<String> warnings) {
    this.source = source;
    this.warnings = warnings;
    this.limits = new TreeLimits(source);
  }

  static Located read(String source, String text, List<String> warnings) throws ManifestException {
    try (var parser = FACTORY.createParser(text)) {
      parser.nextToken();
      var root = new JsonTree(source, warnings).tree(parser, null, 0);
      if (parser.nextToken() != null) {
        throw ManifestException.at(
            source, place(parser.currentTokenLocation()), "expected nothing after the object");
      }
      return root;
    } catch (JsonProcessingException broken) {
      var at = broken.getLocation();
      throw ManifestException.at(
          source,
          at == null ? new Place(1, 1) : place(at),
          "not JSON: " + Quoted.complaint(broken.getOriginalMessage()));
    } catch (IOException impossible) {
      throw new UncheckedIOException("reading from memory", impossible);
    }
  }

  private Located tree(JsonParser parser, Place key, int depth)
      throws IOException, ManifestException {
    var place = key == null ? place(parser.currentTokenLocation()) : key;
    limits.count(place, depth);
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(parser, place, depth);
      case START_ARRAY -> {
        var items = new ArrayList<Located>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(tree(parser, null, depth + 1));
        }
        yield new Located.Sequence(place, items);
      }
      case null, default -> new Located.Scalar(place, scalar(parser));
    };
  }

  private Located mapping(JsonParser parser, Place place, int depth)
      throws IOException, ManifestException {
    var fields = new LinkedHashMap<String, Located>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var at = place(parser.currentTokenLocation());
      var name = parser.currentName();
      parser.nextToken();
      if (fields.put(name, tree(parser, at, depth + 1)) != null) {
        warnings.add(
            "%s:%d:%d: %s given twice in one object, the last counts"
                .formatted(source, at.line(), at.column(), Quoted.of(name)));
      }
    }
    return new Located.Mapping(place, fields);
  }

  private static JsonNode scalar(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> JSON.textNode(parser.getText());
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT, LONG -> JSON.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                JSON.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> JSON.numberNode(parser.getDecimalValue());
      case VALUE_TRUE -> JSON.booleanNode(true);
      case VALUE_FALSE -> JSON.booleanNode(false);
      case null, default -> JSON.nullNode();
    };
  }

  private static Place place(JsonLocation at) {
    return new Place(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }
}
