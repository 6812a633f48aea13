package dev.jkubelet.app;

import dev.jkubelet.cluster.ApiServer;
import dev.jkubelet.cluster.CallListener;
import dev.jkubelet.cluster.Follower;
import dev.jkubelet.cluster.InvalidKubeconfig;
import dev.jkubelet.cluster.ReferencedObjects;
import dev.jkubelet.cluster.RemoteApiServer;
import dev.jkubelet.cluster.ServingCertificate;
import dev.jkubelet.node.AdmissionNode;
import dev.jkubelet.node.ApiServerObjects;
import dev.jkubelet.node.NodeActor;
import dev.jkubelet.node.PodDeletions;
import dev.jkubelet.node.PodReports;
import dev.jkubelet.node.event.EventRecorder;
import dev.jkubelet.node.event.EventWriter;
import dev.jkubelet.node.event.NodeEvents;
import dev.jkubelet.node.gc.GarbageCollector;
import dev.jkubelet.node.mirror.MirrorPods;
import dev.jkubelet.node.pressure.NodePressures;
import dev.jkubelet.node.registration.CsiNodes;
import dev.jkubelet.node.registration.HostFacts;
import dev.jkubelet.node.registration.NodeAddresses;
import dev.jkubelet.node.registration.NodeLease;
import dev.jkubelet.node.registration.NodeReporter;
import dev.jkubelet.node.registration.NodeSettings;
import dev.jkubelet.node.source.ApiServerPods;
import dev.jkubelet.node.status.ApiPodsFollower;
import dev.jkubelet.node.status.StatusReporter;
import dev.jkubelet.pod.PodActor;
import dev.jkubelet.pod.PodEvents;
import dev.jkubelet.pod.PodObjects;
import dev.jkubelet.pod.PodServices;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.cni.CniOptions;
import dev.jkubelet.server.HttpPorts;
import dev.jkubelet.server.auth.Authenticator;
import dev.jkubelet.server.auth.Authorizer;
import dev.jkubelet.server.auth.WebhookAuthenticator;
import dev.jkubelet.server.auth.WebhookAuthorizer;
import dev.jkubelet.stats.BuildInfo;
import dev.jkubelet.stats.Machine;
import dev.jkubelet.volume.csi.CsiNodeRecord;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** What a node of a cluster has beyond one of its own: its API server, and all that talks to it. */
final class ClusterWiring implements AutoCloseable {
  private final KubeletOptions options;
  private final KubeletOptions.Cluster cluster;
  private final Clock clock;
  private final ApiServer api;
  private final ReferencedObjects objects;
  private final EventRecorder recorder;
  private volatile Optional<ServingCertificate> serving = Optional.empty();

  private ClusterWiring(
      KubeletOptions options, KubeletOptions.Cluster cluster, Clock clock, ApiServer api) {
    this.options = options;
    this.cluster = cluster;
    this.clock = clock;
    this.api = api;
    this.objects = new ReferencedObjects(api.objects(), clock);
    this.recorder = new EventRecorder(options.node().name(), clock);
  }

  /**
   * Empty for a node of its own. The API server need not be there yet.
   *
   * @throws StartFailure when the kubeconfig can't be used
   */
  static Optional<ClusterWiring> of(KubeletOptions options, CallListener calls, Clock clock) {
    return options.cluster().map(cluster -> connect(options, cluster, calls, clock));
  }

  /** Until when the certificate is valid that is shown to the API server. */
  Optional<Instant> certificateExpiry() {
    return api.certificateExpiry();
  }

  private static ClusterWiring connect(
      KubeletOptions options, KubeletOptions.Cluster cluster, CallListener calls, Clock clock) {
    try {
      var api =
          RemoteApiServer.connect(
              cluster.credentials(), options.node().name(), cluster.rates(), calls);
      return new ClusterWiring(options, cluster, clock, api);
    } catch (InvalidKubeconfig wrong) {
      throw new StartFailure("--kubeconfig: " + wrong.getMessage(), wrong);
    }
  }

  PodEvents events() {
    return recorder;
  }

  NodeEvents nodeEvents() {
    return recorder;
  }

  PodObjects objects() {
    return new ApiServerObjects(objects);
  }

  List<Authenticator> tokens() {
    var webhook = options.server().auth().webhook();
    return webhook.tokens()
        ? List.of(new WebhookAuthenticator(api.reviews(), webhook.tokensFor(), clock))
        : List.of();
  }

  Authorizer authorizer() {
    var webhook = options.server().auth().webhook();
    return new WebhookAuthorizer(
        api.reviews(),
        options.node().name(),
        new WebhookAuthorizer.Lifetimes(webhook.allowedFor(), webhook.refusedFor()),
        clock);
  }

  /**
   * The node with its pods, and those who tell the API server of them and hear from it.
   *
   * @param alone the node as it is known without the API server
   */
  ActorRef<NodeActor.Command> spawnNode(
      ActorContext<?> context, PodServices services, AdmissionNode alone, Set<String> ownSources) {
    context.spawn(EventWriter.create(recorder, api.events(), clock), "events");
    var statuses = context.spawn(StatusReporter.create(api.pods()), "statuses");
    var mirrors = context.spawn(MirrorPods.create(api.pods()), "mirrors");
    var lastWord = PodReports.finalStatus(statuses, context.getSystem().scheduler());
    var deletions = context.spawn(PodDeletions.create(api.pods(), lastWord), "deletions");
    var reports = context.spawn(PodReports.create(statuses, mirrors, deletions), "pod-reports");
    var sources = new HashSet<>(ownSources);
    sources.add("api");
    var node = context.spawn(NodeActor.create(services, alone, sources, reports), "node");
    context.spawn(
        ApiServerPods.create(
            api.pods(), new ApiPodsFollower(statuses), clock, node.narrow(), mirrors.narrow()),
        "api-pods");
    objects.onChange(
        podUid -> node.tell(new NodeActor.TellPod(podUid, new PodActor.ObjectsChanged())));
    api.nodes().follow(new Registered(node, mirrors, cluster.registration().node()));
    return node;
  }

  /**
   * Registration, node status and lease.
   *
   * @return to be told of the engine's health
   */
  Consumer<Optional<String>> spawnReporter(
      ActorContext<?> context,
      PodServices services,
      CompletionStage<Machine> machine,
      BlockingCalls calls,
      GuardWiring guard,
      ActorRef<GarbageCollector.Command> garbage) {
    var name = options.node().name();
    var facts =
        machine.thenApply(
            read ->
                new HostFacts(
                    name,
                    options.node().ips(),
                    options.node().rootDir(),
                    read,
                    services.runtime(),
                    calls,
                    () -> options.cni().flatMap(CniOptions::problem),
                    clock));
    var settings =
        new NodeSettings(
            name,
            BuildInfo.UNKNOWN.gitVersion(),
            options.server().kubelet().map(InetSocketAddress::getPort).orElse(0),
            cluster.registration(),
            cluster.reporting(),
            options.node().resources());
    var pressures = new AtomicReference<>(NodePressures.NONE);
    var look = new AtomicReference<Runnable>(() -> {});
    var inUse = services.volumes().inUse(() -> look.get().run());
    var reporter =
        context.spawn(
            NodeReporter.create(
                settings,
                api.nodes(),
                () -> facts.thenCompose(HostFacts::look),
                recorder,
                clock,
                new NodeReporter.Inputs(pressures::get, inUse)),
            "node-reporter");
    look.set(() -> reporter.tell(new NodeReporter.Look()));
    guard.spawnEvictor(
        context,
        cluster,
        garbage,
        recorder,
        newest -> {
          pressures.set(newest);
          reporter.tell(new NodeReporter.Look());
        });
    context.spawn(
        NodeLease.create(name, cluster.lease(), api.leases(), api.nodes(), clock), "node-lease");
    return problem -> reporter.tell(new NodeReporter.EngineHealth(problem));
  }

  /** Where the cluster learns which CSI drivers the node has. */
  CsiNodeRecord csiNodes() {
    return new CsiNodes(options.node().name(), api.nodes(), api.objects());
  }

  /** Where the certificate of the kubelet port will be that the cluster is asked for. */
  Optional<Path> servingCertificate() {
    return Optional.of(cluster)
        .filter(KubeletOptions.Cluster::servingCertificate)
        .map(asking -> ServingCertificate.file(asking.credentials().certDir()));
  }

  /** Asks for it, and again before it expires, if that is wanted. */
  void certify(HttpPorts ports) {
    if (cluster.servingCertificate()) {
      serving =
          Optional.of(
              ServingCertificate.start(
                  api.certificates(),
                  cluster.credentials().certDir(),
                  options.node().name(),
                  this::addresses,
                  () -> ports.refreshCertificates()));
    }
  }

  private List<NodeAddress> addresses() {
    var name = options.node().name();
    var ips = NodeAddresses.find(options.node().ips(), name);
    return NodeAddresses.objects(ips.stream().map(InetAddress::getHostAddress).toList(), name);
  }

  @Override
  public void close() {
    serving.ifPresent(ServingCertificate::close);
    objects.close();
    api.close();
  }

  /**
   * Admission and mirror pods need the Node object as the API server has it.
   *
   * @param ours whether it is on us to make one that is missing
   */
  private record Registered(
      ActorRef<NodeActor.Command> pods, ActorRef<MirrorPods.Command> mirrors, boolean ours)
      implements Follower<Node> {
    @Override
    public void listed(List<Node> all) {
      all.forEach(this::changed);
      if (all.isEmpty()) {
        mirrors.tell(new MirrorPods.SetNode(Optional.empty()));
        if (!ours) {
          pods.tell(new NodeActor.SetNode(Optional.empty()));
        }
      }
    }

    @Override
    public void changed(Node object) {
      pods.tell(new NodeActor.SetNode(Optional.of(object)));
      mirrors.tell(new MirrorPods.SetNode(Optional.of(object)));
    }

    @Override
    public void deleted(Node object) {
      mirrors.tell(new MirrorPods.SetNode(Optional.empty()));
    }
  }
}
