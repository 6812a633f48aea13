package dev.jkubelet.app;

import dev.jkubelet.app.KubeletOptions.CgroupDriver;
import dev.jkubelet.cgroup.NodeBounds;
import dev.jkubelet.runtime.cni.CniOptions;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The settings of the engine, of cgroups and of name resolution. */
final class EngineSettingRows {
  private EngineSettingRows() {}

  static Stream<SettingRow> all() {
    return Stream.of(engine(), cgroups(), confinement(), networks(), names()).flatMap(all -> all);
  }

  private static Stream<SettingRow> engine() {
    return Stream.of(
        SettingRow.ofFlag(
            "docker-endpoint",
            o -> o.engine().endpoint(),
            URI.create("unix:///var/run/docker.sock"),
            "tcp://10.0.0.1:2375",
            URI.create("tcp://10.0.0.1:2375")),
        SettingRow.ofFlag(
            "pod-infra-container-image",
            o -> o.engine().sandboxImage(),
            "k8s.gcr.io/pause:3.2",
            "registry.k8s.io/pause:3.10",
            "registry.k8s.io/pause:3.10"),
        SettingRow.duration(
            "runtime-request-timeout",
            "runtimeRequestTimeout",
            o -> o.engine().requestTimeout(),
            Duration.ofMinutes(2)),
        SettingRow.ofFlag(
            "image-pull-progress-deadline",
            o -> o.engine().pullProgressDeadline(),
            Duration.ofMinutes(1),
            "10s",
            Duration.ofSeconds(10)),
        SettingRow.bool(
            "serialize-image-pulls",
            "serializeImagePulls",
            o -> o.engine().parallelPulls() == 1,
            false),
        SettingRow.of(
            "image-gc-high-threshold",
            "imageGCHighThresholdPercent",
            o -> o.engine().imageGarbage().high(),
            85,
            "90",
            90,
            "95",
            95),
        SettingRow.of(
            "image-gc-low-threshold",
            "imageGCLowThresholdPercent",
            o -> o.engine().imageGarbage().low(),
            80,
            "70",
            70,
            "60",
            60),
        SettingRow.duration(
            "minimum-image-ttl-duration",
            "imageMinimumGCAge",
            o -> o.engine().imageGarbage().minAge(),
            Duration.ofMinutes(2)),
        SettingRow.ofFlag(
            "minimum-container-ttl-duration",
            o -> o.engine().deadContainers().minAge(),
            Duration.ZERO,
            "1m",
            Duration.ofMinutes(1)),
        SettingRow.ofFlag(
            "maximum-dead-containers-per-container",
            o -> o.engine().deadContainers().perContainer(),
            1,
            "2",
            2),
        SettingRow.ofFlag(
            "maximum-dead-containers", o -> o.engine().deadContainers().total(), -1, "7", 7),
        SettingRow.ofFlag(
                "image-credential-provider-config",
                o -> o.engine().credentialProviders().map(p -> p.configuration()),
                Optional.empty(),
                "/c",
                Optional.of(Path.of("/c")))
            .with("--image-credential-provider-bin-dir=/b"),
        SettingRow.ofFlag(
                "image-credential-provider-bin-dir",
                o -> o.engine().credentialProviders().map(p -> p.programs()),
                Optional.empty(),
                "/b",
                Optional.of(Path.of("/b")))
            .with("--image-credential-provider-config=/c"),
        SettingRow.of(
            "container-log-max-size",
            "containerLogMaxSize",
            o -> o.containerLogs().maxSizeBytes(),
            10L << 20,
            "1Mi",
            1L << 20,
            "2k",
            2000L),
        SettingRow.number(
            "container-log-max-files",
            "containerLogMaxFiles",
            o -> o.containerLogs().maxFiles(),
            5,
            n -> n));
  }

  private static Stream<SettingRow> cgroups() {
    return Stream.of(
        SettingRow.of(
            "cgroup-root",
            "cgroupRoot",
            o -> o.cgroups().root(),
            "/",
            "of/file/",
            "/of/file",
            "/of/../flag",
            "/flag"),
        SettingRow.of(
            "cgroup-driver",
            "cgroupDriver",
            o -> o.cgroups().driver(),
            CgroupDriver.CGROUPFS,
            "systemd",
            CgroupDriver.SYSTEMD,
            "cgroupfs",
            CgroupDriver.CGROUPFS),
        SettingRow.of(
                "cgroups-per-qos",
                "cgroupsPerQOS",
                o -> o.cgroups().perQos(),
                true,
                "false",
                false,
                "true",
                true)
            .with("--enforce-node-allocatable="),
        SettingRow.bool("cpu-cfs-quota", "cpuCFSQuota", o -> o.cgroups().cpuCfsQuota(), true),
        SettingRow.of(
            "cpu-cfs-quota-period",
            "cpuCFSQuotaPeriod",
            o -> o.cgroups().cpuCfsQuotaPeriod(),
            Duration.ofMillis(100),
            "5ms",
            Duration.ofMillis(5),
            "0.25s",
            Duration.ofMillis(250)),
        SettingRow.number(
            "pod-max-pids", "podPidsLimit", o -> o.cgroups().podPidsLimit(), -1L, n -> (long) n),
        SettingRow.of(
            "enforce-node-allocatable",
            "enforceNodeAllocatable",
            o -> o.cgroups().reserved(),
            Optional.of(new NodeBounds(0, 0, 0)),
            "[none]",
            Optional.empty(),
            "pods",
            Optional.of(new NodeBounds(0, 0, 0))));
  }

  private static Stream<SettingRow> networks() {
    return Stream.of(
        SettingRow.ofFlag("network-plugin", o -> o.cni().isPresent(), false, "cni", true),
        SettingRow.ofFlag(
                "cni-conf-dir",
                o -> o.cni().map(CniOptions::confDir).orElse(Path.of("/etc/cni/net.d")),
                Path.of("/etc/cni/net.d"),
                "/c",
                Path.of("/c"))
            .with("--network-plugin=cni"),
        SettingRow.ofFlag(
                "cni-bin-dir",
                o -> o.cni().map(CniOptions::binDirs).orElse(List.of(Path.of("/opt/cni/bin"))),
                List.of(Path.of("/opt/cni/bin")),
                "/a,/b",
                List.of(Path.of("/a"), Path.of("/b")))
            .with("--network-plugin=cni"),
        SettingRow.ofFlag(
                "cni-cache-dir",
                o -> o.cni().map(CniOptions::cacheDir).orElse(Path.of("/var/lib/cni/cache")),
                Path.of("/var/lib/cni/cache"),
                "/c",
                Path.of("/c"))
            .with("--network-plugin=cni"));
  }

  private static Stream<SettingRow> confinement() {
    return Stream.of(
        SettingRow.ofFlag(
            "seccomp-profile-root",
            o -> o.confinement().seccompRoot(),
            Path.of("/var/lib/kubelet/seccomp"),
            "/profiles",
            Path.of("/profiles")),
        SettingRow.of(
            "allowed-unsafe-sysctls",
            "allowedUnsafeSysctls",
            o -> o.confinement().sysctls().allowed(),
            List.of(),
            "[kernel.msg*]",
            List.of("kernel.msg*"),
            "net.core.somaxconn,fs.mqueue.*",
            List.of("net.core.somaxconn", "fs.mqueue.*")));
  }

  private static Stream<SettingRow> names() {
    return Stream.of(
        SettingRow.of(
            "cluster-dns",
            "clusterDNS",
            o -> o.dns().clusterDns().stream().map(InetAddress::getHostAddress).toList(),
            List.of(),
            "[10.0.0.10]",
            List.of("10.0.0.10"),
            "10.0.0.1,10.0.0.2",
            List.of("10.0.0.1", "10.0.0.2")),
        SettingRow.of(
            "cluster-domain",
            "clusterDomain",
            o -> o.dns().clusterDomain(),
            "",
            "of.file",
            "of.file",
            "of.flag",
            "of.flag"),
        SettingRow.path(
            "resolv-conf",
            "resolvConf",
            o -> o.dns().resolvConf(),
            Optional.of(Path.of("/etc/resolv.conf"))));
  }
}
