package dev.jkubelet.cgroup;

import dev.jkubelet.model.CpuShares;
import dev.jkubelet.model.QosClass;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cgroups made by hand in the cgroup file systems, for an engine that does the same. */
final class CgroupfsPodCgroups implements PodCgroups {
  private static final Logger LOG = LoggerFactory.getLogger(CgroupfsPodCgroups.class);
  private static final long MIN_SHARES = CpuShares.milliCpuToShares(0);

  private final PodCgroupSettings settings;
  private final PodCgroupNames names;
  private final Executor files;
  private volatile CgroupTree found;

  CgroupfsPodCgroups(PodCgroupSettings settings, Executor files) {
    this.settings = settings;
    this.names = PodCgroupNames.below(settings.cgroupRoot());
    this.files = files;
  }

  @Override
  public CompletionStage<Void> start() {
    return FileCalls.run(
        files,
        () -> {
          var tree = tree();
          requireRoot(tree);
          long shares = CpuShares.milliCpuToShares(settings.bounds().milliCpu());
          make(tree, names.kubepods(), CgroupLimits.node(shares, settings.bounds()));
          make(tree, names.qos(QosClass.BURSTABLE), CgroupLimits.shares(MIN_SHARES));
          make(tree, names.qos(QosClass.BEST_EFFORT), CgroupLimits.shares(MIN_SHARES));
        });
  }

  private void requireRoot(CgroupTree tree) throws IOException {
    if (tree.controllers().isEmpty()) {
      throw new IOException("no cgroup file system at %s".formatted(settings.cgroupFs()));
    }
    for (var directory : tree.directories(names.root().cgroupfs())) {
      if (!Files.isDirectory(directory)) {
        throw new IOException(
            "expected an existing cgroup, got \"%s\": there is no %s"
                .formatted(settings.cgroupRoot(), directory));
      }
    }
  }

  @Override
  public CompletionStage<String> ensure(Pod pod) {
    return FileCalls.supply(
        files,
        () -> {
          var name = names.pod(pod);
          make(tree(), name, PodLimits.of(pod, settings));
          return name.cgroupfs();
        });
  }

  @Override
  public CompletionStage<Void> remove(String podUid) {
    return FileCalls.supply(
            files,
            () -> {
              var tree = tree();
              return names.candidates(podUid).stream()
                  .flatMap(name -> tree.traces(name.cgroupfs()).stream())
                  .filter(Files::isDirectory)
                  .toList();
            })
        .thenCompose(new CgroupRemoval(files)::remove);
  }

  @Override
  public CompletionStage<List<String>> podUids() {
    return FileCalls.supply(
        files,
        () -> {
          var tree = tree();
          return PodFolders.in(
              names.classes().stream()
                  .flatMap(name -> tree.traces(name.cgroupfs()).stream())
                  .toList(),
              PodCgroupNames::uidOfCgroupfs);
        });
  }

  @Override
  public CompletionStage<Void> updateQos(Collection<Pod> active) {
    var pods = List.copyOf(active);
    return FileCalls.run(
        files,
        () -> {
          long milliCpu =
              pods.stream()
                  .filter(pod -> QosClass.of(pod) == QosClass.BURSTABLE)
                  .mapToLong(PodLimits::requestedMilliCpu)
                  .sum();
          var tree = tree();
          tree.limit(
              names.qos(QosClass.BURSTABLE).cgroupfs(),
              CgroupLimits.shares(CpuShares.milliCpuToShares(milliCpu)));
          tree.limit(names.qos(QosClass.BEST_EFFORT).cgroupfs(), CgroupLimits.shares(MIN_SHARES));
        });
  }

  private static void make(CgroupTree tree, CgroupName name, CgroupLimits limits)
      throws IOException {
    tree.create(name.cgroupfs());
    try {
      tree.limit(name.cgroupfs(), limits);
    } catch (IOException refused) {
      LOG.warn("{} runs without all of its limits", name.cgroupfs(), refused);
    }
  }

  /** Read once there is one: what is mounted at boot stays so. */
  private CgroupTree tree() throws IOException {
    var known = found;
    if (known == null || known.controllers().isEmpty()) {
      known = CgroupTree.at(settings.cgroupFs());
      found = known;
    }
    return known;
  }
}
