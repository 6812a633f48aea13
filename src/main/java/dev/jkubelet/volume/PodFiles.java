package dev.jkubelet.volume;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.ContainerInspection;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the kubelet itself gives a pod to see and to be called, and where its logs are. */
public final class PodFiles {
  /** The most of a termination message that a status carries, in bytes. */
  private static final int TERMINATION_MESSAGE_LIMIT = 4096;

  private final PodDirs dirs;
  private final PodLogs logs;
  private final TerminationLogs terminationLogs;
  private final Path hostsOfHost;
  private final String nodeHostname;
  private final PodDns dns;
  private final BlockingCalls calls;
  private final Duration limit;
  private final Clock clock;

  /**
   * Where things are on the host.
   *
   * @param root {@code --root-dir}
   * @param podLogs {@code /var/log/pods}
   * @param containerLogs {@code /var/log/containers}
   * @param hosts {@code /etc/hosts}
   */
  public record Places(Path root, Path podLogs, Path containerLogs, Path hosts) {}

  /**
   * Works on these places.
   *
   * @param nodeHostname what the host calls itself
   * @param limit how long one call may take before its stage fails
   * @param clock the engine's, for the time at which containers are created
   */
  public PodFiles(
      Places places,
      String nodeHostname,
      PodDns dns,
      BlockingCalls calls,
      Duration limit,
      Clock clock) {
    this.dirs = new PodDirs(places.root().toAbsolutePath().normalize());
    this.logs = new PodLogs(places.podLogs(), places.containerLogs());
    this.terminationLogs = new TerminationLogs(dirs);
    this.hostsOfHost = places.hosts();
    this.nodeHostname = nodeHostname;
    this.dns = dns;
    this.calls = calls;
    this.limit = limit;
    this.clock = clock;
  }

  /** Makes the folder of the pod's logs. */
  public CompletionStage<Path> prepare(Pod pod) {
    return calls.call("make log folder of " + PodKey.of(pod), limit, () -> logs.create(pod));
  }

  /**
   * What a sandbox calls itself; on the host's network that is the host's name.
   *
   * @throws VolumeException when the spec asks for what is no name
   */
  public String hostname(Pod pod) {
    return isHostNetwork(pod) ? nodeHostname : name(pod).nodename();
  }

  /** The pod's resolv.conf. Reads the host's, which is a small local file. */
  public PodDns.Result dns(Pod pod) {
    try {
      return dns.of(pod);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Writes the pod's hosts file.
   *
   * @param ips the pod's addresses, none while they are not known: they are written into the same
   *     file later; a pod on the host's network has the host's file
   * @return the file to show at {@code /etc/hosts} to containers that mount nothing there
   *     themselves
   */
  public CompletionStage<Path> etcHosts(Pod pod, List<String> ips) {
    return calls.call(
        "write hosts file of " + PodKey.of(pod),
        limit,
        () -> {
          var file = dirs.pod(pod.getMetadata().getUid()).resolve("etc-hosts");
          PodDirs.makeAll(file.getParent());
          EtcHosts.write(
              file,
              isHostNetwork(pod)
                  ? EtcHosts.hostNetwork(pod, Files.readAllBytes(hostsOfHost))
                  : EtcHosts.managed(pod, ips, name(pod)));
          return file;
        });
  }

  /** Makes an empty file for a container's next run to leave its last words in. */
  public CompletionStage<Path> terminationLog(Pod pod, Container container) {
    var uid = pod.getMetadata().getUid();
    return calls.call(
        "make termination log of " + container.getName() + " in " + PodKey.of(pod),
        limit,
        () -> terminationLogs.create(uid, container.getName(), clock.instant()));
  }

  /** What a container left in its termination log; empty when it left nothing. */
  public CompletionStage<Optional<String>> terminationMessage(ContainerInspection inspection) {
    var container = inspection.summary();
    return calls.call(
        "read termination log of " + container.name() + " in " + container.pod(),
        limit,
        () ->
            terminationLogs
                .find(container.pod().uid(), container.name(), container.createdAt())
                .flatMap(file -> TerminationLogs.read(file, TERMINATION_MESSAGE_LIMIT)));
  }

  /** Removes the pod's logs, and the links of the flat view that lead to them. */
  public CompletionStage<Void> removeLogs(PodKey pod) {
    return calls.call(
        "remove logs of " + pod,
        limit,
        () -> {
          logs.remove(pod);
          return null;
        });
  }

  /** The pods of which the logs' folder is there, and no log in it. */
  public CompletionStage<List<PodKey>> leftoverLogs() {
    return calls.call("look for logs of pods that are gone", limit, logs::leftovers);
  }

  private PodHostname name(Pod pod) {
    return PodHostname.of(pod, dns.clusterDomain());
  }

  private static boolean isHostNetwork(Pod pod) {
    return Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
  }
}
