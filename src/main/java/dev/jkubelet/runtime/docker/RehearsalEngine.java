package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers as a Docker Engine does and runs nothing: {@code bin/start} lets the agent start and end
 * pods on it once per build, so that the class cache knows what a pod takes. Every image is there;
 * a container named {@value #SHORT_LIVED} dies when it has started.
 */
final class RehearsalEngine {
  private static final String SHORT_LIVED = "dies";
  private static final String NEVER = "0001-01-01T00:00:00Z";
  private static final String IMAGE = "sha256:" + "0".repeat(64);

  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, ObjectNode> containers = new ConcurrentHashMap<>();
  private final List<OutputStream> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param answer null: none, or a stream that goes on
   */
  private record Reply(int status, JsonNode answer) {}

  /** Of every sandbox. */
  private final Path resolvConf;

  private RehearsalEngine(Path resolvConf) {
    this.resolvConf = resolvConf;
  }

  /**
   * Serves until it is killed.
   *
   * @param args the path of the unix socket to listen on
   */
  public static void main(String[] args) throws IOException {
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      serve(server, Path.of(args[0]));
    }
  }

  /** Until the server is closed. */
  static void serve(ServerSocketChannel server, Path socket) throws IOException {
    var engine = new RehearsalEngine(Files.createFile(Path.of(socket + ".resolv.conf")));
    server.bind(UnixDomainSocketAddress.of(socket));
    while (true) {
      var connection = server.accept();
      Thread.ofVirtual().start(() -> engine.serve(connection));
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        var in = Channels.newInputStream(connection);
        var out = Channels.newOutputStream(connection)) {
      for (var line = line(in); !line.isEmpty(); line = line(in)) {
        var request = line.split(" ", -1);
        var body = body(in);
        if (request[1].contains("/events")) {
          out.write(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
          listeners.add(out);
        } else if (request[1].matches("/exec/.*/start")) {
          RehearsalExec.run(request[1].split("/", -1)[2], in, out);
          return;
        } else {
          answer(out, reply(request[0], request[1].replaceFirst("^/v[0-9.]+", ""), body));
        }
      }
    } catch (IOException _) {
      // The agent has gone, or goes on over another connection.
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private JsonNode body(InputStream in) throws IOException {
    var length = 0;
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    return json.readTree(in.readNBytes(length));
  }

  private void answer(OutputStream out, Reply reply) throws IOException {
    var body = reply.answer() == null ? new byte[0] : json.writeValueAsBytes(reply.answer());
    var head = "HTTP/1.1 %d -\r\nContent-Type: application/json\r\n".formatted(reply.status());
    out.write(
        bytes(
            reply.status() == 204
                ? head + "\r\n"
                : head + "Content-Length: " + body.length + "\r\n\r\n"));
    out.write(body);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Reply reply(String method, String target, JsonNode body) throws IOException {
    var path = target.split("[/?]", -1);
    return switch (method + " " + path[1]) {
      case "GET info" -> ok("{'DockerRootDir':'/none','Driver':'none','CgroupDriver':'cgroupfs'}");
      case "GET version" -> ok("{'Version':'20.10.24','ApiVersion':'1.41'}");
      case "GET images" -> ok(path[2].equals("json") ? "[]" : image(target));
      case "POST containers" ->
          path[2].equals("create") ? create(target, body) : change(path[2], path[3], body);
      case "GET exec" -> ok("{'Running':false,'ExitCode':0}");
      case "DELETE containers" -> {
        var gone = containers.remove(path[2]);
        yield gone == null ? missing() : told(gone, "destroy");
      }
      case "GET containers" ->
          path[2].equals("json")
              ? new Reply(
                  200, json.valueToTree(containers.values().stream().map(this::listed).toList()))
              : inspected(path[2]);
      default -> missing();
    };
  }

  private static String image(String target) {
    var name = target.substring("/images/".length(), target.lastIndexOf("/json"));
    return "{'Id':'%s','RepoTags':['%s'],'Config':{}}".formatted(IMAGE, decoded(name));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private Reply ok(String text) throws IOException {
    return new Reply(200, json.readTree(text.replace('\'', '"')));
  }

  private Reply missing() {
    return new Reply(404, json.createObjectNode().put("message", "no such thing"));
  }

  private Reply create(String target, JsonNode body) throws IOException {
    var id = "%064x".formatted(containers.size() + System.nanoTime());
    var name = target.substring(target.indexOf("name=") + 5);
    var container =
        json.createObjectNode()
            .put("Id", id)
            .put("Name", "/" + decoded(name))
            .put("Created", Instant.now().toString())
            .put("Image", IMAGE)
            .put("ResolvConfPath", resolvConf.toString())
            .put("LogPath", "");
    container.set("Config", body);
    container
        .putObject("State")
        .put("Running", false)
        .put("StartedAt", NEVER)
        .put("FinishedAt", NEVER);
    container.putObject("NetworkSettings").put("IPAddress", "192.0.2.1");
    containers.put(id, container);
    told(container, "create");
    return new Reply(201, json.createObjectNode().put("Id", id));
  }

  private Reply change(String id, String verb, JsonNode body) throws IOException {
    var container = containers.get(id);
    if (container == null) {
      return missing();
    }
    if (verb.equals("exec")) {
      return new Reply(201, json.createObjectNode().put("Id", RehearsalExec.id(body)));
    }
    if (verb.equals("start")) {
      state(container, true);
      told(container, "start");
    }
    if (verb.equals("stop") || container.path("Name").asText().startsWith("/k8s_" + SHORT_LIVED)) {
      state(container, false);
      told(container, "die");
    }
    return new Reply(204, null);
  }

  private void state(ObjectNode container, boolean running) {
    var state = json.createObjectNode().setAll((ObjectNode) container.get("State"));
    container.set(
        "State",
        ((ObjectNode) state)
            .put("Running", running)
            .put(running ? "StartedAt" : "FinishedAt", Instant.now().toString()));
  }

  private Reply inspected(String id) {
    var container = containers.get(id);
    return container == null ? missing() : new Reply(200, container);
  }

  private ObjectNode listed(ObjectNode container) {
    var listed =
        json.createObjectNode()
            .put("Id", container.path("Id").asText())
            .put("Created", Instant.now().getEpochSecond())
            .put(
                "State",
                container.path("State").path("Running").asBoolean() ? "running" : "exited");
    listed.putArray("Names").add(container.path("Name").asText());
    listed.set("Labels", container.path("Config").path("Labels"));
    return listed;
  }

  private Reply told(ObjectNode container, String action) throws IOException {
    var event = json.createObjectNode().put("Action", action);
    event
        .putObject("Actor")
        .put("ID", container.path("Id").asText())
        .set("Attributes", container.path("Config").path("Labels"));
    var line = json.writeValueAsString(event) + "\n";
    for (var listener : listeners) {
      synchronized (listener) {
        listener.write(bytes("%x\r\n%s\r\n".formatted(line.length(), line)));
      }
    }
    return new Reply(204, null);
  }
}
