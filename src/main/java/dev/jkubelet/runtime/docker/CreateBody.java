package dev.jkubelet.runtime.docker;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jkubelet.runtime.ContainerConfig;
import dev.jkubelet.runtime.SandboxConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What is asked of the engine for a sandbox or container, field by field as the dockershim asked
 * it. As JSON and not as docker-java's types, which refuse capabilities they don't know and rewrite
 * binds.
 */
final class CreateBody {
  /** 64 MiB of /dev/shm, explicitly, whatever the engine's default is. */
  private static final long SHM_SIZE = 64L << 20;

  private static final long SANDBOX_CPU_SHARES = 2;

  private CreateBody() {}

  /**
   * @param network of a sandbox that is not on the host's
   */
  static ObjectNode sandbox(SandboxConfig config, String network) {
    var namespaces = config.namespaces();
    var body = JsonNodeFactory.instance.objectNode();
    // On the host's network the host's name is the only one there can be.
    if (!namespaces.hostNetwork()) {
      body.put("Hostname", config.hostname());
    }
    body.put("Image", config.image());
    body.set("Labels", texts(DockerLabels.of(config)));
    var host = body.putObject("HostConfig");
    host.put("NetworkMode", namespaces.hostNetwork() ? "host" : network);
    host.put("IpcMode", namespaces.hostIpc() ? "host" : "shareable");
    if (namespaces.hostPid()) {
      host.put("PidMode", "host");
    }
    addPorts(config.ports(), body, host);
    host.put("OomScoreAdj", config.oomScoreAdj());
    host.put("CpuShares", SANDBOX_CPU_SHARES);
    host.put("CgroupParent", config.cgroupParent());
    host.put("ShmSize", SHM_SIZE);
    addTexts(host, "SecurityOpt", List.of("no-new-privileges"));
    if (!config.sysctls().isEmpty()) {
      host.set("Sysctls", texts(config.sysctls()));
    }
    addLogLimits(host, config.logLimits());
    return body;
  }

  static ObjectNode container(ContainerConfig config) {
    var body = JsonNodeFactory.instance.objectNode();
    body.put("Image", config.imageId());
    addTexts(body, "Entrypoint", config.command());
    addTexts(body, "Cmd", config.args());
    addTexts(body, "Env", config.env());
    body.put("WorkingDir", config.workingDir());
    body.put("User", config.user());
    body.put("OpenStdin", config.stdin());
    body.put("StdinOnce", config.stdinOnce());
    body.put("Tty", config.tty());
    body.set("Labels", texts(DockerLabels.of(config)));
    // The kubelet probes; an image's own health check would only cost.
    body.putObject("Healthcheck").putArray("Test").add("NONE");
    var host = body.putObject("HostConfig");
    addTexts(host, "Binds", config.mounts().stream().map(CreateBody::bind).toList());
    host.putObject("RestartPolicy").put("Name", "no");
    addNamespaces(config, host);
    addResources(config, host);
    addSecurity(config.security(), host);
    host.putArray("Devices");
    host.put("ShmSize", SHM_SIZE);
    addLogLimits(host, config.logLimits());
    return body;
  }

  private static void addNamespaces(ContainerConfig config, ObjectNode host) {
    var sandbox = "container:" + config.sandboxId();
    host.put("NetworkMode", sandbox);
    host.put("IpcMode", sandbox);
    if (config.namespaces().hostNetwork()) {
      host.put("UTSMode", "host");
    }
    if (config.namespaces().hostPid()) {
      host.put("PidMode", "host");
    } else if (config.namespaces().sharePid()) {
      host.put("PidMode", sandbox);
    } else {
      config.processesOf().ifPresent(other -> host.put("PidMode", "container:" + other));
    }
  }

  static void addAmounts(ContainerConfig.Resources resources, ObjectNode host) {
    host.put("CpuShares", resources.cpuShares());
    host.put("CpuQuota", resources.cpuQuota());
    host.put("CpuPeriod", resources.cpuPeriod());
    host.put("Memory", resources.memoryLimit());
    // The same as Memory: no swap for pods.
    host.put("MemorySwap", resources.memoryLimit());
  }

  private static void addResources(ContainerConfig config, ObjectNode host) {
    var resources = config.resources();
    addAmounts(resources, host);
    host.put("OomScoreAdj", resources.oomScoreAdj());
    host.put("CgroupParent", config.cgroupParent());
  }

  private static void addSecurity(ContainerConfig.Security security, ObjectNode host) {
    host.put("Privileged", security.privileged());
    host.put("ReadonlyRootfs", security.readOnlyRootFilesystem());
    addTexts(host, "CapAdd", security.addCapabilities());
    addTexts(host, "CapDrop", security.dropCapabilities());
    addTexts(
        host, "GroupAdd", security.supplementalGroups().stream().map(String::valueOf).toList());
    var options = new ArrayList<String>();
    if (security.noNewPrivileges()) {
      options.add("no-new-privileges");
    }
    switch (security.seccomp().orElse("")) {
      case "runtime/default", "docker/default" -> {}
      case "" -> options.add("seccomp=unconfined");
      case String profile -> options.add("seccomp=" + profile);
    }
    security.appArmor().ifPresent(profile -> options.add("apparmor=" + profile));
    security.seLinux().forEach(part -> options.add("label=" + part));
    addTexts(host, "SecurityOpt", options);
    if (security.wholeProc()) {
      host.putArray("MaskedPaths");
      host.putArray("ReadonlyPaths");
    }
  }

  /** {@code host:container[:ro,rslave]}; private is the engine's default and stays unsaid. */
  private static String bind(ContainerConfig.Mount mount) {
    var modes = new ArrayList<String>();
    if (mount.readOnly()) {
      modes.add("ro");
    }
    if (mount.propagation().equals("rslave") || mount.propagation().equals("rshared")) {
      modes.add(mount.propagation());
    }
    var bind = mount.hostPath() + ":" + mount.containerPath();
    return modes.isEmpty() ? bind : bind + ":" + String.join(",", modes);
  }

  private static void addPorts(
      List<SandboxConfig.PortMapping> ports, ObjectNode body, ObjectNode host) {
    var published = ports.stream().filter(port -> port.hostPort() != 0).toList();
    var bindings = host.putObject("PortBindings");
    if (published.isEmpty()) {
      return;
    }
    var exposed = body.putObject("ExposedPorts");
    for (var port : published) {
      var key = port.containerPort() + "/" + port.protocol();
      exposed.putObject(key);
      bindings
          .withArrayProperty(key)
          .addObject()
          .put("HostIp", port.hostIp())
          .put("HostPort", Integer.toString(port.hostPort()));
    }
  }

  private static void addLogLimits(ObjectNode host, SandboxConfig.LogLimits limits) {
    if (limits.maxSize() <= 0) {
      return;
    }
    var log = host.putObject("LogConfig").put("Type", "json-file");
    var options = log.putObject("Config").put("max-size", Long.toString(limits.maxSize()));
    if (limits.maxFiles() > 0) {
      options.put("max-file", Integer.toString(limits.maxFiles()));
    }
  }

  /** Nothing means: not said, so that the image's or the engine's own holds. */
  private static void addTexts(ObjectNode node, String field, Collection<String> texts) {
    if (!texts.isEmpty()) {
      var array = node.putArray(field);
      texts.forEach(array::add);
    }
  }

  private static ObjectNode texts(Map<String, String> map) {
    var node = JsonNodeFactory.instance.objectNode();
    map.forEach(node::put);
    return node;
  }
}
