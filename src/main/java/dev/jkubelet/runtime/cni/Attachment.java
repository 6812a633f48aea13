package dev.jkubelet.runtime.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a sandbox was connected: what is needed to disconnect it, also by an agent that was just
 * started and with another configuration. Kept in libcni's folder and format, with a mark of its
 * own: others keep theirs there, too.
 *
 * @param result the last plugin's; missing until there is one
 */
record Attachment(
    String container,
    NetworkList network,
    Map<String, String> arguments,
    JsonNode capabilities,
    JsonNode result) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWNER = "jkubelet";
  static final String INTERFACE = "eth0";

  /** Whether every plugin has answered. */
  boolean isMade() {
    return result.isObject();
  }

  /** The pod's addresses, IPv4 first. */
  List<String> addresses() {
    var all = new ArrayList<String>();
    result.path("ips").forEach(ip -> all.add(bare(ip.path("address").asText())));
    for (var old : List.of("ip4", "ip6")) {
      if (result.path(old).has("ip")) {
        all.add(bare(result.path(old).path("ip").asText()));
      }
    }
    all.removeIf(String::isEmpty);
    all.sort((one, other) -> Boolean.compare(one.contains(":"), other.contains(":")));
    return List.copyOf(all);
  }

  private static String bare(String address) {
    int slash = address.indexOf('/');
    return slash < 0 ? address : address.substring(0, slash);
  }

  /** Written whole or not at all. */
  void write(Path cache) throws IOException {
    var json = JSON.createObjectNode();
    json.put("kind", "cniCacheV1");
    json.put("owner", OWNER);
    json.put("containerId", container);
    json.put(
        "config",
        Base64.getEncoder().encodeToString(network.source().getBytes(StandardCharsets.UTF_8)));
    json.put("ifName", INTERFACE);
    json.put("networkName", network.name());
    var pairs = json.putArray("cniArgs");
    arguments.forEach((key, value) -> pairs.addArray().add(key).add(value));
    json.set("capabilityArgs", capabilities);
    if (isMade()) {
      json.set("result", result);
    }
    Files.createDirectories(results(cache));
    var file = results(cache).resolve(fileName());
    var next = file.resolveSibling(fileName() + ".new");
    Files.write(next, JSON.writeValueAsBytes(json));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void delete(Path cache) throws IOException {
    Files.deleteIfExists(results(cache).resolve(fileName()));
  }

  private String fileName() {
    return network.name() + "-" + container + "-" + INTERFACE;
  }

  /** That of a sandbox; empty when it has none. */
  static Optional<Attachment> find(Path cache, String container) throws IOException {
    for (var file : files(cache, "*-" + container + "-" + INTERFACE)) {
      var found = parse(JSON.readTree(Files.readAllBytes(file)));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Sandboxes for which there is one, gone ones and others' included. */
  static List<String> containers(Path cache) throws IOException {
    return files(cache, "*-*-" + INTERFACE).stream()
        .map(file -> file.getFileName().toString())
        .map(name -> name.substring(0, name.length() - INTERFACE.length() - 1))
        .map(name -> name.substring(name.lastIndexOf('-') + 1))
        .toList();
  }

  private static List<Path> files(Path cache, String names) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(results(cache))) {
      try (var files = Files.newDirectoryStream(results(cache), names)) {
        files.forEach(found::add);
      }
    }
    return found;
  }

  private static Optional<Attachment> parse(JsonNode json) {
    if (!json.path("owner").asText().equals(OWNER)) {
      return Optional.empty();
    }
    var arguments = new LinkedHashMap<String, String>();
    json.path("cniArgs")
        .forEach(pair -> arguments.put(pair.path(0).asText(), pair.path(1).asText()));
    var source =
        new String(
            Base64.getDecoder().decode(json.path("config").asText()), StandardCharsets.UTF_8);
    return Optional.of(
        new Attachment(
            json.path("containerId").asText(),
            NetworkList.parse(source),
            arguments,
            json.path("capabilityArgs"),
            json.path("result")));
  }

  private static Path results(Path cache) {
    return cache.resolve("results");
  }

  /** What one plugin of the network is told. */
  ObjectNode configuration(ObjectNode plugin, JsonNode previous) {
    var told = plugin.deepCopy();
    told.put("name", network.name());
    told.put("cniVersion", network.cniVersion());
    if (previous.isObject()) {
      told.set("prevResult", previous);
    }
    var asked = JSON.createObjectNode();
    plugin
        .path("capabilities")
        .properties()
        .forEach(
            capability -> {
              if (capability.getValue().asBoolean() && capabilities.has(capability.getKey())) {
                asked.set(capability.getKey(), capabilities.get(capability.getKey()));
              }
            });
    if (!asked.isEmpty()) {
      told.set("runtimeConfig", asked);
    }
    told.remove("capabilities");
    return told;
  }

  /** The same with what a plugin answered. */
  Attachment with(JsonNode newest) {
    return new Attachment(container, network, arguments, capabilities, newest);
  }
}
