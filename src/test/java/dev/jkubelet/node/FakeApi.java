package dev.jkubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.cluster.ApiFailure;
import dev.jkubelet.cluster.EventsApi;
import dev.jkubelet.cluster.Follower;
import dev.jkubelet.cluster.Following;
import dev.jkubelet.cluster.LeasesApi;
import dev.jkubelet.cluster.NodesApi;
import dev.jkubelet.cluster.ObjectsApi;
import dev.jkubelet.cluster.PodsApi;
import dev.jkubelet.model.PodKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An API server in the test's hand: it sees every call and says when and how it is answered. */
public final class FakeApi {
  private static final long PATIENCE_SECONDS = 5;
  private static final long QUIET_MILLIS = 100;

  private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();

  /** One call; {@code body} is what was sent: an object, or a patch's text. */
  public record Call(String what, Object body, CompletableFuture<Object> answer) {
    public void succeed(Object result) {
      answer.complete(result);
    }

    /** As the API server does, or, with code 0, as if there were none. */
    public void fail(int code, String reason) {
      fail(code, reason, Duration.ZERO);
    }

    public void fail(int code, String reason, Duration retryAfter) {
      answer.completeExceptionally(
          new ApiFailure(code, reason, "answered " + code, retryAfter, null));
    }
  }

  /** The next call, which must be this one. */
  public Call expect(String what) throws InterruptedException {
    var call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(call).as("a call: %s", what).isNotNull();
    assertThat(call.what()).isEqualTo(what);
    return call;
  }

  public void expectNone() throws InterruptedException {
    assertThat(calls.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS)).isNull();
  }

  @SuppressWarnings("unchecked")
  private <T> CompletionStage<T> call(String what, Object body) {
    var answer = new CompletableFuture<Object>();
    calls.add(new Call(what, body, answer));
    return answer.thenApply(result -> (T) result);
  }

  public PodsApi pods() {
    return new PodsApi() {
      @Override
      public Following follow(Follower<Pod> follower) {
        throw new UnsupportedOperationException();
      }

      @Override
      public CompletionStage<Pod> get(String namespace, String name) {
        return call("get " + namespace + "/" + name, "");
      }

      @Override
      public CompletionStage<Pod> create(Pod pod) {
        return call("create " + pod.getMetadata().getName(), pod);
      }

      @Override
      public CompletionStage<Pod> patchStatus(PodKey pod, String patch) {
        return call("patch " + pod.name() + " " + pod.uid(), patch);
      }

      @Override
      public CompletionStage<Void> delete(PodKey pod, Duration grace) {
        return call("delete " + pod.name(), grace);
      }
    };
  }

  public NodesApi nodes() {
    return new NodesApi() {
      @Override
      public Following follow(Follower<Node> follower) {
        throw new UnsupportedOperationException();
      }

      @Override
      public CompletionStage<Node> get(String name) {
        return call("get node " + name, "");
      }

      @Override
      public CompletionStage<Node> create(Node node) {
        return call("create node " + node.getMetadata().getName(), node);
      }

      @Override
      public CompletionStage<Node> patch(String name, String patch) {
        return call("patch node " + name, patch);
      }

      @Override
      public CompletionStage<Node> patchStatus(String name, String patch) {
        return call("patch status of node " + name, patch);
      }
    };
  }

  public ObjectsApi objects() {
    return new ObjectsApi() {
      @Override
      public Following followConfigMap(
          String namespace, String name, Follower<ConfigMap> follower) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Following followSecret(String namespace, String name, Follower<Secret> follower) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Following followServices(Follower<Service> follower) {
        throw new UnsupportedOperationException();
      }

      @Override
      public <T extends HasMetadata> CompletionStage<T> get(
          Class<T> kind, String namespace, String name) {
        return call("get " + HasMetadata.getSingular(kind) + " " + name, "");
      }

      @Override
      public <T extends HasMetadata> CompletionStage<T> create(Class<T> kind, T object) {
        return call(
            "create " + HasMetadata.getSingular(kind) + " " + object.getMetadata().getName(),
            object);
      }

      @Override
      public <T extends HasMetadata> CompletionStage<T> patch(
          Class<T> kind, String namespace, String name, String patch) {
        return call("patch " + HasMetadata.getSingular(kind) + " " + name, patch);
      }

      @Override
      public <T extends HasMetadata> CompletionStage<T> patchStatus(
          Class<T> kind, String namespace, String name, String patch) {
        return call("patch status of " + HasMetadata.getSingular(kind) + " " + name, patch);
      }

      @Override
      public CompletionStage<TokenRequest> createToken(
          String namespace, String serviceAccount, TokenRequest request) {
        throw new UnsupportedOperationException();
      }
    };
  }

  public LeasesApi leases() {
    return new LeasesApi() {
      @Override
      public CompletionStage<Lease> get(String name) {
        return call("get lease " + name, "");
      }

      @Override
      public CompletionStage<Lease> create(Lease lease) {
        return call("create lease " + lease.getMetadata().getName(), lease);
      }

      @Override
      public CompletionStage<Lease> replace(Lease lease) {
        return call("replace lease " + lease.getMetadata().getName(), lease);
      }
    };
  }

  public EventsApi events() {
    return new EventsApi() {
      @Override
      public CompletionStage<Event> create(Event event) {
        return call("create event", event);
      }

      @Override
      public CompletionStage<Event> patch(String namespace, String name, String patch) {
        return call("patch event " + namespace + "/" + name, patch);
      }
    };
  }
}
