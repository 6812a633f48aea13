package dev.jkubelet.runtime.cni;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.jkubelet.runtime.SandboxConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Connects sandboxes to the network that is configured, and disconnects them. Its calls block. */
final class CniNetwork {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final NetworkList LOOPBACK =
      NetworkList.parse(
          """
          {"cniVersion": "0.2.0", "name": "cni-loopback", "plugins": [{"type": "loopback"}]}
          """);

  private final CniOptions options;
  private final PluginCall plugins;

  CniNetwork(CniOptions options) {
    this.options = options;
    this.plugins = new PluginCall(options.binDirs(), options.limit());
  }

  /**
   * Connects a sandbox; one that is connected already stays so. That it is to be connected is
   * written down first: an agent that dies meanwhile leaves nothing that nobody knows of.
   *
   * @param netns the path of its network namespace
   */
  Attachment add(String id, SandboxConfig config, String netns)
      throws IOException, InterruptedException {
    var known = Attachment.find(options.cacheDir(), id).filter(Attachment::isMade);
    if (known.isPresent()) {
      return known.get();
    }
    var network = configured();
    var made =
        new Attachment(
            id, network, arguments(id, config), capabilities(config), MissingNode.getInstance());
    made.write(options.cacheDir());
    try {
      plugins.run(
          "loopback",
          variables("ADD", made, netns, "lo"),
          wanted(LOOPBACK, id).configuration(LOOPBACK.plugins().getFirst(), made.result()));
      for (var plugin : network.plugins()) {
        made =
            made.with(
                plugins.run(
                    plugin.path("type").asText(),
                    variables("ADD", made, netns, Attachment.INTERFACE),
                    made.configuration(plugin, made.result())));
      }
      made.write(options.cacheDir());
      return made;
    } catch (CniException | IOException failure) {
      undo(made, netns);
      throw failure;
    }
  }

  private static Attachment wanted(NetworkList network, String id) {
    return new Attachment(
        id, network, Map.of(), JsonNodeFactory.instance.objectNode(), MissingNode.getInstance());
  }

  /** What some of the plugins did is taken back, so that no address is lost. */
  private void undo(Attachment made, String netns) throws InterruptedException {
    try {
      remove(made, netns);
    } catch (CniException | IOException _) {
      // The failure that led here is the one to tell of; what is written down is tried again.
    }
  }

  /** Fails unless a sandbox can be connected, as far as that is known without trying. */
  NetworkList configured() {
    return NetworkList.first(options.confDir());
  }

  /** Fails unless the sandbox is connected as it was when it was; nothing is done about it. */
  void check(Attachment made, String netns) throws InterruptedException {
    if (made.network().checkable()) {
      for (var plugin : made.network().plugins()) {
        plugins.run(
            plugin.path("type").asText(),
            variables("CHECK", made, netns, Attachment.INTERFACE),
            made.configuration(plugin, made.result()));
      }
    }
  }

  /**
   * Disconnects a sandbox that was connected, wholly or in part.
   *
   * @param netns empty when it is gone
   */
  void remove(Attachment made, String netns) throws IOException, InterruptedException {
    for (var plugin : made.network().plugins().reversed()) {
      plugins.run(
          plugin.path("type").asText(),
          variables("DEL", made, netns, Attachment.INTERFACE),
          made.configuration(plugin, made.result()));
    }
    made.delete(options.cacheDir());
  }

  Optional<Attachment> find(String id) throws IOException {
    return Attachment.find(options.cacheDir(), id);
  }

  /** Those that are connected as far as anybody knows, be they gone or others'. */
  List<String> connected() throws IOException {
    return Attachment.containers(options.cacheDir());
  }

  private static Map<String, String> arguments(String id, SandboxConfig config) {
    var arguments = new LinkedHashMap<String, String>();
    arguments.put("IgnoreUnknown", "1");
    arguments.put("K8S_POD_NAMESPACE", config.pod().namespace());
    arguments.put("K8S_POD_NAME", config.pod().name());
    arguments.put("K8S_POD_INFRA_CONTAINER_ID", id);
    return arguments;
  }

  private static JsonNode capabilities(SandboxConfig config) {
    var all = JSON.createObjectNode();
    var ports = all.putArray("portMappings");
    for (var port : config.ports()) {
      ports
          .addObject()
          .put("hostPort", port.hostPort())
          .put("containerPort", port.containerPort())
          .put("protocol", port.protocol())
          .put("hostIP", port.hostIp());
    }
    var dns = all.putObject("dns");
    config.dns().servers().forEach(dns.putArray("servers")::add);
    config.dns().searches().forEach(dns.putArray("searches")::add);
    config.dns().options().forEach(dns.putArray("options")::add);
    return all;
  }

  private static Map<String, String> variables(
      String command, Attachment made, String netns, String interfaceName) {
    var variables = new HashMap<String, String>();
    variables.put("CNI_COMMAND", command);
    variables.put("CNI_CONTAINERID", made.container());
    variables.put("CNI_NETNS", netns);
    variables.put("CNI_IFNAME", interfaceName);
    variables.put(
        "CNI_ARGS",
        made.arguments().entrySet().stream()
            .map(argument -> argument.getKey() + "=" + argument.getValue())
            .collect(Collectors.joining(";")));
    return variables;
  }
}
