package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.jkubelet.runtime.FakeBehaviour;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pod of the API server that changes while it runs, and what a restart of the agent keeps. */
class ChangedPodTest {
  private static final String UID = "uid-web";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String TWO =
      "{restartPolicy: Never, containers: [{name: main, image: 'app:1'},"
          + " {name: side, image: 'app:1'}]}";

  @TempDir private Path root;
  private FakeMachine machine;
  private TestProbe<PodSnapshot> snapshots;
  private ActorRef<PodActor.Command> actor;
  private final List<PodSnapshot> history = new ArrayList<>();

  @BeforeEach
  void open() {
    machine = new FakeMachine(root);
    machine.engine().image("app:2", FakeBehaviour.runs());
    snapshots = machine.kit().createTestProbe();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void restartsJustTheContainerWhoseImageChanged() {
    var pod = start(pod(TWO));
    await(s -> running(s, "main") && running(s, "side"));
    var side = container("side").getContainerID();

    actor.tell(new PodActor.Desire(withImage(pod, "app:2")));

    await(s -> running(s, "main") && of(s, "main").getRestartCount() == 1);
    assertThat(container("main").getImage()).isEqualTo("app:2");
    assertThat(container("side").getContainerID()).isEqualTo(side);
    assertThat(container("side").getRestartCount()).isZero();
    assertThat(machine.events())
        .anySatisfy(
            event -> {
              assertThat(event.reason()).isEqualTo("Killing");
              assertThat(event.message())
                  .isEqualTo("Container main definition changed, will be restarted");
            });
  }

  @Test
  void tellsOfNewLabelsAndRestartsNothing() {
    var pod =
        start(
            pod(
                "{containers: [{name: main, image: 'app:1'}], volumes: [{name: info, downwardAPI:"
                    + " {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]}"));
    await(s -> running(s, "main"));

    actor.tell(
        new PodActor.Desire(
            new PodBuilder(pod).editMetadata().addToLabels("color", "red").endMetadata().build()));

    while (!"red".equals(labels().get("color"))) {
      history.add(snapshots.receiveMessage(PATIENCE));
    }
    assertThat(container("main").getRestartCount()).isZero();
    var file = machine.folder(UID).resolve("volumes/kubernetes.io~downward-api/info/labels");
    machine.eventually(() -> assertThat(file).content().contains("color=\"red\""));
    actor.tell(new PodActor.Terminate());
    snapshots.expectTerminated(actor, PATIENCE);
  }

  @Test
  void failsWhenItsDeadlineHasPassed() {
    start(pod("{activeDeadlineSeconds: 60, containers: [{name: main, image: 'app:1'}]}"));
    await(s -> running(s, "main"));

    machine.pass(Duration.ofSeconds(60));

    await(s -> "Failed".equals(s.getPhase()) && of(s, "main").getState().getTerminated() != null);
    var status = history.getLast().pod().getStatus();
    assertThat(status.getReason()).isEqualTo("DeadlineExceeded");
    assertThat(status.getMessage())
        .isEqualTo("Pod was active on the node longer than the specified deadline");
    machine.pass(Duration.ofMinutes(10));
    snapshots.expectNoMessage(Duration.ofMillis(50));
    assertThat(
            history
                .getLast()
                .pod()
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getRunning())
        .isNull();
  }

  @Test
  void heedsADeadlineThatComesLater() {
    var pod = start(pod("{containers: [{name: main, image: 'app:1'}]}"));
    await(s -> running(s, "main"));
    machine.pass(Duration.ofMinutes(5));

    actor.tell(
        new PodActor.Desire(
            new PodBuilder(pod).editSpec().withActiveDeadlineSeconds(10L).endSpec().build()));

    await(s -> "DeadlineExceeded".equals(s.getReason()));
  }

  @Test
  void saysAfterARestartOfTheAgentWhatItSaidBefore() throws JsonProcessingException {
    start(pod(TWO));
    await(s -> running(s, "main") && running(s, "side"));
    var before = history.getLast().pod();
    machine.kit().stop(actor);
    machine.pass(Duration.ofMinutes(3));
    history.clear();

    start(throughTheApi(before));

    history.add(snapshots.receiveMessage(PATIENCE));
    snapshots.expectNoMessage(Duration.ofMillis(100));
    assertThat(history.getFirst().pod().getStatus()).isEqualTo(before.getStatus());
    assertThat(history.getFirst().containers()).containsOnlyKeys("main", "side");
  }

  @Test
  void saysNothingAfterARestartWhileTheEngineIsDown() throws JsonProcessingException {
    start(pod(TWO));
    await(s -> running(s, "main") && running(s, "side"));
    var before = history.getLast().pod();
    machine.kit().stop(actor);
    machine.engine().down();

    start(throughTheApi(before));
    machine.pass(Duration.ofSeconds(30));

    snapshots.expectNoMessage(Duration.ofMillis(100));
    machine.engine().up();
    machine.pass(Duration.ofSeconds(30));
    assertThat(snapshots.receiveMessage(PATIENCE).pod().getStatus()).isEqualTo(before.getStatus());
  }

  @Test
  void neverRunsAgainWhatHadFinishedBeforeARestart() throws JsonProcessingException {
    start(pod("{restartPolicy: Never, containers: [{name: main, image: 'app:1'}]}"));
    await(s -> running(s, "main"));
    machine.engine().exit("main", 0);
    await(s -> "Succeeded".equals(s.getPhase()));
    var before = history.getLast().pod();
    machine.kit().stop(actor);
    for (var summary : machine.engine().list(UID).toCompletableFuture().join()) {
      machine.engine().remove(summary.id()).toCompletableFuture().join();
    }

    start(throughTheApi(before));
    machine.pass(Duration.ofMinutes(10));

    assertThat(snapshots.receiveMessage(PATIENCE).pod().getStatus()).isEqualTo(before.getStatus());
    assertThat(machine.engine().list(UID).toCompletableFuture().join()).isEmpty();
  }

  @Test
  void listensToTheConditionsThatOthersSet() {
    var pod =
        start(
            pod(
                "{readinessGates: [{conditionType: example.com/gate}], containers: [{name: main,"
                    + " image: 'app:1'}]}"));
    await(s -> running(s, "main"));
    assertThat(condition("Ready")).isEqualTo("False");

    actor.tell(
        new PodActor.Desire(
            new PodBuilder(pod)
                .withNewStatus()
                .addNewCondition()
                .withType("example.com/gate")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build()));

    await(s -> "True".equals(condition("Ready")));
  }

  private Pod start(Pod pod) {
    actor = machine.kit().spawn(PodActor.create(pod, machine.services(), snapshots.getRef()));
    machine.engine().events(event -> actor.tell(new PodActor.EngineHint(event)), _ -> {});
    return pod;
  }

  private static Pod pod(String spec) {
    return new PodBuilder(FakeMachine.pod("web", UID, spec))
        .editMetadata()
        .addToAnnotations("kubernetes.io/config.source", "api")
        .endMetadata()
        .build();
  }

  private static Pod withImage(Pod pod, String image) {
    return new PodBuilder(pod)
        .editSpec()
        .editFirstContainer()
        .withImage(image)
        .endContainer()
        .endSpec()
        .build();
  }

  /** As the API server would list it. */
  private static Pod throughTheApi(Pod pod) throws JsonProcessingException {
    return Serialization.unmarshal(Serialization.asJson(pod), Pod.class);
  }

  private void await(Predicate<PodStatus> wanted) {
    do {
      history.add(snapshots.receiveMessage(PATIENCE));
    } while (!wanted.test(history.getLast().pod().getStatus()));
  }

  private Map<String, String> labels() {
    var labels = history.getLast().pod().getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  private String condition(String type) {
    return history.getLast().pod().getStatus().getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .findFirst()
        .orElseThrow()
        .getStatus();
  }

  private ContainerStatus container(String name) {
    return of(history.getLast().pod().getStatus(), name);
  }

  private static ContainerStatus of(PodStatus status, String name) {
    return status.getContainerStatuses().stream()
        .filter(c -> c.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static boolean running(PodStatus status, String name) {
    return of(status, name).getState().getRunning() != null;
  }
}
