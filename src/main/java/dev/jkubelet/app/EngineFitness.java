package dev.jkubelet.app;

import dev.jkubelet.cgroup.PodCgroupSettings;
import dev.jkubelet.runtime.EngineInfo;
import java.util.Optional;

/** What the node's settings ask of its engine. */
record EngineFitness(PodCgroupSettings cgroups) {
  /** In the kubelet's words, why no pod can run on that engine; empty when they can. */
  Optional<String> misfit(EngineInfo engine) {
    var ours = cgroups.driver().text();
    return !cgroups.cgroupsPerQos() || ours.equals(engine.cgroupDriver())
        ? Optional.empty()
        : Optional.of(
            "misconfiguration: kubelet cgroup driver: \"%s\" is different from docker cgroup driver: \"%s\"; expected --cgroup-driver=%<s"
                .formatted(ours, engine.cgroupDriver()));
  }
}
