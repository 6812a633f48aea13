package dev.jkubelet.runtime.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network: plugins that are called one after the other, as a file of {@code --cni-conf-dir} has
 * them.
 *
 * @param checkable whether its plugins are to be asked if all is as they made it
 * @param source the file's content, of one plugin or a list
 */
record NetworkList(
    String name, String cniVersion, boolean checkable, List<ObjectNode> plugins, String source) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OLDEST_VERSION = "0.1.0";

  /**
   * The first file of the folder, by name, that is a network.
   *
   * @throws CniException when there is none
   */
  static NetworkList first(Path folder) {
    var wrong = new ArrayList<String>();
    for (var file : files(folder)) {
      try {
        return parse(Files.readString(file));
      } catch (IOException | CniException unusable) {
        wrong.add(file.getFileName() + ": " + unusable.getMessage());
      }
    }
    throw new CniException(
        wrong.isEmpty()
            ? "no networks found in " + folder
            : "no valid networks found in " + folder + ": " + String.join("; ", wrong));
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var entries = Files.list(folder)) {
      return entries
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().matches(".*\\.(conf|conflist|json)"))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new CniException(unreadable.toString(), unreadable);
    }
  }

  static NetworkList parse(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (IOException wrong) {
      throw new CniException("expected JSON, " + wrong.getMessage(), wrong);
    }
    var plugins = new ArrayList<ObjectNode>();
    if (json.has("plugins")) {
      json.path("plugins").forEach(plugin -> plugins.add(checked(plugin)));
    } else {
      plugins.add(checked(json));
    }
    var name = json.path("name").asText();
    if (name.isEmpty() || plugins.isEmpty()) {
      throw new CniException("expected a name and at least one plugin");
    }
    var version = json.path("cniVersion").asText(OLDEST_VERSION);
    return new NetworkList(
        name, version, knowsCheck(version) && !disablesCheck(json), List.copyOf(plugins), text);
  }

  /** Those of 0.4.0 and later. */
  private static boolean knowsCheck(String version) {
    return !version.matches("0\\.[0-3](\\..*)?");
  }

  /** In libcni's early days a text would do, too. */
  private static boolean disablesCheck(JsonNode json) {
    return json.path("disableCheck").asBoolean();
  }

  private static ObjectNode checked(JsonNode plugin) {
    if (!plugin.isObject() || !plugin.path("type").asText().matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new CniException("expected a plugin with a type that names a program");
    }
    return (ObjectNode) plugin;
  }
}
