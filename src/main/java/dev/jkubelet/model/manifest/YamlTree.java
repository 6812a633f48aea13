package dev.jkubelet.model.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads one YAML document. Aliases are followed, but what they multiply is bounded ({@link
 * TreeLimits}); nothing is ever instantiated from a tag.
 */
final class YamlTree {
  private final String source;
  private final List<String> warnings;
  private final TreeLimits limits;

  private YamlTree(String source, List<String> warnings) {
    this.source = source;
    this.warnings = warnings;
    this.limits = new TreeLimits(source);
  }

  static Located read(String source, String text, List<String> warnings) throws ManifestException {
    try {
      return new YamlTree(source, warnings).only(composer(text));
    } catch (MarkedYAMLException broken) {
      var mark = broken.getProblemMark();
      var place =
          mark == null ? new Place(1, 1) : new Place(mark.getLine() + 1, mark.getColumn() + 1);
      throw ManifestException.at(
          source, place, "not YAML: " + Quoted.complaint(broken.getProblem()));
    } catch (YAMLException broken) {
      throw ManifestException.of(source, "not YAML: " + Quoted.complaint(broken.getMessage()));
    }
  }

  private static Composer composer(String text) {
    var options = new LoaderOptions();
    options.setCodePointLimit(ManifestDecoder.LONGEST);
    options.setNestingDepthLimit(TreeLimits.DEEPEST);
    return new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options);
  }

  /**
   * The kubelet reads the first document and drops the rest unsaid; a lost pod is worth an error.
   */
  private Located only(Composer documents) throws ManifestException {
    Located only = null;
    while (documents.checkNode()) {
      var next = tree(documents.getNode(), null, 0);
      if (next instanceof Located.Scalar(_, var value) && value.isNull()) {
        continue;
      }
      if (only != null) {
        throw ManifestException.at(
            source, next.place(), "expected one document, found another after ---");
      }
      only = next;
    }
    if (only == null) {
      throw ManifestException.of(source, "empty: expected a Pod");
    }
    return only;
  }

  private Located tree(Node node, Place key, int depth) throws ManifestException {
    var place = key == null ? placeOf(node) : key;
    limits.count(place, depth);
    return switch (node) {
      case MappingNode mapping -> new Located.Mapping(place, fields(mapping, depth));
      case SequenceNode sequence -> {
        var items = new ArrayList<Located>(sequence.getValue().size());
        for (var item : sequence.getValue()) {
          items.add(tree(item, null, depth + 1));
        }
        yield new Located.Sequence(place, items);
      }
      case ScalarNode scalar -> new Located.Scalar(place, YamlScalar.value(scalar));
      default -> throw ManifestException.at(source, place, "not a mapping, list or scalar");
    };
  }

  private Map<String, Located> fields(MappingNode mapping, int depth) throws ManifestException {
    var fields = new LinkedHashMap<String, Located>();
    var merged = new LinkedHashMap<String, Located>();
    for (var tuple : mapping.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(tuple, merged, depth);
        continue;
      }
      var place = placeOf(tuple.getKeyNode());
      var name = name(tuple, place);
      if (fields.put(name, tree(tuple.getValueNode(), place, depth + 1)) != null) {
        warnings.add(
            "%s:%d:%d: %s given twice in one mapping, the last counts"
                .formatted(source, place.line(), place.column(), Quoted.of(name)));
      }
    }
    merged.forEach(fields::putIfAbsent);
    return fields;
  }

  private String name(NodeTuple tuple, Place place) throws ManifestException {
    if (tuple.getKeyNode() instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw ManifestException.at(source, place, "expected a field's name, got a mapping or list");
  }

  /** {@code <<: *base} or {@code <<: [*first, *second]}: earlier ones win. */
  private void merge(NodeTuple tuple, Map<String, Located> merged, int depth)
      throws ManifestException {
    var place = placeOf(tuple.getKeyNode());
    var value = tree(tuple.getValueNode(), place, depth + 1);
    var parts = value instanceof Located.Sequence(_, var items) ? items : List.of(value);
    for (var part : parts) {
      if (!(part instanceof Located.Mapping(_, var fields))) {
        throw ManifestException.at(
            source, place, "<<: expected a mapping, got " + part.described());
      }
      fields.forEach(merged::putIfAbsent);
    }
  }

  private static Place placeOf(Node node) {
    var mark = node.getStartMark();
    return mark == null ? new Place(1, 1) : new Place(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
