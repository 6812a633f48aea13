package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.FakeMachine;
import dev.jkubelet.runtime.ContainerState;
import dev.jkubelet.runtime.ContainerSummary;
import dev.jkubelet.runtime.ContainerType;
import dev.jkubelet.runtime.EngineException;
import dev.jkubelet.runtime.FakeBehaviour;
import dev.jkubelet.runtime.FakeCall.Verb;
import dev.jkubelet.runtime.FakeEvents;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One pod through all that happens to it. */
final class StoryOfMishaps implements AutoCloseable {
  private static final String UID = "uid-web";
  private static final Pod POD =
      FakeMachine.pod(
          "web",
          UID,
          """
          {initContainers: [{name: first, image: 'done:1'}],
           containers: [{name: main, image: 'app:1'}, {name: other, image: 'app:1'}]}""");
  private static final List<Verb> VERBS =
      List.of(
          Verb.LIST,
          Verb.INSPECT,
          Verb.RUN_SANDBOX,
          Verb.START_SANDBOX,
          Verb.CREATE,
          Verb.START,
          Verb.STOP,
          Verb.REMOVE);
  private static final Duration MOMENT = Duration.ofMillis(5);

  private final Path root = Files.createTempDirectory("mishaps");
  private final FakeMachine machine = new FakeMachine(root);
  private final List<String> told = new ArrayList<>();
  private final Random random;
  private AgentsConnection connection;
  private RunningNode node;

  StoryOfMishaps(long seed) throws IOException {
    random = new Random(seed);
    machine.engine().image("done:1", FakeBehaviour.exits(0));
    startAgent();
  }

  void meets(Mishap mishap) {
    told.add(mishap.name());
    switch (mishap) {
      case MAIN_ENDS -> machine.engine().exitIfLive("main", random.nextInt(3));
      case OTHER_ENDS -> machine.engine().exitIfLive("other", 137);
      case SANDBOX_DIES -> machine.engine().exitIfLive("POD", 137);
      case CALL_FAILS -> failNext(anyVerb());
      case CALL_IS_LOST -> lose(anyVerb(), false);
      case ANSWER_IS_LOST -> lose(anyVerb(), true);
      case EVENTS_ARE_LOST -> machine.engine().eventMode(FakeEvents.Mode.DROP);
      case EVENTS_COME_TWICE -> machine.engine().eventMode(FakeEvents.Mode.DUPLICATE);
      case EVENTS_COME_LATE -> machine.engine().eventMode(FakeEvents.Mode.REORDER);
      case EVENTS_COME_WELL -> machine.engine().eventMode(FakeEvents.Mode.DELIVER);
      case ENGINE_IS_AWAY -> {
        machine.engine().down();
        aMomentPasses(Duration.ofSeconds(1));
        machine.engine().up();
      }
      case AGENT_IS_KILLED -> {
        connection.cut();
        node.stop();
        startAgent();
      }
      case ACTOR_FAILS -> {
        machine.breakNextEvent("Killing");
        machine.engine().exitIfLive("POD", 137);
      }
      case A_SECOND_PASSES -> aMomentPasses(Duration.ofSeconds(1));
      case A_MINUTE_PASSES -> aMomentPasses(Duration.ofMinutes(1));
      case POD_RUNS_AGAIN -> awaitRunning();
    }
  }

  /** From now on nothing goes wrong any more. */
  void endsWell() {
    machine.engine().eventMode(FakeEvents.Mode.DELIVER);
    awaitRunning();
    assertThat(machine.engine().maxLivePerName()).as("containers of one name, %s", told).isOne();
    Stream.concat(
            machine.engine().made().stream().filter(s -> s.type() == ContainerType.SANDBOX),
            machine.engine().begun().stream().filter(s -> s.type() == ContainerType.CONTAINER))
        .collect(Collectors.groupingBy(ContainerSummary::name))
        .forEach(
            (name, all) ->
                assertThat(all)
                    .extracting(ContainerSummary::attempt)
                    .as("attempts of %s, %s", name, told)
                    .containsExactlyElementsOf(IntStream.range(0, all.size()).boxed().toList()));
  }

  private void startAgent() {
    connection = new AgentsConnection(machine.engine());
    node = RunningNode.start(machine, connection.runtime());
    node.wants("file", POD);
  }

  private Verb anyVerb() {
    return VERBS.get(random.nextInt(VERBS.size()));
  }

  private void failNext(Verb verb) {
    machine
        .engine()
        .failNext(
            verb,
            _ -> true,
            random.nextBoolean()
                ? new EngineException.Refused("no", null)
                : new EngineException.TimedOut("no answer", null));
  }

  /** Such calls get no answer in time for a moment, whether the engine acts or not. */
  private void lose(Verb verb, boolean acts) {
    var silence = machine.engine().hang(verb, _ -> true);
    aMomentPasses(Duration.ofSeconds(2));
    if (acts) {
      silence.actAndTimeOut();
    } else {
      silence.timeOut();
    }
    silence.release();
  }

  /** Long enough for actors to do a few things, if there is anything to do. */
  private void aMomentPasses(Duration amount) {
    machine.pass(amount);
    machine.kit().createTestProbe().expectNoMessage(MOMENT);
  }

  private void awaitRunning() {
    try {
      machine.eventually(
          () -> {
            machine.pass(Duration.ofSeconds(20));
            assertThat(node.pod("web").orElseThrow().getStatus().getContainerStatuses())
                .hasSize(2)
                .allMatch(ContainerStatus::getReady);
            expectAllInOneSandbox();
          });
    } catch (AssertionError stuck) {
      throw new AssertionError(told + ": " + node.pod("web") + ", " + node.listed(UID), stuck);
    }
  }

  private void expectAllInOneSandbox() {
    var live = node.listed(UID).stream().filter(s -> s.state() == ContainerState.RUNNING).toList();
    assertThat(live)
        .extracting(ContainerSummary::name)
        .containsExactlyInAnyOrder("POD", "main", "other");
    var sandbox = live.stream().filter(s -> s.name().equals("POD")).findFirst().orElseThrow();
    assertThat(live)
        .filteredOn(s -> !s.name().equals("POD"))
        .extracting(ContainerSummary::sandboxId)
        .containsOnly(sandbox.id());
  }

  @Override
  public void close() throws IOException {
    machine.close();
    try (var files = Files.walk(root)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
