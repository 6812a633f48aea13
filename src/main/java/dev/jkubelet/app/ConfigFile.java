package dev.jkubelet.app;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A KubeletConfiguration (kubelet.config.k8s.io/v1beta1) in YAML, or in JSON, which YAML contains.
 * Read strictly: what is unknown, doubled or of another type is refused with file, line and column.
 */
final class ConfigFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final Map<String, String> HEADER =
      Map.of("apiVersion", "kubelet.config.k8s.io/v1beta1", "kind", "KubeletConfiguration");

  private final Catalogue catalogue;
  private final Path path;
  private final Map<Setting, Sourced> values = new LinkedHashMap<>();

  private ConfigFile(Catalogue catalogue, Path path) {
    this.catalogue = catalogue;
    this.path = path;
  }

  /**
   * The fields that the file gives, in its order; those that Go could not tell from absent ones are
   * left out.
   *
   * @throws StartFailure when it can't be read, or is anything but a good KubeletConfiguration
   */
  static Map<Setting, Sourced> read(Catalogue catalogue, Path path) {
    var file = new ConfigFile(catalogue, path.toAbsolutePath().normalize());
    try {
      if (Files.size(path) > MAX_BYTES) {
        throw new StartFailure(
            "--config: expected a file of at most 1 MiB, " + path + " is larger");
      }
      file.readRoot(file.compose(Files.readString(path)));
    } catch (NoSuchFileException e) {
      throw new StartFailure(
          "--config: expected a KubeletConfiguration file, there is none at " + path, e);
    } catch (CharacterCodingException e) {
      throw new StartFailure("--config: expected text in UTF-8, " + path + " is none", e);
    } catch (IOException e) {
      throw new StartFailure("--config: expected a readable file, got %s".formatted(e), e);
    }
    return file.values;
  }

  private Node compose(String text) {
    try {
      return new Yaml(new LoaderOptions()).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      throw new StartFailure(
          place(e.getProblemMark()) + ": expected YAML or JSON, " + oneLine(e.getProblem()), e);
    } catch (YAMLException e) {
      throw new StartFailure(path + ": expected YAML or JSON, " + oneLine(e.getMessage()), e);
    }
  }

  private void readRoot(Node root) {
    if (root == null) {
      throw new StartFailure(path + ": expected a KubeletConfiguration, the file is empty");
    }
    var fields = fields("", root);
    HEADER.forEach(
        (name, expected) -> {
          if (!fields.containsKey(name)) {
            throw new StartFailure(
                "%s: expected %s: %s, found no %s".formatted(path, name, expected, name));
          }
        });
    fields.forEach((name, field) -> readField(name, field));
  }

  private void readField(String name, NodeTuple field) {
    var setting = catalogue.field(name);
    if (HEADER.containsKey(name)) {
      var given = field.getValueNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (!given.equals(HEADER.get(name))) {
        throw wrong(name, field, HEADER.get(name));
      }
    } else if (setting.isPresent()) {
      readValue(setting.get(), field);
    } else if (catalogue.isStruct(name)) {
      if (!YamlValue.isNull(field.getValueNode())) {
        fields(name + ".", field.getValueNode()).forEach(this::readField);
      }
    } else {
      throw new StartFailure(
          "%s: unknown field %s: %s"
              .formatted(
                  place(field.getKeyNode().getStartMark()),
                  Flags.printable(name),
                  Nearest.to(name, catalogue.fieldNames())
                      .map(known -> "did you mean " + known + "?")
                      .orElse("expected a field of KubeletConfiguration v1beta1")));
    }
  }

  private void readValue(Setting setting, NodeTuple field) {
    if (YamlValue.isNull(field.getValueNode())) {
      return;
    }
    var value =
        YamlValue.read(setting.type(), field.getValueNode())
            .orElseThrow(() -> wrong(setting.field(), field, setting.expected()));
    if (!setting.pointer()
        && value.equals(setting.type().zero())
        && !(value instanceof List)
        && !(value instanceof Map)) {
      return;
    }
    if (!setting.allowed().admits(value)) {
      throw wrong(setting.field(), field, setting.expected());
    }
    values.put(
        setting,
        new Sourced(
            setting.type() == ValueType.PATH
                ? path.resolveSibling((String) value).normalize().toString()
                : value,
            place(field.getKeyNode().getStartMark()) + ": " + setting.field()));
  }

  /** The mapping's fields by path. */
  private Map<String, NodeTuple> fields(String prefix, Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw new StartFailure(
          "%s: expected fields%s, got something else"
              .formatted(
                  place(node.getStartMark()),
                  prefix.isEmpty() ? " of a KubeletConfiguration" : " of " + prefix));
    }
    var fields = new LinkedHashMap<String, NodeTuple>();
    for (var field : mapping.getValue()) {
      var name =
          prefix + (field.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?");
      if (fields.put(name, field) != null) {
        throw new StartFailure(
            "%s: expected %s once, it is here a second time"
                .formatted(place(field.getKeyNode().getStartMark()), Flags.printable(name)));
      }
    }
    return fields;
  }

  private StartFailure wrong(String name, NodeTuple field, String expected) {
    var got =
        field.getValueNode() instanceof ScalarNode scalar
            ? Flags.quoted(scalar.getValue())
            : "something else";
    return new StartFailure(
        "%s: %s: expected %s, got %s"
            .formatted(place(field.getValueNode().getStartMark()), name, expected, got));
  }

  private String place(Mark mark) {
    return "%s:%d:%d".formatted(path, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s+", " ");
  }
}
