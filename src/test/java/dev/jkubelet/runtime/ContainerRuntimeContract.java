package dev.jkubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every {@link ContainerRuntime} keeps; drawn from critest's sentences. */
public abstract class ContainerRuntimeContract extends RuntimeFixture {
  @Test
  void runsASandbox() {
    var id = sandbox();

    assertThat(get(runtime().list(pod.uid())))
        .singleElement()
        .satisfies(
            summary -> {
              assertThat(summary.id()).isEqualTo(id);
              assertThat(summary.type()).isEqualTo(ContainerType.SANDBOX);
              assertThat(summary.pod()).isEqualTo(pod);
              assertThat(summary.name()).isEqualTo("POD");
              assertThat(summary.attempt()).isZero();
              assertThat(summary.sandboxId()).isEmpty();
              assertThat(summary.state()).isEqualTo(ContainerState.RUNNING);
            });
    assertThat(get(runtime().inspect(id)).ips()).hasSize(1);
  }

  @Test
  void runningTheSameSandboxAgainUsesTheOneThatIsThere() {
    assertThat(sandbox()).isEqualTo(sandbox());
    assertThat(get(runtime().list(pod.uid()))).hasSize(1);
  }

  @Test
  void aSandboxOfANewAttemptIsAnother() {
    var first = sandbox();
    get(runtime().stop(first, Duration.ZERO));
    var second = get(runtime().runSandbox(configs.sandbox(1)));

    assertThat(second).isNotEqualTo(first);
    assertThat(get(runtime().inspect(second)).summary().attempt()).isEqualTo(1);
  }

  @Test
  void aSandboxOfAnImageThatIsNotHereFails() {
    var other = new TestConfigs(pod, "nowhere.example/pause:0", logs);

    assertThat(failure(runtime().runSandbox(other.sandbox(0))))
        .isInstanceOf(EngineException.NotFound.class);
    assertThat(get(runtime().list(pod.uid()))).isEmpty();
  }

  @Test
  void aContainerCanBeCreatedWhileItsSandboxIsStarted() {
    var creating = new CompletableFuture<CompletionStage<String>>();

    var sandbox =
        get(
            runtime()
                .runSandbox(
                    configs.sandbox(0),
                    id ->
                        creating.complete(
                            runtime().createContainer(configs.container(id, runsForever())))));
    var id = get(creating.join());
    get(runtime().start(id));

    assertThat(get(runtime().inspect(id)).state()).isEqualTo(ContainerState.RUNNING);
    assertThat(get(runtime().inspect(id)).summary().sandboxId()).isEqualTo(sandbox);
  }

  @Test
  void stopsASandbox() {
    var id = sandbox();
    get(runtime().stop(id, Duration.ofSeconds(5)));

    assertThat(get(runtime().inspect(id)).state()).isEqualTo(ContainerState.EXITED);
    assertThat(get(runtime().inspect(id)).finishedAt()).isPresent();
  }

  @Test
  void stoppingWhatIsDeadOrGoneIsASuccess() {
    var id = sandbox();
    get(runtime().stop(id, Duration.ZERO));
    get(runtime().stop(id, Duration.ZERO));
    get(runtime().remove(id));
    get(runtime().stop(id, Duration.ZERO));
  }

  @Test
  void removesWhatRunsAndRemovingWhatIsGoneIsASuccess() {
    var id = sandbox();
    get(runtime().remove(id));

    assertThat(get(runtime().list(pod.uid()))).isEmpty();
    assertThat(failure(runtime().inspect(id))).isInstanceOf(EngineException.NotFound.class);
    get(runtime().remove(id));
  }

  @Test
  void createsAContainerWithoutStartingIt() {
    var sandbox = sandbox();
    var id = created(sandbox, runsForever());

    var inspection = get(runtime().inspect(id));
    assertThat(inspection.state()).isEqualTo(ContainerState.CREATED);
    assertThat(inspection.startedAt()).isEmpty();
    assertThat(inspection.finishedAt()).isEmpty();
    assertThat(inspection.pid()).isZero();
  }

  @Test
  void keepsWhatAContainerIs() {
    var sandbox = sandbox();
    var before = Instant.now().minusSeconds(5);
    var config = configs.container(sandbox, runsForever(), "main", 7, Map.of("color", "blue"));
    var id = get(runtime().createContainer(config));

    var inspection = get(runtime().inspect(id));
    var summary = inspection.summary();
    assertThat(summary.type()).isEqualTo(ContainerType.CONTAINER);
    assertThat(summary.pod()).isEqualTo(pod);
    assertThat(summary.name()).isEqualTo("main");
    assertThat(summary.attempt()).isEqualTo(7);
    assertThat(summary.sandboxId()).isEqualTo(sandbox);
    assertThat(summary.createdAt()).isBetween(before, Instant.now().plusSeconds(5));
    assertThat(inspection.labels()).containsEntry("color", "blue");
    assertThat(inspection.imageId()).matches("docker://sha256:.*|docker-pullable://.*@sha256:.*");
    assertThat(get(runtime().list(pod.uid())))
        .filteredOn(listed -> listed.id().equals(id))
        .singleElement()
        .satisfies(
            listed -> {
              assertThat(listed.attempt()).isEqualTo(7);
              assertThat(listed.sandboxId()).isEqualTo(sandbox);
              assertThat(listed.state()).isEqualTo(ContainerState.CREATED);
            });
  }

  @Test
  void givesAContainerThatRunsOtherAmounts() {
    var config = configs.container(sandbox(), runsForever(), "main", 0, Map.of(), 32 << 20);
    var id = get(runtime().createContainer(config));
    get(runtime().start(id));
    var more = new ContainerConfig.Resources(512, 50_000, 100_000, 64 << 20, 0);
    var less = new ContainerConfig.Resources(2, 0, 100_000, 32 << 20, 0);

    get(runtime().update(id, more));
    assertThat(get(runtime().inspect(id)).resources()).isEqualTo(more);
    get(runtime().update(id, less));

    var inspection = get(runtime().inspect(id));
    assertThat(inspection.resources()).isEqualTo(less);
    assertThat(inspection.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(failure(runtime().update("f".repeat(64), more)))
        .isInstanceOf(EngineException.NotFound.class);
  }

  @Test
  void creatingAgainAfterALostAnswerUsesTheOneThatIsThere() {
    var sandbox = sandbox();
    assertThat(created(sandbox, runsForever())).isEqualTo(created(sandbox, runsForever()));
    assertThat(get(runtime().list(pod.uid()))).hasSize(2);
  }

  @Test
  void aDeadHolderOfTheNameFromAnotherSandboxGivesWay() {
    var first = sandbox();
    var old = created(first, runsForever());
    var second = get(runtime().runSandbox(configs.sandbox(1)));

    var id = created(second, runsForever());

    assertThat(id).isNotEqualTo(old);
    assertThat(get(runtime().inspect(id)).summary().sandboxId()).isEqualTo(second);
    assertThat(failure(runtime().inspect(old))).isInstanceOf(EngineException.NotFound.class);
  }

  @Test
  void aLiveHolderOfTheNameFromAnotherSandboxStays() {
    var first = sandbox();
    var old = started(first, runsForever());
    var second = get(runtime().runSandbox(configs.sandbox(1)));

    var failure = failure(runtime().createContainer(configs.container(second, runsForever())));

    assertThat(failure).isInstanceOf(EngineException.Conflict.class);
    assertThat(get(runtime().inspect(old)).state()).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void creatingFromAnImageThatIsNotHereFails() {
    var sandbox = sandbox();
    var program = new Program("sha256:" + "0".repeat(63) + "a", List.of("true"));

    assertThat(failure(runtime().createContainer(configs.container(sandbox, program))))
        .isInstanceOf(EngineException.NotFound.class)
        .hasMessageContaining("No such image");
  }

  @Test
  void startsAContainerAndStartingAgainIsASuccess() {
    var id = started(sandbox(), runsForever());
    get(runtime().start(id));

    var inspection = get(runtime().inspect(id));
    assertThat(inspection.state()).isEqualTo(ContainerState.RUNNING);
    assertThat(inspection.pid()).isPositive();
    assertThat(inspection.startedAt()).isPresent();
    assertThat(inspection.finishedAt()).isEmpty();
    assertThat(inspection.error()).isEmpty();
  }

  @Test
  void tellsWhyAContainerCouldNotStart() {
    var id = created(sandbox(), cannotStart());

    assertThat(failure(runtime().start(id)))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessageStartingWith("failed to start container \"" + id + "\": ")
        .hasMessageContaining("executable file not found");
    var inspection = get(runtime().inspect(id));
    assertThat(inspection.state()).isEqualTo(ContainerState.EXITED);
    assertThat(inspection.error()).contains("executable file not found");
    assertThat(inspection.exitCode()).isEqualTo(127);
    assertThat(inspection.finishedAt()).isEmpty();
  }

  @Test
  void aContainerDoesNotStartInADeadSandbox() {
    var sandbox = sandbox();
    var id = created(sandbox, runsForever());
    get(runtime().stop(sandbox, Duration.ZERO));

    assertThat(failure(runtime().start(id))).isInstanceOf(EngineException.Conflict.class);
  }

  @Test
  void startingWhatIsGoneFails() {
    assertThat(failure(runtime().start("f".repeat(64))))
        .isInstanceOf(EngineException.NotFound.class);
  }

  @Test
  void keepsTheExitCode() {
    var id = started(sandbox(), exits(3));
    awaitEvent(id, RuntimeEvent.Kind.DIE);

    var inspection = get(runtime().inspect(id));
    assertThat(inspection.state()).isEqualTo(ContainerState.EXITED);
    assertThat(inspection.exitCode()).isEqualTo(3);
    assertThat(inspection.oomKilled()).isFalse();
    assertThat(inspection.startedAt()).isPresent();
    assertThat(inspection.finishedAt()).isPresent();
  }

  @Test
  void aStoppedContainerMayEndByItself() {
    var id = started(sandbox(), runsForever());
    awaitReady(id);
    get(runtime().stop(id, Duration.ofSeconds(20)));

    var inspection = get(runtime().inspect(id));
    assertThat(inspection.state()).isEqualTo(ContainerState.EXITED);
    assertThat(inspection.exitCode()).isNotEqualTo(137);
  }

  @Test
  void aContainerThatIgnoresItsSignalIsKilled() {
    var id = started(sandbox(), ignoresTerm());
    get(runtime().stop(id, Duration.ofSeconds(1)));

    var inspection = get(runtime().inspect(id));
    assertThat(inspection.state()).isEqualTo(ContainerState.EXITED);
    assertThat(inspection.exitCode()).isEqualTo(137);
  }

  @Test
  void listsOnePodOrAll() {
    var id = sandbox();
    var uids = get(runtime().list()).stream().map(summary -> summary.pod().uid()).toList();

    assertThat(uids).contains(pod.uid());
    assertThat(get(runtime().list(pod.uid()))).extracting(ContainerSummary::id).containsExactly(id);
    assertThat(get(runtime().list("no-such-uid"))).isEmpty();
  }

  @Test
  void eventsTellOfALife() {
    var sandbox = sandbox();
    var id = started(sandbox, exits(0));

    assertThat(awaitEvent(sandbox, RuntimeEvent.Kind.START))
        .isEqualTo(new RuntimeEvent(RuntimeEvent.Kind.START, sandbox, pod.uid(), "POD"));
    assertThat(awaitEvent(id, RuntimeEvent.Kind.DIE))
        .isEqualTo(new RuntimeEvent(RuntimeEvent.Kind.DIE, id, pod.uid(), "main"));
    get(runtime().remove(id));
    awaitEvent(id, RuntimeEvent.Kind.DESTROY);
  }

  @Test
  void findsAnImageByNameAndById() {
    var image = get(runtime().image(presentImage())).orElseThrow();

    assertThat(image.id()).startsWith("sha256:");
    assertThat(image.tags()).contains(presentImage());
    assertThat(get(runtime().image(image.id()))).contains(image);
    assertThat(get(runtime().images())).extracting(Image::id).contains(image.id());
  }

  @Test
  void anImageThatIsNotHereIsNotFound() {
    assertThat(get(runtime().image("no.such/image:1"))).isEqualTo(Optional.empty());
    assertThat(get(runtime().image("sha256:" + "0".repeat(63) + "a"))).isEmpty();
  }

  @Test
  void aProcessReadsAndWritesUntilItsInputEnds() {
    var id = started(sandbox(), runsForever());

    var result = run(id, copies(), new StandardStreams(true, true, true, false), "hello");

    assertThat(result).isEqualTo(new Result("hello", "", OptionalInt.of(0)));
  }

  @Test
  void tellsStdoutFromStderrAndTheExitCode() {
    var id = started(sandbox(), runsForever());

    var result = run(id, says("out", "err", 3), new StandardStreams(false, true, true, false), "");

    assertThat(result).isEqualTo(new Result("out", "err", OptionalInt.of(3)));
  }

  @Test
  void nothingIsRunInAContainerThatDoesNotRun() {
    var id = created(sandbox(), runsForever());
    var streams = new StandardStreams(false, true, true, false);

    assertThat(failure(runtime().exec(id, copies(), streams)))
        .isInstanceOf(EngineException.Conflict.class)
        .hasMessage("container not running (" + id + ")");
    assertThat(failure(runtime().attach(id, streams)))
        .hasMessage("container not running (" + id + ")");
    assertThat(failure(runtime().connect(id, 80))).hasMessage("container not running (" + id + ")");
  }

  @Test
  void leavingAnAttachedContainerLeavesItAlone() {
    var id = started(sandbox(), runsForever());

    get(runtime().attach(id, new StandardStreams(false, true, true, false))).close();

    assertThat(get(runtime().inspect(id)).state()).isEqualTo(ContainerState.RUNNING);
  }

  @Test
  void whereNobodyListensConnectionsAreRefused() {
    assertThat(failure(runtime().connect(sandbox(), 81)))
        .isInstanceOf(EngineException.Refused.class)
        .hasMessage("can't connect to 127.0.0.1:81 in the pod: Connection refused");
  }
}
