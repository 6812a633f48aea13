package dev.jkubelet.app;

import dev.jkubelet.cluster.CallRates;
import dev.jkubelet.cluster.NodeCredentials;
import dev.jkubelet.node.registration.NodeSettings;
import io.fabric8.kubernetes.api.model.Taint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The settings of a node that belongs to a cluster. */
final class ClusterMapping {
  private static final String NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final Pattern LABEL_VALUE = Pattern.compile("(" + NAME + ")?");
  private static final Pattern LABEL_KEY =
      Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?" + NAME);
  private static final Set<String> EFFECTS = Set.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  /** What a node may say of itself in the namespaces of Kubernetes (pkg/kubelet/apis). */
  private static final Set<String> OWN_LABELS =
      Set.of(
          "beta.kubernetes.io/arch",
          "beta.kubernetes.io/instance-type",
          "beta.kubernetes.io/os",
          "failure-domain.beta.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "kubernetes.io/arch",
          "kubernetes.io/hostname",
          "kubernetes.io/os",
          "node.kubernetes.io/instance-type",
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone");

  private final Configuration settings;
  private final Amounts amounts;
  private final EvictionMapping eviction;

  private ClusterMapping(Configuration settings) {
    this.settings = settings;
    this.amounts = new Amounts(settings);
    this.eviction = new EvictionMapping(settings);
  }

  /** Empty without {@code --kubeconfig}: the node is one of its own. */
  static Optional<KubeletOptions.Cluster> map(Configuration settings) {
    var kubeconfig = settings.path("--kubeconfig");
    var bootstrap = settings.path("--bootstrap-kubeconfig");
    if (kubeconfig.isEmpty() && bootstrap.isPresent()) {
      throw new StartFailure(
          "--bootstrap-kubeconfig: expected a --kubeconfig with it, where the credentials that it"
              + " brings are kept");
    }
    var mapping = new ClusterMapping(settings);
    return kubeconfig.map(file -> mapping.cluster(file, bootstrap));
  }

  private KubeletOptions.Cluster cluster(Path kubeconfig, Optional<Path> bootstrap) {
    return new KubeletOptions.Cluster(
        new NodeCredentials(
            kubeconfig,
            bootstrap,
            settings.path("--cert-dir").orElseThrow(),
            settings.flag("rotateCertificates")),
        settings.flag("serverTLSBootstrap"),
        new NodeSettings.Registration(
            settings.flag("--register-node"),
            settings.flag("--register-schedulable"),
            labels(),
            taints(),
            Optional.of(settings.text("providerID")).filter(id -> !id.isEmpty()),
            settings.flag("enableControllerAttachDetach"),
            settings.flag("--keep-terminated-pod-volumes")),
        new NodeSettings.Reporting(
            settings.duration("nodeStatusUpdateFrequency"),
            settings.duration("nodeStatusReportFrequency"),
            settings.number("nodeStatusMaxImages")),
        eviction.thresholds("evictionSoft"),
        eviction.evictor(),
        settings.duration("evictionPressureTransitionPeriod"),
        new CallRates(
            new CallRates.Rate(settings.number("kubeAPIQPS"), settings.number("kubeAPIBurst")),
            new CallRates.Rate(settings.number("eventRecordQPS"), settings.number("eventBurst"))),
        Duration.ofSeconds(settings.number("nodeLeaseDurationSeconds")));
  }

  private Map<String, String> labels() {
    var labels = new TreeMap<String, String>();
    for (var label : words("--node-labels")) {
      var parts = label.split("=", 2);
      if (parts.length < 2
          || !LABEL_KEY.matcher(parts[0]).matches()
          || !LABEL_VALUE.matcher(parts[1]).matches()) {
        throw wrong("--node-labels", "labels such as disk=ssd, comma-separated", label);
      }
      if (reservedForKubernetes(parts[0])) {
        throw wrong(
            "--node-labels",
            "in the namespaces of Kubernetes only kubelet.kubernetes.io/…, node.kubernetes.io/… and"
                + " the well-known labels of a node",
            label);
      }
      labels.put(parts[0], parts[1]);
    }
    return labels;
  }

  private static boolean reservedForKubernetes(String key) {
    if (!key.contains("/") || OWN_LABELS.contains(key)) {
      return false;
    }
    var namespace = "." + key.substring(0, key.indexOf('/'));
    return (namespace.endsWith(".kubernetes.io") || namespace.endsWith(".k8s.io"))
        && !namespace.endsWith(".kubelet.kubernetes.io")
        && !namespace.endsWith(".node.kubernetes.io");
  }

  private List<Taint> taints() {
    var taints = new ArrayList<Taint>();
    for (var text : words("--register-with-taints")) {
      var at = text.lastIndexOf(':');
      var left = at < 0 ? new String[] {""} : text.substring(0, at).split("=", 2);
      var value = left.length == 2 ? left[1] : "";
      if (!LABEL_KEY.matcher(left[0]).matches()
          || !LABEL_VALUE.matcher(value).matches()
          || !EFFECTS.contains(text.substring(at + 1))) {
        throw wrong(
            "--register-with-taints",
            "taints such as key=value:NoSchedule, comma-separated, their effect NoSchedule,"
                + " PreferNoSchedule or NoExecute",
            text);
      }
      taints.add(new Taint(text.substring(at + 1), left[0], null, value.isEmpty() ? null : value));
    }
    return taints;
  }

  private List<String> words(String key) {
    return List.of(settings.text(key).split(",")).stream()
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private StartFailure wrong(String key, String expected, String got) {
    return amounts.wrong(key, expected, got);
  }
}
