package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jkubelet.stats.MovingClock;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClass;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ReferencedObjectsTest {
  private final FakeObjects api = new FakeObjects();
  private final MovingClock clock = new MovingClock("2026-11-23T13:00:00Z");
  private final ReferencedObjects objects =
      new ReferencedObjects(api, clock, Duration.ofMinutes(1));

  @Test
  void waitsForTheFirstAnswer() {
    var first = configMap("a");
    assertThat(first).isNotDone();

    api.configMaps.get("ns/settings").listed(List.of(settings("1")));

    assertThat(first).isCompletedWithValue(Optional.of(settings("1")));
    assertThat(configMap("a")).isCompletedWithValue(Optional.of(settings("1")));
  }

  @Test
  void knowsThatThereIsNoneAndWhenThereIs() {
    var _ = configMap("a");
    var follower = api.configMaps.get("ns/settings");

    follower.listed(List.of());
    assertThat(configMap("a")).isCompletedWithValue(Optional.empty());

    follower.changed(settings("1"));
    follower.changed(settings("2"));
    assertThat(configMap("a")).isCompletedWithValue(Optional.of(settings("2")));

    follower.deleted(settings("2"));
    assertThat(configMap("a")).isCompletedWithValue(Optional.empty());
  }

  @Test
  void saysWhenNobodyAnswersAndHearsOfItLater() {
    var impatient = new ReferencedObjects(api, clock, Duration.ofMillis(1));

    assertThatThrownBy(() -> impatient.secret("a", "ns", "keys").toCompletableFuture().join())
        .hasRootCauseMessage("failed to sync secret cache: timed out waiting for the condition");
    api.secrets.get("ns/keys").listed(List.of());
    assertThat(impatient.secret("a", "ns", "keys").toCompletableFuture().join()).isEmpty();
  }

  @Test
  void followsEachObjectOnceAndAsLongAsAPodRefersToIt() {
    var _ = configMap("a");
    var _ = configMap("a");
    var _ = configMap("b");
    var _ = objects.secret("a", "ns", "keys");
    assertThat(api.begun).containsExactly("services", "configmap ns/settings", "secret ns/keys");

    objects.release("a");
    assertThat(api.ended).containsExactly("secret ns/keys");
    objects.release("a");
    objects.release("b");
    assertThat(api.ended).containsExactly("secret ns/keys", "configmap ns/settings");

    var _ = configMap("c");
    assertThat(api.begun).hasSize(4);
  }

  @Test
  void followsNothingForPodsThatAskAfterTheirEnd() {
    var _ = configMap("a");
    var _ = configMap("late");
    var _ = objects.secret("late", "ns", "keys");

    objects.retain(Set.of("a", "b"));
    assertThat(api.ended).containsExactly("secret ns/keys");
    objects.retain(Set.of("b"));
    assertThat(api.ended).containsExactly("secret ns/keys", "configmap ns/settings");
  }

  @Test
  void tellsWhoeverRefersToAnObjectThatItChanged() {
    var told = new ArrayList<String>();
    objects.onChange(told::add);
    var _ = configMap("a");
    var follower = api.configMaps.get("ns/settings");
    follower.listed(List.of());
    var _ = configMap("b");
    var _ = objects.secret("c", "ns", "keys");
    assertThat(told).isEmpty();

    follower.changed(settings("1"));
    assertThat(told).containsExactlyInAnyOrder("a", "b");
    follower.listed(List.of(settings("1")));
    assertThat(told).hasSize(2);
    objects.release("a");
    follower.deleted(settings("1"));
    assertThat(told).hasSize(3).endsWith("b");
  }

  @Test
  void tellsOfServicesOnlyWhatVariablesTell() {
    var asked = objects.services().toCompletableFuture();
    assertThat(asked).isNotDone();

    api.services.listed(List.of(service("web", Map.of("x", "y"))));
    assertThat(asked).isCompletedWithValue(List.of(service("web", Map.of())));
    api.services.changed(service("db", Map.of()));
    assertThat(services()).hasSize(2);
    api.services.deleted(service("web", Map.of()));
    assertThat(services()).containsExactly(service("db", Map.of()));
  }

  @Test
  void remembersARuntimeClassWhileTheServerIsAway() {
    var gvisor = new RuntimeClassBuilder().withHandler("runsc").build();
    api.got = CompletableFuture.failedStage(failure(0));
    assertThat(runtimeClass()).isCompletedExceptionally();

    api.got = CompletableFuture.completedStage(gvisor);
    assertThat(runtimeClass()).isCompletedWithValue(Optional.of(gvisor));
    api.got = CompletableFuture.failedStage(failure(503));
    assertThat(runtimeClass()).isCompletedWithValue(Optional.of(gvisor));

    api.got = CompletableFuture.failedStage(failure(404));
    assertThat(runtimeClass()).isCompletedWithValue(Optional.empty());
    api.got = CompletableFuture.failedStage(failure(503));
    assertThat(runtimeClass()).isCompletedExceptionally();
  }

  @Test
  void endsAllFollowing() {
    var _ = configMap("a");
    objects.close();

    assertThat(api.ended).containsExactlyInAnyOrder("services", "configmap ns/settings");
  }

  private static ApiFailure failure(int code) {
    return new ApiFailure(code, "", "no", Duration.ZERO, null);
  }

  private List<Service> services() {
    return objects.services().toCompletableFuture().join();
  }

  private CompletableFuture<Optional<RuntimeClass>> runtimeClass() {
    return objects.runtimeClass("gvisor").toCompletableFuture();
  }

  private CompletableFuture<Optional<ConfigMap>> configMap(String pod) {
    CompletionStage<Optional<ConfigMap>> asked = objects.configMap(pod, "ns", "settings");
    return asked.toCompletableFuture();
  }

  private static ConfigMap settings(String version) {
    return new ConfigMapBuilder().withData(Map.of("version", version)).build();
  }

  private static Service service(String name, Map<String, String> annotations) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName(name)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withClusterIP("10.0.0.2")
        .endSpec()
        .build();
  }
}
