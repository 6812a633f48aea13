package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.NetworkNamespace;
import dev.jkubelet.runtime.PieceSize;
import dev.jkubelet.runtime.PodConnection;
import dev.jkubelet.runtime.ProcessStreams;
import dev.jkubelet.runtime.SocketStream;
import dev.jkubelet.runtime.StandardStreams;
import dev.jkubelet.runtime.TerminalSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.util.List;

/** The verbs that stream, as blocking calls. */
final class Streams {
  private static final byte[] NOTHING = {};
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final URI endpoint;
  private final Engine engine;
  private final Containers containers;
  private final PieceSize pieces = new PieceSize();

  Streams(URI endpoint, Engine engine, Containers containers) {
    this.endpoint = endpoint;
    this.engine = engine;
    this.containers = containers;
  }

  /** The process' id at the engine. */
  String createExec(String container, List<String> command, StandardStreams streams)
      throws IOException {
    var body = JsonNodeFactory.instance.objectNode();
    command.forEach(body.putArray("Cmd")::add);
    body.put("AttachStdin", streams.stdin())
        .put("AttachStdout", streams.stdout())
        .put("AttachStderr", streams.stderr())
        .put("Tty", streams.tty());
    try {
      return engine
          .post("/containers/" + Engine.encoded(container) + "/exec", body)
          .path("Id")
          .asText();
    } catch (EngineException.Conflict refused) {
      // Asked only now: nearly always it runs, and somebody waits for the command.
      running(container);
      throw refused;
    }
  }

  ProcessStreams startExec(String exec, boolean tty, HijackedStreams.Subject subject)
      throws IOException {
    var body = JsonNodeFactory.instance.objectNode().put("Detach", false).put("Tty", tty);
    var path = "/exec/" + exec + "/start";
    return new HijackedStreams(
        Hijack.post(endpoint, path, engine.json().writeValueAsBytes(body), engine.errors),
        pieces,
        tty,
        subject);
  }

  /** What the engine knows of a process: Running, ExitCode, Pid. */
  JsonNode inspectExec(String exec) throws IOException {
    return engine.get("/exec/" + exec + "/json");
  }

  void resizeExec(String exec, TerminalSize size) throws IOException {
    engine.post("/exec/" + exec + "/resize" + query(size), JsonNodeFactory.instance.objectNode());
  }

  ProcessStreams attach(String container, StandardStreams streams, HijackedStreams.Subject subject)
      throws IOException {
    var inspection = running(container);
    var path =
        "/containers/%s/attach?stream=1&stdin=%s&stdout=%s&stderr=%s"
            .formatted(
                Engine.encoded(container),
                bit(streams.stdin()),
                bit(streams.stdout()),
                bit(streams.stderr()));
    return new HijackedStreams(
        Hijack.post(endpoint, path, NOTHING, engine.errors),
        pieces,
        inspection.path("Config").path("Tty").asBoolean(),
        subject);
  }

  void resizeContainer(String container, TerminalSize size) throws IOException {
    engine.post(
        "/containers/" + Engine.encoded(container) + "/resize" + query(size),
        JsonNodeFactory.instance.objectNode());
  }

  PodConnection connect(String sandbox, int port) throws IOException, InterruptedException {
    var pid = running(sandbox).path("State").path("Pid").asLong();
    var channel = NetworkNamespace.openSocket(pid);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(new InetSocketAddress(LOOPBACK, port));
      return new PodSocket(new SocketStream(channel, pieces));
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw new EngineException.Refused(
          "can't connect to 127.0.0.1:" + port + " in the pod: " + failure.getMessage(), failure);
    }
  }

  private JsonNode running(String container) throws IOException {
    var inspection = containers.inspect(container);
    if (!inspection.path("State").path("Running").asBoolean()) {
      throw new EngineException.Conflict(
          "container not running (" + inspection.path("Id").asText() + ")", null);
    }
    return inspection;
  }

  private static String query(TerminalSize size) {
    return "?h=" + size.height() + "&w=" + size.width();
  }

  private static String bit(boolean set) {
    return set ? "1" : "0";
  }
}
