package dev.jkubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.model.PodKey;
import dev.jkubelet.runtime.FakeCall.Verb;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the fake can do to its callers. */
class FakeRuntimeFaultsTest {
  private final FakeRuntime runtime = new FakeRuntime(Clock.systemUTC());
  private final Image image = runtime.image("app:1", FakeBehaviour.runs());
  private final Image pause = runtime.image("pause:1", FakeBehaviour.runs());
  private final TestConfigs configs =
      new TestConfigs(new PodKey("ns", "pod", "uid"), pause.id(), Path.of("/logs"));
  private final List<RuntimeEvent.Kind> events = new ArrayList<>();

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static boolean isDone(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isDone();
  }

  private static Throwable failure(CompletionStage<?> stage) {
    return stage.toCompletableFuture().exceptionNow();
  }

  private String container(String sandbox, int attempt) {
    var program = new RuntimeFixture.Program(image.id(), List.of());
    return get(
        runtime.createContainer(configs.container(sandbox, program, "main", attempt, Map.of())));
  }

  private String sandbox() {
    return get(runtime.runSandbox(configs.sandbox(0)));
  }

  @Test
  void aHungCallIsDoneWhenItIsReleased() {
    var id = container(sandbox(), 0);
    var hang = runtime.hang(Verb.START, call -> call.container().equals("main"));
    var start = runtime.start(id);

    assertThat(isDone(start)).isFalse();
    assertThat(hang.held()).containsExactly(new FakeCall(Verb.START, id, "pod", "main"));
    hang.release();
    get(start);
    assertThat(get(runtime.inspect(id)).state()).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void aHungCallMayTimeOutUndone() {
    var id = container(sandbox(), 0);
    var hang = runtime.hang(Verb.START, _ -> true);
    var start = runtime.start(id);
    hang.timeOut();

    assertThat(failure(start)).isInstanceOf(EngineException.TimedOut.class);
    assertThat(get(runtime.inspect(id)).state()).isEqualTo(ContainerState.CREATED);
    assertThat(isDone(runtime.start(id))).isFalse();
  }

  @Test
  void anAnswerMayBeLost() {
    var hang = runtime.hang(Verb.RUN_SANDBOX, _ -> true);
    var run = runtime.runSandbox(configs.sandbox(0));
    hang.actAndTimeOut();

    assertThat(failure(run)).isInstanceOf(EngineException.TimedOut.class);
    assertThat(get(runtime.list("uid"))).hasSize(1);
  }

  @Test
  void aCallMayFailOnce() {
    var failure = new EngineException.Refused("no space left", null);
    runtime.failNext(Verb.RUN_SANDBOX, call -> call.pod().equals("pod"), failure);

    assertThat(failure(runtime.runSandbox(configs.sandbox(0)))).isSameAs(failure);
    sandbox();
  }

  @Test
  void anEngineThatIsDownEndsStreamsAndFailsCallsWhileContainersLive() {
    var sandbox = sandbox();
    var ends = new ArrayList<Throwable>();
    runtime.events(_ -> {}, ends::add);
    runtime.down();

    assertThat(ends).singleElement().isInstanceOf(EngineException.Unavailable.class);
    assertThat(failure(runtime.list())).isInstanceOf(EngineException.Unavailable.class);
    runtime.events(_ -> {}, ends::add);
    assertThat(ends).as("a new stream ends at once").hasSize(2);
    runtime.up();
    assertThat(get(runtime.inspect(sandbox)).state()).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void eventsMayBeDroppedDoubledAndLate() {
    runtime.events(event -> events.add(event.kind()), _ -> {});
    runtime.eventMode(FakeEvents.Mode.DROP);
    var sandbox = sandbox();
    assertThat(events).isEmpty();

    runtime.eventMode(FakeEvents.Mode.DUPLICATE);
    var id = container(sandbox, 0);
    assertThat(events).containsExactly(RuntimeEvent.Kind.CREATE, RuntimeEvent.Kind.CREATE);

    runtime.eventMode(FakeEvents.Mode.REORDER);
    get(runtime.start(id));
    runtime.kill("main");
    assertThat(events.subList(2, 4))
        .containsExactly(RuntimeEvent.Kind.DIE, RuntimeEvent.Kind.START);
  }

  @Test
  void knowsWhenTwoContainersOfOneNameLived() {
    var sandbox = sandbox();
    get(runtime.start(container(sandbox, 0)));
    assertThat(runtime.maxLivePerName()).isEqualTo(1);

    get(runtime.start(container(sandbox, 1)));
    assertThat(runtime.maxLivePerName()).isEqualTo(2);
  }

  @Test
  void endsContainersAndRemembersStops() {
    var id = container(sandbox(), 0);
    get(runtime.start(id));
    runtime.exit("pod/main", 4);
    assertThat(get(runtime.inspect(id)).exitCode()).isEqualTo(4);

    get(runtime.start(id));
    get(runtime.stop(id, Duration.ofSeconds(30)));
    assertThat(runtime.stops())
        .containsExactly(new FakeRuntime.Stop("main", Duration.ofSeconds(30)));
    assertThat(get(runtime.inspect(id)).exitCode()).isEqualTo(143);
  }

  @Test
  void pullsWhatWasPublished() {
    var published = runtime.imageStore().publish("remote");

    assertThat(get(runtime.image("remote"))).isEmpty();
    assertThat(get(runtime.pull("remote", Optional.empty()))).isEqualTo(published);
    assertThat(get(runtime.image("remote:latest"))).contains(published);
    assertThat(failure(runtime.pull("gone", Optional.empty())))
        .isInstanceOf(EngineException.Refused.class);
  }
}
