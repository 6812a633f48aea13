package dev.jkubelet.cluster;

import static dev.jkubelet.cluster.TestCluster.caughtUp;
import static dev.jkubelet.cluster.TestCluster.failure;
import static dev.jkubelet.cluster.TestCluster.kubectl;
import static dev.jkubelet.cluster.TestCluster.kubectlWith;
import static dev.jkubelet.cluster.TestCluster.value;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each call of a node, with a node's rights, against a real API server. */
class ApiClusterTest {
  private static final String NODE = "api-test";
  private ApiServer api;

  @BeforeEach
  void connect() {
    api = RemoteApiServer.connect(TestCluster.node(NODE), NODE);
    value(api.nodes().create(node()));
  }

  @AfterEach
  void close() {
    if (api == null) {
      return;
    }
    api.close();
    kubectl(
        "delete", "pods", "--field-selector=spec.nodeName=" + NODE, "--grace-period=0", "--force");
    kubectl("delete", "node", NODE, "--ignore-not-found");
    kubectl("delete", "secret/api-test", "configmap/api-test", "--ignore-not-found");
    kubectl("-n", "kube-node-lease", "delete", "lease", NODE, "--ignore-not-found");
  }

  private static Node node() {
    return new NodeBuilder().withNewMetadata().withName(NODE).endMetadata().build();
  }

  /** A pod that is bound already, as the scheduler leaves it. */
  static Pod bound(String name, String node, String more) {
    kubectlWith(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default}
        spec: {nodeName: %s, containers: [{name: c, image: pause%s}]}
        """
            .formatted(name, node, more),
        "create",
        "-f",
        "-");
    try (var admin = RemoteApiServer.connect(TestCluster.admin(), node)) {
      return value(admin.pods().get("default", name));
    }
  }

  @Test
  void followsThePodsOfItsNodeFromFirstToLast() {
    var heard = new Heard<Pod>();
    try (var _ = api.pods().follow(heard)) {
      assertThat(heard.next("listed").objects()).isEmpty();
      var pod = PodKey.of(bound("api-a", NODE, ""));
      assertThat(PodKey.of(heard.next("changed").object())).isEqualTo(pod);
      bound("api-elsewhere", "another-node", "");
      value(api.pods().patchStatus(pod, "{\"status\": {\"phase\": \"Running\"}}"));
      assertThat(heard.next("changed").object().getStatus().getPhase()).isEqualTo("Running");
      kubectl("delete", "pod", "api-a", "--wait=false", "--grace-period=7");
      var dying = heard.next("changed").object();
      assertThat(dying.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(7);
      delete(pod);
      assertThat(PodKey.of(heard.deletedAfterChanges())).isEqualTo(pod);
      assertThat(heard.nothing()).isTrue();
    } finally {
      kubectl(
          "delete", "pod", "api-elsewhere", "--grace-period=0", "--force", "--ignore-not-found");
    }
  }

  @Test
  void deletesThatVeryPodOrNone() {
    var pod = PodKey.of(bound("api-b", NODE, ""));
    var former = new PodKey("default", "api-b", "00000000-0000-0000-0000-000000000000");
    value(api.pods().delete(former, Duration.ZERO));
    assertThat(value(api.pods().get("default", "api-b")).getMetadata().getUid())
        .isEqualTo(pod.uid());
    delete(pod);
    value(api.pods().delete(pod, Duration.ZERO));
    assertThat(failure(api.pods().get("default", "api-b")).notFound()).isTrue();
  }

  /** Once the API server's admission knows the pod: until then it finds none to delete. */
  private void delete(PodKey pod) {
    var end = System.nanoTime() + SECONDS.toNanos(60);
    do {
      value(api.pods().delete(pod, Duration.ZERO));
    } while (exists(pod) && System.nanoTime() < end);
  }

  private boolean exists(PodKey pod) {
    return value(
        api.pods().get(pod.namespace(), pod.name()).handle((_, failure) -> failure == null));
  }

  @Test
  void aStatusOfAFormerPodIsAConflict() {
    bound("api-c", NODE, "");
    var former = new PodKey("default", "api-c", "gone");
    var patch = "{\"metadata\": {\"uid\": \"gone\"}, \"status\": {\"phase\": \"Failed\"}}";
    var refused = failure(api.pods().patchStatus(former, patch));
    assertThat(refused.conflict()).as(refused.getMessage()).isTrue();
    assertThat(refused.alreadyExists()).isFalse();
    assertThat(value(api.pods().get("default", "api-c")).getStatus().getPhase())
        .isEqualTo("Pending");
  }

  @Test
  void createsAMirrorPodAndNoOther() {
    var mirror =
        new PodBuilder()
            .withNewMetadata()
            .withName("api-mirror")
            .withNamespace("default")
            .addToAnnotations("kubernetes.io/config.mirror", "hash")
            .addNewOwnerReference()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(NODE)
            .withUid(value(api.nodes().get(NODE)).getMetadata().getUid())
            .withController(true)
            .endOwnerReference()
            .endMetadata()
            .withNewSpec()
            .withNodeName(NODE)
            .addNewContainer()
            .withName("c")
            .withImage("pause")
            .endContainer()
            .endSpec()
            .build();
    assertThat(caughtUp(() -> api.pods().create(mirror)).getMetadata().getUid()).isNotEmpty();
    assertThat(failure(api.pods().create(mirror)).alreadyExists()).isTrue();
    mirror.getMetadata().getAnnotations().clear();
    mirror.getMetadata().setName("api-own");
    var refused = failure(api.pods().create(mirror));
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.reason()).isEqualTo("Forbidden");
    assertThat(refused.getMessage())
        .startsWith("POST /api/v1/namespaces/default/pods: 403: ")
        .contains("mirror");
    assertThat(refused.passing()).isFalse();
  }

  @Test
  void patchesItsNodeAndHearsWhatOthersChange() {
    var heard = new Heard<Node>();
    try (var _ = api.nodes().follow(heard)) {
      assertThat(heard.next("listed").objects()).hasSize(1);
      value(api.nodes().patch(NODE, "{\"metadata\": {\"labels\": {\"a\": \"b\"}}}"));
      heard.changedUntil(node -> "b".equals(node.getMetadata().getLabels().get("a")));
      value(
          api.nodes()
              .patchStatus(
                  NODE,
                  """
                  {"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}]}}
                  """));
      heard.changedUntil(
          node ->
              node.getStatus().getConditions().stream()
                  .anyMatch(condition -> condition.getReason().equals("KubeletReady")));
      kubectl("taint", "node", NODE, "api-test=x:NoSchedule");
      heard.changedUntil(
          node ->
              node.getSpec().getTaints().stream()
                  .anyMatch(taint -> taint.getKey().equals("api-test")));
    }
    assertThat(failure(api.nodes().create(node())).alreadyExists()).isTrue();
  }

  @Test
  void aLeaseOfAnotherVersionIsAConflict() {
    assertThat(failure(api.leases().get(NODE)).notFound()).isTrue();
    var lease =
        new LeaseBuilder()
            .withNewMetadata()
            .withName(NODE)
            .withNamespace("kube-node-lease")
            .endMetadata()
            .withNewSpec()
            .withHolderIdentity(NODE)
            .withLeaseDurationSeconds(40)
            .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
            .endSpec()
            .build();
    var first = value(api.leases().create(lease));
    var second = value(api.leases().replace(first));
    assertThat(second.getSpec().getHolderIdentity()).isEqualTo(NODE);
    var third = new LeaseBuilder(second).editSpec().withLeaseDurationSeconds(50).endSpec().build();
    value(api.leases().replace(third));
    assertThat(failure(api.leases().replace(third)).conflict()).isTrue();
  }

  @Test
  void recordsEventsAndCountsThemUp() {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName("api-test." + System.nanoTime())
            .withNamespace("default")
            .endMetadata()
            .withNewInvolvedObject()
            .withKind("Node")
            .withName(NODE)
            .withNamespace("default")
            .endInvolvedObject()
            .withReason("Starting")
            .withMessage("Starting kubelet.")
            .withType("Normal")
            .withCount(1)
            .withEventTime(new MicroTime("2026-01-01T00:00:00.000000Z"))
            .withReportingComponent("kubelet")
            .withReportingInstance(NODE)
            .withAction("Start")
            .build();
    var created = value(api.events().create(event));
    var name = created.getMetadata().getName();
    assertThat(value(api.events().patch("default", name, "{\"count\": 2}")).getCount())
        .isEqualTo(2);
  }

  @Test
  void asksWhoSomebodyIsAndWhatTheyMay() {
    var pod = bound("api-d", NODE, "");
    var token =
        caughtUp(
            () ->
                api.objects()
                    .createToken(
                        "default",
                        "default",
                        new TokenRequestBuilder()
                            .withNewSpec()
                            .withExpirationSeconds(600L)
                            .withNewBoundObjectRef()
                            .withApiVersion("v1")
                            .withKind("Pod")
                            .withName("api-d")
                            .withUid(pod.getMetadata().getUid())
                            .endBoundObjectRef()
                            .endSpec()
                            .build()));
    var review =
        value(
            api.reviews()
                .review(
                    new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token.getStatus().getToken())
                        .endSpec()
                        .build()));
    var user = review.getStatus().getUser();
    assertThat(review.getStatus().getAuthenticated()).isTrue();
    assertThat(user.getUsername()).isEqualTo("system:serviceaccount:default:default");
    var access =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.getUsername())
            .withGroups(user.getGroups())
            .withNewResourceAttributes()
            .withVerb("get")
            .withResource("nodes")
            .withSubresource("metrics")
            .withName(NODE)
            .endResourceAttributes()
            .endSpec()
            .build();
    assertThat(value(api.reviews().review(access)).getStatus().getAllowed()).isFalse();
    access.getSpec().setGroups(List.of("system:masters"));
    assertThat(value(api.reviews().review(access)).getStatus().getAllowed()).isTrue();
  }

  @Test
  void followsASecretFromTheMomentAPodOfItsOwnNeedsIt() {
    var heard = new Heard<Secret>();
    try (var _ = api.objects().followSecret("default", "api-test", heard)) {
      kubectl("create", "secret", "generic", "api-test", "--from-literal=key=one");
      assertThat(heard.nothing()).as("no pod of this node refers to it").isTrue();
      bound("api-e", NODE, ", envFrom: [{secretRef: {name: api-test}}]");
      var listed = heard.next("listed").object();
      assertThat(listed.getData()).containsEntry("key", "b25l");
      kubectl("delete", "secret", "api-test");
      heard.next("deleted");
    }
  }

  @Test
  void aConfigMapThatIsMissingIsAnEmptyList() {
    bound("api-f", NODE, ", envFrom: [{configMapRef: {name: api-test}}]");
    var heard = new Heard<ConfigMap>();
    try (var _ = api.objects().followConfigMap("default", "api-test", heard)) {
      assertThat(heard.next("listed").objects()).isEmpty();
      kubectl("create", "configmap", "api-test", "--from-literal=key=one");
      assertThat(heard.next("changed").object().getData()).containsEntry("key", "one");
    }
  }

  @Test
  void followsAllServices() {
    var heard = new Heard<Service>();
    try (var _ = api.objects().followServices(heard)) {
      assertThat(heard.next("listed").objects())
          .anyMatch(service -> service.getMetadata().getName().equals("kubernetes"));
    }
  }

  @Test
  void getsObjectsOfAnyKind() {
    kubectlWith(
        """
        apiVersion: node.k8s.io/v1
        kind: RuntimeClass
        metadata: {name: api-test}
        handler: runc
        """,
        "apply",
        "-f",
        "-");
    assertThat(value(api.objects().get(RuntimeClass.class, null, "api-test")).getHandler())
        .isEqualTo("runc");
    assertThat(failure(api.objects().get(PersistentVolumeClaim.class, "default", "none")).code())
        .as("no pod of this node refers to it")
        .isEqualTo(403);
  }

  @Test
  void aClosedFollowerHearsNothingMore() {
    var heard = new Heard<Pod>();
    var witness = new Heard<Pod>();
    var following = api.pods().follow(heard);
    heard.next("listed");
    following.close();
    try (var _ = api.pods().follow(witness)) {
      witness.next("listed");
      bound("api-g", NODE, "");
      witness.next("changed");
      assertThat(heard.nothing()).isTrue();
    }
  }
}
