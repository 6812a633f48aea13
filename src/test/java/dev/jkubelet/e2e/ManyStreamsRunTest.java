package dev.jkubelet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.server.SpdyClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred commands at a time, and a hundred followers of a container that says much. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyStreamsRunTest extends AgentRun {
  private static final int EXECS = 200;
  private static final int DEAF = 100;
  private static final int FOLLOWERS = 100;

  /** Of a hundred bytes each, in two seconds; the engine begins its log's file anew meanwhile. */
  private static final int LINES = 200_000;

  private static final int SAID = LINES * 100;

  private static final String READY = "ready\n";
  private static final String ECHOED = "x".repeat(100_000);

  /** Of the agent's process, in MiB; its heap has 256. */
  private static final int MAX_MEMORY = 700;

  /** Of what lives in the agent's heap while nobody reads, in MiB. */
  private static final int MAX_HELD = 100;

  /** Connections to the engine that are kept for the next call, and the clients' own. */
  private static final int KEPT = 24;

  private static final Duration PROMPT = Duration.ofSeconds(2);

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: many}
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 1
        containers:
        - {name: main, image: "busybox:1.36", command: [sh, -c, "%s"]}
        - name: chatty
          image: busybox:1.36
          command:
          - sh
          - -c
          - |
            awk 'BEGIN { for (i = 0; i < %d; i++) printf "%%099d\\n", i }' > /tmp/lines
            echo ready
            until [ -e /tmp/go ]; do sleep 0.1; done
            for i in $(seq 0 19); do
              dd if=/tmp/lines bs=1000000 skip=$i count=1 2>/dev/null
              usleep 90000
            done
      """
          .formatted(LOOP, LINES);

  /** Says which of its lives it is, and ends when it is told to. */
  private static final String AGAIN =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: again}
      spec:
        terminationGracePeriodSeconds: 1
        volumes: [{name: lives, emptyDir: {}}]
        containers:
        - name: main
          image: busybox:1.36
          volumeMounts: [{name: lives, mountPath: /lives}]
          command:
          - sh
          - -c
          - |
            life=$(ls /lives | wc -l)
            touch /lives/$life
            for i in $(seq 100); do echo $life-$i; done
            until [ -e /tmp/go ]; do usleep 50000; done
            echo $life-over
      """;

  private interface Task<T> {
    T run(int number) throws Exception;
  }

  /** What a follower got in the end. */
  private record Followed(long bytes, long checksum) {}

  private String main;
  private final AtomicLongArray read = new AtomicLongArray(FOLLOWERS);
  private final CountDownLatch following = new CountDownLatch(FOLLOWERS);
  private final CountDownLatch firstAtEnd = new CountDownLatch(1);

  @BeforeAll
  void runsAPod(@TempDir(cleanup = CleanupMode.NEVER) Path folder)
      throws IOException, GeneralSecurityException {
    agent = onAnEmptyEngine(folder);
    agent.write("many.yaml", POD);
    agent.start();
    eventually("its log is there", () -> agent.containerLog("many", "chatty", "").equals(READY));
    // Their kernel's files stay open: what is held besides is compared with that.
    eventually("they are measured", () -> measured("chatty") && measured("main"));
    main = Docker.running("k8s_main_many").getFirst();
  }

  private boolean measured(String container) {
    return agent
        .get("http://127.0.0.1:" + agent.readOnlyPort + "/stats/summary")
        .body()
        .contains("\"name\": \"" + container + "\"");
  }

  @AfterAll
  void endsItsPod() throws IOException {
    endPods(agent);
  }

  @Override
  void startsOnAnEmptyEngine() {}

  @Override
  void endsItsPods() {}

  @Test
  void allGetEverythingInFairSharesAndTheAgentsMemoryIsBounded() throws Exception {
    var chatty = Docker.running("k8s_chatty_many").getFirst();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var execs = all(started(threads, EXECS, _ -> cat()));
      var followers = started(threads, FOLLOWERS, number -> follow(number));
      assertThat(following.await(60, TimeUnit.SECONDS)).isTrue();
      Docker.run("exec", chatty, "touch", "/tmp/go");

      all(started(threads, EXECS, number -> echo(execs.get(number))));
      assertThat(firstAtEnd.await(60, TimeUnit.SECONDS)).isTrue();
      var shares = IntStream.range(0, FOLLOWERS).mapToLong(read::get).summaryStatistics();
      assertThat(shares.getMin()).as(shares.toString()).isGreaterThan(SAID / 2);
      assertThat(all(followers)).containsOnly(whole());
      assertThat(Path.of(logFile(chatty) + ".1")).exists();
      all(started(threads, EXECS, number -> end(execs.get(number))));
    }

    eventually("all commands have ended", () -> Holdings.execs(main) == 0);
    assertThat(Holdings.peakMemory(agent)).isLessThan(MAX_MEMORY);
  }

  private static Followed whole() {
    var sum = new CRC32();
    sum.update(READY.getBytes(StandardCharsets.US_ASCII));
    for (int line = 0; line < LINES; line++) {
      sum.update("%099d\n".formatted(line).getBytes(StandardCharsets.US_ASCII));
    }
    return new Followed(READY.length() + SAID, sum.getValue());
  }

  private static String logFile(String container) {
    return Docker.run("inspect", "-f", "{{.LogPath}}", container).getFirst();
  }

  @Test
  void aFollowedLogEndsWithItsContainerAndTheNextOneHasItsOwn() throws IOException {
    agent.write("again.yaml", AGAIN);
    for (int life = 0; life < 2; life++) {
      var first = life + "-1\n";
      eventually("it lives", () -> agent.containerLog("again", "main", "").startsWith(first));
      try (var log = agent.open(log("again", "main") + "?follow=true")) {
        var container = Docker.running("k8s_main_again").getFirst();
        Docker.run("exec", container, "touch", "/tmp/go");
        assertThat(new String(log.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo(life(life));
      }
    }
  }

  private static String life(int number) {
    return IntStream.rangeClosed(1, 100)
        .mapToObj(i -> number + "-" + i + "\n")
        .collect(Collectors.joining("", "", number + "-over\n"));
  }

  private String log(String pod, String container) {
    return "https://127.0.0.1:%d/containerLogs/default/%s-test-node/%s"
        .formatted(agent.kubeletPort, pod, container);
  }

  private static <T> List<Future<T>> started(ExecutorService threads, int count, Task<T> task) {
    return IntStream.range(0, count)
        .mapToObj(number -> threads.submit(() -> task.run(number)))
        .toList();
  }

  private static <T> List<T> all(List<Future<T>> futures) throws Exception {
    var results = new ArrayList<T>();
    for (var future : futures) {
      results.add(future.get());
    }
    return results;
  }

  private Followed follow(int number) throws IOException {
    try (var log = agent.open(log("many", "chatty") + "?follow=true")) {
      var sum = new CRC32();
      var buffer = new byte[64 << 10];
      for (int some = log.read(buffer); some >= 0; some = log.read(buffer)) {
        if (read.getAndAdd(number, some) == 0) {
          following.countDown();
        }
        sum.update(buffer, 0, some);
      }
      firstAtEnd.countDown();
      return new Followed(read.get(number), sum.getValue());
    }
  }

  @Test
  void whoReadsNothingOfWhatACommandWritesHoldsUpThatCommandAlone() throws Exception {
    int descriptors = Holdings.descriptors(agent);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var deaf = all(started(threads, DEAF, _ -> exec("yes&command=deaf")));
      eventually("all wait for their readers", ManyStreamsRunTest::nobodyWrites);

      assertThat(Holdings.heap(agent)).isLessThan(MAX_HELD);
      long begin = System.nanoTime();
      end(cat());
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PROMPT);
      for (var client : deaf) {
        client.close();
      }
    }

    eventually("all commands have ended", () -> loud().isEmpty() && Holdings.execs(main) == 0);
    eventually("all is let go", () -> Holdings.descriptors(agent) <= descriptors + KEPT);
  }

  private static List<Path> loud() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().arguments().map(List::of).orElse(List.of()).equals(List.of("deaf")))
        .map(process -> Path.of("/proc", String.valueOf(process.pid())))
        .toList();
  }

  private static boolean nobodyWrites() {
    var before = written();
    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    return before.size() == DEAF && before.equals(written());
  }

  private static List<String> written() {
    return loud().stream().map(process -> Holdings.lineOf(process.resolve("io"), "wchar")).toList();
  }

  private SpdyClient cat() throws IOException {
    var client = exec("cat");
    client.send(3, "hello");
    assertThat(client.text(5, 5)).isEqualTo("hello");
    return client;
  }

  /** Streams 1, 3 and 5 are its error, input and output. */
  private SpdyClient exec(String command) throws IOException {
    var path = "/exec/default/many-test-node/main?input=1&output=1&command=" + command;
    var client = new SpdyClient(agent.connect(), path, "v4.channel.k8s.io");
    assertThat(client.status()).as(client.head()).isEqualTo(101);
    client.open("error");
    client.open("stdin");
    client.open("stdout");
    return client;
  }

  private static String echo(SpdyClient client) throws IOException {
    client.send(3, ECHOED);
    var echoed = client.text(5, 5 + ECHOED.length());
    assertThat(echoed).isEqualTo("hello" + ECHOED);
    return echoed;
  }

  private static String end(SpdyClient client) throws IOException {
    try (client) {
      client.end(3);
      var result = client.text(1);
      assertThat(result).contains("Success");
      return result;
    }
  }
}
