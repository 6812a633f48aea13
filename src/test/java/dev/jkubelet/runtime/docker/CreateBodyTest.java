package dev.jkubelet.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.ContainerConfig.Mount;
import dev.jkubelet.runtime.SandboxConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Samples of {@code docker inspect}, taken from containers of a kubelet 1.20.2: what is asked of
 * the engine must be what they show, and what they show beyond it must be the engine's default.
 */
class CreateBodyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the engine fills in by itself. */
  private static final Map<String, String> ENGINE_DEFAULTS =
      Map.of(
          "CgroupnsMode", "\"host\"",
          "Runtime", "\"runc\"",
          "ConsoleSize", "[0,0]",
          "LogConfig", "{\"Type\":\"json-file\",\"Config\":{}}",
          "RestartPolicy", "{\"Name\":\"\",\"MaximumRetryCount\":0}");

  private static JsonNode sample(String name) throws IOException {
    return JSON.readTree(CreateBodyTest.class.getResourceAsStream(name + ".json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.POD.0", "hostnet.POD.0"})
  void asksForSandboxesAsTheDockershimDid(String name) throws IOException {
    var sample = sample(name);
    var body = CreateBody.sandbox(sandboxOf(sample), "default");

    assertSame(body, sample);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.httpd.0", "guaranteed.main.0", "hostnet.main.0"})
  void asksForContainersAsTheDockershimDid(String name) throws IOException {
    var sample = sample(name);
    var body = CreateBody.container(containerOf(sample));

    assertSame(body, sample);
  }

  private static void assertSame(ObjectNode asked, JsonNode sample) throws IOException {
    var body = (ObjectNode) JSON.readTree(asked.toString());
    var host = (ObjectNode) body.remove("HostConfig");
    assertThat(differences(host, sample.path("HostConfig"))).isEmpty();
    assertThat(differences(body, sample.path("Config"))).isEmpty();
  }

  private static List<String> differences(ObjectNode asked, JsonNode shown) {
    var differences = new ArrayList<String>();
    for (var field : shown.properties()) {
      var name = field.getKey();
      var value = field.getValue();
      var same =
          asked.has(name)
              ? withDefaults(name, asked.get(name)).equals(value)
              : isEngineDefault(name, value);
      if (!same) {
        differences.add(name + ": asked " + asked.get(name) + ", sample " + value);
      }
    }
    asked
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!shown.has(name) && !asked.get(name).isEmpty()) {
                differences.add(name + ": asked only");
              }
            });
    return differences;
  }

  private static JsonNode withDefaults(String name, JsonNode asked) {
    return name.equals("RestartPolicy")
        ? ((ObjectNode) asked.deepCopy()).put("MaximumRetryCount", 0)
        : asked;
  }

  private static boolean isEngineDefault(String name, JsonNode value) {
    var nothing =
        value.isNull()
            || value.equals(JSON.getNodeFactory().textNode(""))
            || (value.isNumber() && value.asLong() == 0)
            || (value.isBoolean() && !value.asBoolean());
    // The engine shows the image's own entry point, and on the host's network the host's name.
    return nothing
        || value.toString().equals(ENGINE_DEFAULTS.get(name))
        || (name.equals("Entrypoint") && value.toString().equals("[\"/pause\"]"))
        || name.equals("Hostname");
  }

  private static SandboxConfig sandboxOf(JsonNode sample) {
    var config = sample.path("Config");
    var host = sample.path("HostConfig");
    var ports = new ArrayList<SandboxConfig.PortMapping>();
    for (var port : host.path("PortBindings").properties()) {
      var key = port.getKey().split("/", -1);
      for (var binding : port.getValue()) {
        ports.add(
            new SandboxConfig.PortMapping(
                key[1],
                Integer.parseInt(key[0]),
                binding.path("HostPort").asInt(),
                binding.path("HostIp").asText()));
      }
    }
    return new SandboxConfig(
        name(sample).pod(),
        name(sample).attempt(),
        config.path("Image").asText(),
        config.path("Hostname").asText(),
        host.path("CgroupParent").asText(),
        new SandboxConfig.Namespaces(
            host.path("NetworkMode").asText().equals("host"), false, false, false),
        new SandboxConfig.Dns(List.of(), List.of(), List.of()),
        ports,
        Map.of(),
        host.path("OomScoreAdj").asInt(),
        ownLabels(config),
        new SandboxConfig.LogLimits(0, 0));
  }

  private static ContainerConfig containerOf(JsonNode sample) {
    var config = sample.path("Config");
    var host = sample.path("HostConfig");
    var labels = config.path("Labels");
    return new ContainerConfig(
        name(sample).pod(),
        name(sample).container(),
        name(sample).attempt(),
        labels.path("io.kubernetes.sandbox.id").asText(),
        new SandboxConfig.Namespaces(
            host.path("UTSMode").asText().equals("host"), false, false, false),
        Optional.empty(),
        config.path("Image").asText(),
        texts(config.path("Entrypoint")),
        texts(config.path("Cmd")),
        texts(config.path("Env")),
        config.path("WorkingDir").asText(),
        config.path("User").asText(),
        texts(host.path("Binds")).stream().map(CreateBodyTest::mount).toList(),
        host.path("CgroupParent").asText(),
        new ContainerConfig.Resources(
            host.path("CpuShares").asLong(),
            host.path("CpuQuota").asLong(),
            host.path("CpuPeriod").asLong(),
            host.path("Memory").asLong(),
            host.path("OomScoreAdj").asInt()),
        new ContainerConfig.Security(
            false,
            host.path("ReadonlyRootfs").asBoolean(),
            texts(host.path("SecurityOpt")).contains("no-new-privileges"),
            texts(host.path("CapAdd")),
            texts(host.path("CapDrop")),
            List.of(),
            Optional.of("unconfined"),
            Optional.empty(),
            List.of(),
            false),
        false,
        false,
        false,
        ownLabels(config),
        Path.of(labels.path("io.kubernetes.container.logpath").asText()),
        new SandboxConfig.LogLimits(0, 0));
  }

  private static DockerName name(JsonNode sample) {
    return DockerName.parse(sample.path("Name").asText()).orElseThrow();
  }

  private static Map<String, String> ownLabels(JsonNode config) {
    var labels = new TreeMap<String, String>();
    for (var label : config.path("Labels").properties()) {
      if (!label.getKey().startsWith("io.kubernetes.")) {
        labels.put(label.getKey(), label.getValue().asText());
      }
    }
    return labels;
  }

  private static Mount mount(String bind) {
    var parts = bind.split(":", -1);
    return new Mount(Path.of(parts[0]), parts[1], parts.length > 2, "rprivate");
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void saysPropagationAndLogLimits() throws IOException {
    var plain = containerOf(sample("web.httpd.0"));
    var config =
        new ContainerConfig(
            plain.pod(),
            plain.name(),
            0,
            "s",
            new SandboxConfig.Namespaces(false, false, false, true),
            Optional.empty(),
            plain.imageId(),
            List.of(),
            List.of(),
            List.of(),
            "",
            "",
            List.of(
                new Mount(Path.of("/a"), "/b", true, "rslave"),
                new Mount(Path.of("/c"), "/d", false, "rshared")),
            "",
            plain.resources(),
            new ContainerConfig.Security(
                true,
                false,
                false,
                List.of("PERFMON"),
                List.of(),
                List.of(7L),
                Optional.of("runtime/default"),
                Optional.of("strict"),
                List.of("type:spc_t"),
                true),
            true,
            true,
            true,
            Map.of("io.kubernetes.pod.uid", "forged"),
            plain.logPath(),
            new SandboxConfig.LogLimits(1024, 3));

    var body = CreateBody.container(config);
    var host = body.path("HostConfig");
    assertThat(texts(host.path("Binds"))).containsExactly("/a:/b:ro,rslave", "/c:/d:rshared");
    assertThat(host.path("LogConfig").toString())
        .isEqualTo(
            "{\"Type\":\"json-file\",\"Config\":{\"max-size\":\"1024\",\"max-file\":\"3\"}}");
    assertThat(host.path("PidMode").asText()).isEqualTo("container:s");
    assertThat(texts(host.path("SecurityOpt")))
        .containsExactly("apparmor=strict", "label=type:spc_t");
    assertThat(host.path("MaskedPaths").toString()).isEqualTo("[]");
    assertThat(host.path("ReadonlyPaths").toString()).isEqualTo("[]");
    assertThat(host.path("Privileged").asBoolean()).isTrue();
    assertThat(texts(host.path("GroupAdd"))).containsExactly("7");
    assertThat(body.has("Entrypoint")).isFalse();
    assertThat(body.path("Labels").path("io.kubernetes.pod.uid").asText())
        .isEqualTo(plain.pod().uid());
  }
}
