package dev.jkubelet.cgroup;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Slices of systemd, for an engine that uses them. Only systemd may make a slice and change its
 * limits, so this class names them and no more: systemd starts a slice, and those above it, when
 * the engine starts the first container there. Until the agent asks systemd for it, pods and QoS
 * classes have no limits of their own; containers have theirs from the engine.
 */
final class SystemdPodCgroups implements PodCgroups {
  private final PodCgroupSettings settings;
  private final PodCgroupNames names;
  private final Executor files;

  SystemdPodCgroups(PodCgroupSettings settings, Executor files) {
    this.settings = settings;
    this.names = PodCgroupNames.below(settings.cgroupRoot());
    this.files = files;
  }

  @Override
  public CompletionStage<Void> start() {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<String> ensure(Pod pod) {
    try {
      return CompletableFuture.completedStage(names.pod(pod).slice());
    } catch (IllegalArgumentException invalid) {
      return CompletableFuture.failedStage(invalid);
    }
  }

  /** Ends what still runs in the pod's slice; the slice itself is systemd's to remove. */
  @Override
  public CompletionStage<Void> remove(String podUid) {
    return FileCalls.supply(
            files,
            () -> {
              var tree = CgroupTree.at(settings.cgroupFs());
              return names.candidates(podUid).stream()
                  .flatMap(name -> tree.directories(name.systemd()).stream())
                  .filter(Files::isDirectory)
                  .toList();
            })
        .thenCompose(new CgroupRemoval(files)::killOnly);
  }

  @Override
  public CompletionStage<List<String>> podUids() {
    return FileCalls.supply(
        files,
        () -> {
          var tree = CgroupTree.at(settings.cgroupFs());
          return PodFolders.in(
              names.classes().stream()
                  .flatMap(name -> tree.directories(name.systemd()).stream())
                  .toList(),
              PodCgroupNames::uidOfSystemd);
        });
  }

  @Override
  public CompletionStage<Void> updateQos(Collection<Pod> active) {
    return CompletableFuture.completedStage(null);
  }
}
