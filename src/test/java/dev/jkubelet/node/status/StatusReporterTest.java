package dev.jkubelet.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.node.FakeApi;
import dev.jkubelet.node.TestTime;
import dev.jkubelet.node.status.StatusReporter.Changed;
import dev.jkubelet.node.status.StatusReporter.Deleted;
import dev.jkubelet.node.status.StatusReporter.Forget;
import dev.jkubelet.node.status.StatusReporter.Listed;
import dev.jkubelet.node.status.StatusReporter.Publish;
import dev.jkubelet.node.status.StatusReporter.Settle;
import dev.jkubelet.node.status.StatusReporter.Settled;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusReporterTest {
  private static final String PATCH = "patch web u-1";
  private static final String GET = "get demo/web";

  private final FakeApi api = new FakeApi();
  private ActorTestKit kit;
  private TestTime time;
  private ActorRef<StatusReporter.Command> reporter;

  @BeforeEach
  void start() {
    kit = ActorTestKit.create(ManualTime.config());
    time = new TestTime(kit);
    reporter = kit.spawn(StatusReporter.create(api.pods()));
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void asksForAPodItHasNotHeardOfAndWritesWhatIsDifferent() throws Exception {
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    api.expect(GET).succeed(web("1", Statuses.scheduled()));
    assertThat(api.expect(PATCH).body().toString()).contains("\"uid\":\"u-1\"");
  }

  @Test
  void writesNothingThatIsThereAlready() throws Exception {
    reporter.tell(new Listed(List.of(web("1", Statuses.pending()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    api.expectNone();
  }

  @Test
  void isOnePatchAtATimeAndThenTheNewest() throws Exception {
    reporter.tell(new Listed(List.of(web("1", Statuses.scheduled()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    var first = api.expect(PATCH);
    reporter.tell(new Publish(Statuses.observed(web("1", null), withIp("10.0.0.1"))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.running())));
    api.expectNone();
    first.succeed(web("2", Statuses.pending()));
    var second = api.expect(PATCH);
    assertThat(second.body().toString()).contains("Running").doesNotContain("10.0.0.1");
    second.succeed(web("3", Statuses.running()));
    api.expectNone();
  }

  @Test
  void whatIsNoTurnWaitsForASecondAndForItsLike() throws Exception {
    written(Statuses.pending());
    reporter.tell(new Publish(Statuses.observed(web("2", null), withIp("10.0.0.1"))));
    reporter.tell(new Publish(Statuses.observed(web("2", null), withIp("10.0.0.2"))));
    api.expectNone();
    time.pass(StatusReporter.QUIET);
    assertThat(api.expect(PATCH).body().toString()).contains("10.0.0.2");
  }

  @Test
  void becomingReadyWaitsForNothing() throws Exception {
    written(Statuses.pending());
    reporter.tell(new Publish(Statuses.observed(web("2", null), Statuses.running())));
    api.expect(PATCH);
  }

  @Test
  void writesManyPodsAtOnceButNotAll() throws Exception {
    var calls = new ArrayList<FakeApi.Call>();
    for (int i = 0; i < 12; i++) {
      var pod = Statuses.pod("p" + i, "uid-" + i, "1", Statuses.scheduled());
      reporter.tell(new Changed(pod));
      reporter.tell(new Publish(Statuses.observed(pod, Statuses.pending())));
    }
    for (int i = 0; i < StatusReporter.PODS_AT_ONCE; i++) {
      calls.add(api.expect("patch p" + i + " uid-" + i));
    }
    api.expectNone();
    calls.getFirst().fail(404, "NotFound");
    api.expect("patch p10 uid-10");
    api.expectNone();
  }

  @Test
  void comesAgainWithBackoffAndTheNewest() throws Exception {
    reporter.tell(new Listed(List.of(web("1", Statuses.scheduled()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    api.expect(PATCH).fail(0, "");
    settle();
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.running())));
    time.pass(Duration.ofMillis(199));
    api.expectNone();
    time.pass(Duration.ofMillis(101));
    var call = api.expect(PATCH);
    assertThat(call.body().toString()).contains("Running");
    call.fail(500, "InternalError");
    settle();
    time.pass(Duration.ofMillis(399));
    api.expectNone();
    time.pass(Duration.ofMillis(201));
    api.expect(PATCH);
  }

  @Test
  void leavesTheServerAloneForAsLongAsItWants() throws Exception {
    reporter.tell(new Listed(List.of(web("1", Statuses.scheduled()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    api.expect(PATCH).fail(429, "TooManyRequests", Duration.ofSeconds(20));
    settle();
    time.pass(Duration.ofSeconds(19));
    api.expectNone();
    time.pass(Duration.ofSeconds(11));
    api.expect(PATCH);
  }

  @Test
  void aPodThatIsGoneIsDropped() throws Exception {
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    api.expect(GET).fail(404, "NotFound");
    settle();
    time.pass(Duration.ofMinutes(1));
    api.expectNone();
  }

  @Test
  void anotherPodOfThatNameIsLeftAlone() throws Exception {
    reporter.tell(new Listed(List.of(web("1", Statuses.scheduled()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    api.expect(PATCH).fail(409, "Conflict");
    settle();
    time.pass(Duration.ofMillis(300));
    api.expect(GET).succeed(Statuses.pod("web", "u-2", "5", Statuses.scheduled()));
    settle();
    time.pass(Duration.ofMinutes(1));
    api.expectNone();
  }

  @Test
  void aPodOfTheNodeTakesTheNameOfItsPredecessor() throws Exception {
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    var old = api.expect(GET);
    var young = Statuses.pod("web", "u-2", "5", Statuses.scheduled());
    reporter.tell(new Changed(young));
    reporter.tell(new Publish(Statuses.observed(young, Statuses.pending())));
    api.expect("patch web u-2");
    old.succeed(web("1", Statuses.scheduled()));
    api.expectNone();
  }

  @Test
  void aStaticPodsStatusGoesToItsMirrorOnceThereIsOne() throws Exception {
    var pod = annotated(Statuses.pod("web", "hash", null, null), Reported.SOURCE, "file");
    reporter.tell(new Publish(Statuses.observed(pod, Statuses.running())));
    api.expect(GET).fail(404, "NotFound");
    settle();
    var mirror = annotated(web("1", Statuses.scheduled()), Reported.MIRROR, "hash");
    reporter.tell(new Changed(mirror));
    var call = api.expect(PATCH);
    assertThat(call.body().toString()).contains("\"uid\":\"u-1\"", "Running");
    call.succeed(annotated(web("2", Statuses.running()), Reported.MIRROR, "hash"));
    reporter.tell(new Deleted(mirror));
    var next =
        annotated(Statuses.pod("web", "u-9", "7", Statuses.scheduled()), Reported.MIRROR, "hash");
    reporter.tell(new Changed(next));
    api.expect("patch web u-9");
  }

  @Test
  void aLateAnswerAboutAMirrorIsNoNewsOfTheNextOne() throws Exception {
    var pod = annotated(Statuses.pod("web", "hash", null, null), Reported.SOURCE, "file");
    reporter.tell(new Changed(annotated(web("1", Statuses.scheduled()), Reported.MIRROR, "hash")));
    reporter.tell(new Publish(Statuses.observed(pod, Statuses.running())));
    var late = api.expect(PATCH);
    var next =
        annotated(Statuses.pod("web", "u-9", "7", Statuses.scheduled()), Reported.MIRROR, "hash");
    reporter.tell(new Changed(next));
    settle();

    late.succeed(annotated(web("2", Statuses.running()), Reported.MIRROR, "hash"));

    api.expect("patch web u-9");
  }

  @Test
  void anAgentThatWasStartedAnewSaysNothingBeforeItHasLooked() throws Exception {
    var pod = web("1", Statuses.running());
    reporter.tell(new Listed(List.of(pod)));
    reporter.tell(new Publish(Statuses.unobserved(pod, Statuses.pending())));
    api.expectNone();
    reporter.tell(new Publish(Statuses.observed(pod, Statuses.running())));
    api.expectNone();
    reporter.tell(new Publish(Statuses.observed(pod, Statuses.pending())));
    api.expect(PATCH);
  }

  @Test
  void anAdoptedPodThatIsRefusedFailsAllTheSame() throws Exception {
    var pod = web("1", Statuses.running());
    reporter.tell(new Listed(List.of(pod)));
    reporter.tell(
        new Publish(Statuses.unobserved(pod, Statuses.status("Failed", "False", "x").build())));
    api.expect(PATCH);
  }

  @Test
  void whatOthersWroteOverIsPutRightAfterTenSeconds() throws Exception {
    written(Statuses.running());
    time.pass(StatusReporter.QUIET);
    var other = new PodStatusBuilder(Statuses.running()).withReason("Else").build();
    reporter.tell(new Changed(web("1", other))); // older than what the write was answered with
    api.expectNone();
    reporter.tell(new Changed(web("3", other)));
    settle();
    time.pass(Duration.ofSeconds(9));
    api.expectNone();
    time.pass(Duration.ofSeconds(1));
    assertThat(api.expect(PATCH).body().toString()).contains("\"reason\":null");
  }

  @Test
  void whatTheServerDoesNotTakeIsNotSentForever() throws Exception {
    reporter.tell(new Listed(List.of(web("1", Statuses.scheduled()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), withIp("10.0.0.1"))));
    api.expect(PATCH).succeed(web("2", Statuses.pending()));
    settle();
    time.pass(StatusReporter.QUIET);
    api.expect(PATCH).succeed(web("3", Statuses.pending()));
    settle();
    time.pass(Duration.ofMinutes(1));
    api.expectNone();
  }

  @Test
  void whoWaitsForAStatusIsToldWhenItIsThere() throws Exception {
    TestProbe<Settled> waiter = kit.createTestProbe();
    written(Statuses.pending());
    reporter.tell(new Publish(Statuses.observed(web("2", null), withIp("10.0.0.1"))));
    reporter.tell(new Settle(Statuses.UID, waiter.getRef()));
    var call = api.expect(PATCH);
    waiter.expectNoMessage(Duration.ofMillis(50));
    call.succeed(web("3", withIp("10.0.0.1")));
    waiter.expectMessage(new Settled(Statuses.UID));
    reporter.tell(new Settle("nobody", waiter.getRef()));
    waiter.expectMessage(new Settled("nobody"));
  }

  @Test
  void aForgottenPodIsWrittenNoMore() throws Exception {
    reporter.tell(new Listed(List.of(web("1", Statuses.scheduled()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), Statuses.pending())));
    api.expect(PATCH).fail(0, "");
    reporter.tell(new Forget(Statuses.UID));
    settle();
    time.pass(Duration.ofMinutes(1));
    api.expectNone();
  }

  private void written(PodStatus status) throws InterruptedException {
    reporter.tell(new Listed(List.of(web("1", Statuses.scheduled()))));
    reporter.tell(new Publish(Statuses.observed(web("1", null), status)));
    api.expect(PATCH).succeed(web("2", status));
    settle();
  }

  /** Until the actor has dealt with what it was answered. */
  private void settle() throws InterruptedException {
    api.expectNone();
  }

  private static PodStatus withIp(String ip) {
    return new PodStatusBuilder(Statuses.pending()).withPodIP(ip).build();
  }

  private static Pod web(String version, PodStatus status) {
    return Statuses.pod("web", Statuses.UID, version, status);
  }

  private static Pod annotated(Pod pod, String name, String value) {
    return new PodBuilder(pod).editMetadata().addToAnnotations(name, value).endMetadata().build();
  }
}
