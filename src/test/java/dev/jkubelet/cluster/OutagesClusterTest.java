package dev.jkubelet.cluster;

import static dev.jkubelet.cluster.TestCluster.cluster;
import static dev.jkubelet.cluster.TestCluster.failure;
import static dev.jkubelet.cluster.TestCluster.kubectl;
import static dev.jkubelet.cluster.TestCluster.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real API server is away, slow, in trouble, or forgets; a follower misses nothing. */
class OutagesClusterTest {
  private static final String NAME = "outages-test";
  @TempDir Path folder;

  @AfterEach
  void delete() {
    kubectl("delete", "configmap", NAME, "--ignore-not-found");
  }

  private static void write(String value) {
    kubectl("delete", "configmap", NAME, "--ignore-not-found");
    kubectl("create", "configmap", NAME, "--from-literal=key=" + value);
  }

  private static ConfigMap awaited(Heard<ConfigMap> heard, String value) {
    while (true) {
      var word = heard.next();
      for (var object : word.objects()) {
        if (!word.what().equals("deleted") && object.getData().get("key").equals(value)) {
          return object;
        }
      }
    }
  }

  @Test
  void goesOnOnceTheServerIsBack() {
    write("before");
    var heard = new Heard<ConfigMap>();
    try (var api = RemoteApiServer.connect(TestCluster.admin(), "any");
        var _ = api.objects().followConfigMap("default", NAME, heard)) {
      awaited(heard, "before");
      cluster("stop", "apiserver");
      try {
        var away = failure(api.nodes().get("any"));
        assertThat(away.code()).isZero();
        assertThat(away.passing()).isTrue();
        assertThat(away.getMessage()).startsWith("GET /api/v1/nodes/any: ");
      } finally {
        cluster("start", "apiserver");
      }
      write("after");
      awaited(heard, "after");
    }
  }

  @Test
  void startsWithoutAServer() {
    write("first");
    cluster("stop", "apiserver");
    var heard = new Heard<ConfigMap>();
    try (var api = RemoteApiServer.connect(TestCluster.admin(), "any");
        var _ = api.objects().followConfigMap("default", NAME, heard)) {
      cluster("start", "apiserver");
      assertThat(heard.next("listed").object().getData()).containsEntry("key", "first");
    } finally {
      cluster("start", "apiserver");
    }
  }

  @Test
  void aConnectionThatWentDeadIsReplaced() throws IOException {
    write("before");
    var admin = Kubeconfig.read(TestCluster.admin());
    var heard = new Heard<ConfigMap>();
    try (var proxy = new TcpProxy(admin.server().getPort())) {
      var port = ":" + admin.server().getPort();
      var kubeconfig =
          Files.writeString(
              folder.resolve("proxied"),
              Files.readString(TestCluster.admin()).replace(port, ":" + proxy.port()));
      try (var api = RemoteApiServer.connect(kubeconfig, "any");
          var _ = api.objects().followConfigMap("default", NAME, heard)) {
        awaited(heard, "before");
        assertThat(proxy.connections()).isEqualTo(1);
        proxy.mute();
        write("meanwhile");
        // Given up after its own time, or together with the connection when the watch's was over.
        assertThat(failure(api.nodes().get("any")).getMessage())
            .isIn(
                "GET /api/v1/nodes/any: no answer within 15 s",
                "GET /api/v1/nodes/any: the connection was given up");
        assertThat(failure(api.nodes().get("any")).notFound()).isTrue();
        awaited(heard, "meanwhile");
        proxy.hangUp();
        write("after");
        awaited(heard, "after");
      }
    }
  }

  @Test
  void listsAgainWhenTheHistoryIsGone() throws IOException {
    write("one");
    var heard = new Heard<ConfigMap>();
    try (var front = new FaultyFront()) {
      front.next(
          query -> query.contains("watch=true"),
          200,
          Map.of(),
          """
          {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure",\
          "message":"too old resource version: 1 (2)","reason":"Expired","code":410}}
          """);
      front.next(query -> query.contains("watch=true"), 410, Map.of(), "");
      try (var api = RemoteApiServer.connect(front.kubeconfig(folder), "any");
          var _ = api.objects().followConfigMap("default", NAME, heard)) {
        for (int list = 0; list < 3; list++) {
          assertThat(heard.next("listed").object().getData()).containsEntry("key", "one");
        }
        kubectl("delete", "configmap", NAME);
        heard.next("deleted");
      }
      assertThat(front.userAgent).isEqualTo("kubelet/v1.20.2 jkubelet");
    }
  }

  @Test
  void leavesTheServerAloneAsLongAsItAsks() throws IOException {
    write("one");
    var heard = new Heard<ConfigMap>();
    try (var front = new FaultyFront()) {
      front.next(query -> query.contains("/configmaps"), 429, Map.of("Retry-After", "3"), "busy");
      front.next(query -> query.contains("/nodes"), 429, Map.of("Retry-After", "7"), "busy");
      try (var api = RemoteApiServer.connect(front.kubeconfig(folder), "any")) {
        var began = System.nanoTime();
        var _ = api.objects().followConfigMap("default", NAME, heard);
        var refused = failure(api.nodes().get("any"));
        assertThat(refused.code()).isEqualTo(429);
        assertThat(refused.reason()).isEqualTo("TooManyRequests");
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(refused.passing()).isTrue();
        heard.next("listed");
        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .isGreaterThan(Duration.ofSeconds(3));
        assertThat(front.seen().stream().filter(request -> request.contains("limit=500")))
            .hasSize(2);
      }
    }
  }

  @Test
  void nothingIsAskedTwiceWhenTheServerIsInTrouble() throws IOException {
    try (var front = new FaultyFront();
        var api = RemoteApiServer.connect(front.kubeconfig(folder), "any")) {
      front.next(
          _ -> true,
          500,
          Map.of(),
          """
          {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"InternalError","code":500,
           "message":"etcdserver: request timed out","details":{"retryAfterSeconds":2}}
          """);
      var trouble = failure(api.nodes().get("any"));
      assertThat(trouble.code()).isEqualTo(500);
      assertThat(trouble.reason()).isEqualTo("InternalError");
      assertThat(trouble.retryAfter()).contains(Duration.ofSeconds(2));
      assertThat(trouble.getMessage())
          .isEqualTo("GET /api/v1/nodes/any: 500: etcdserver: request timed out");
      assertThat(front.seen()).containsExactly("GET /api/v1/nodes/any");
    }
  }

  @Test
  void waitsForAnAnswerThatTakesTenSeconds() throws IOException {
    try (var front = new FaultyFront();
        var api = RemoteApiServer.connect(front.kubeconfig(folder), "any")) {
      front.delayNext(_ -> true, Duration.ofSeconds(10));
      assertThat(value(api.leases().get("none").exceptionally(_ -> null))).isNull();
      front.delayNext(_ -> true, Duration.ofSeconds(10));
      assertThat(failure(api.nodes().get("any")).notFound()).isTrue();
      assertThat(front.seen()).hasSize(2);
    }
  }

  @Test
  void followsMoreObjectsThanOneConnectionHasRoomFor() {
    int many = 300;
    try (var api = RemoteApiServer.connect(TestCluster.admin(), "any")) {
      var all = new ArrayList<Heard<ConfigMap>>();
      for (int i = 0; i < many; i++) {
        var heard = new Heard<ConfigMap>();
        all.add(heard);
        var _ = api.objects().followConfigMap("default", NAME + "-" + i, heard);
      }
      all.forEach(heard -> heard.next("listed"));
      var last = many - 1;
      try {
        kubectl("create", "configmap", NAME + "-" + last, "--from-literal=key=one");
        all.get(last).next("changed");
        assertThat(failure(api.nodes().get("any")).notFound()).isTrue();
      } finally {
        kubectl("delete", "configmap", NAME + "-" + last);
      }
    }
  }
}
