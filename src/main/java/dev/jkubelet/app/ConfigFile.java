package dev.jkubelet.app;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
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
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A KubeletConfiguration (kubelet.config.k8s.io/v1beta1) in YAML, or in JSON, which YAML contains.
 * Read strictly: what is unknown, doubled or of another type is refused with file, line and column.
 */
final class ConfigFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final String API_VERSION = "kubelet.config.k8s.io/v1beta1";
  private static final String KIND = "KubeletConfiguration";

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
    file.readRoot(file.compose(text(file.path)));
    return file.values;
  }

  /** No more than the limit is read, as a device or a pipe may never end. */
  private static String text(Path path) {
    try (var in = Files.newInputStream(path)) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new StartFailure(
            "--config: expected a file of at most 1 MiB, " + path + " is larger");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new StartFailure(
          "--config: expected a KubeletConfiguration file, there is none at " + path, e);
    } catch (CharacterCodingException e) {
      throw new StartFailure("--config: expected text in UTF-8, " + path + " is none", e);
    } catch (AccessDeniedException e) {
      throw new StartFailure("--config: expected a readable file, may not read " + path, e);
    } catch (IOException e) {
      throw new StartFailure(
          "--config: expected a readable file, %s: %s".formatted(path, e.getMessage()), e);
    }
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
    checkHeader(fields, "apiVersion", API_VERSION);
    checkHeader(fields, "kind", KIND);
    fields.forEach(this::readField);
  }

  /** Before all else: the fields of a Pod are no misspelt ones of a KubeletConfiguration. */
  private void checkHeader(Map<String, NodeTuple> fields, String name, String expected) {
    var field = fields.get(name);
    if (field == null) {
      throw new StartFailure(
          "%s: expected %s: %s, found no %s".formatted(path, name, expected, name));
    }
    if (!(field.getValueNode() instanceof ScalarNode scalar)
        || !scalar.getValue().equals(expected)) {
      throw wrong(name, field, expected);
    }
  }

  private void readField(String name, NodeTuple field) {
    if (name.equals("apiVersion") || name.equals("kind")) {
      return;
    }
    var setting = catalogue.field(name);
    if (setting.isPresent()) {
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
                  catalogue
                      .fieldLike(name)
                      .map(known -> "did you mean " + known + "?")
                      .orElse("expected a field of KubeletConfiguration v1beta1")));
    }
  }

  private void readValue(Setting setting, NodeTuple field) {
    if (YamlValue.isNull(field.getValueNode())) {
      return;
    }
    if (field.getValueNode() instanceof MappingNode) {
      fields(setting.field() + ".", field.getValueNode());
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
          "%s: expected fields of %s, got %s"
              .formatted(
                  place(node.getStartMark()),
                  prefix.isEmpty()
                      ? "a KubeletConfiguration"
                      : prefix.substring(0, prefix.length() - 1),
                  got(node)));
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
    return new StartFailure(
        "%s: %s: expected %s, got %s"
            .formatted(
                place(field.getValueNode().getStartMark()),
                name,
                expected,
                got(field.getValueNode())));
  }

  private static String got(Node node) {
    return switch (node) {
      case ScalarNode scalar -> Flags.quoted(scalar.getValue());
      case SequenceNode _ -> "a list";
      case Node _ -> "fields";
    };
  }

  private String place(Mark mark) {
    return "%s:%d:%d".formatted(path, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static String oneLine(String message) {
    return message == null ? "found none" : Flags.printable(message.replaceAll("\\s+", " "));
  }
}
