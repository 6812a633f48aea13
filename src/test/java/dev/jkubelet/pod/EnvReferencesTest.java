package dev.jkubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.pod.EnvReferences.Lookup;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EnvReferencesTest {
  private static final Pod POD =
      Specs.pod(
          """

            containers:
            - name: main
              envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: keys}}]
              env:
              - {name: A, value: a}
              - {name: B, valueFrom: {configMapKeyRef: {name: more, key: b}}}
              - {name: C, valueFrom: {secretKeyRef: {name: keys, key: c}}}
              - {name: D, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
          """);

  private final FakePodObjects objects = new FakePodObjects();

  @Test
  void findsAllThatTheVariablesReferTo() {
    objects.configMaps.put("settings", Specs.parse(ConfigMap.class, "data: {x: '1'}"));
    objects.secrets.put("keys", Specs.parse(Secret.class, "data: {c: cGFzcw==}"));
    objects.services.add(
        Specs.parse(
            Service.class,
            "{metadata: {namespace: golden, name: db}, spec: {clusterIP: 1.2.3.4}}"));

    var found = find(POD, objects);

    assertThat(found.configMaps())
        .isEqualTo(
            Map.of(
                "settings",
                new Lookup.Found(new TreeMap<>(Map.of("x", "1"))),
                "more",
                new Lookup.Missing("configmap \"more\" not found")));
    assertThat(found.secrets())
        .isEqualTo(Map.of("keys", new Lookup.Found(new TreeMap<>(Map.of("c", "pass")))));
    assertThat(found.services())
        .isEqualTo(new Lookup.Found(new TreeMap<>(Map.of("DB_SERVICE_HOST", "1.2.3.4"))));
  }

  @Test
  void saysWhatIsNotKnownYet() {
    objects.failure = Optional.of(new IllegalStateException("timed out"));

    var found = find(POD, objects);

    assertThat(found.configMaps().get("more")).isEqualTo(new Lookup.Failed("timed out"));
    assertThat(found.secrets().get("keys")).isEqualTo(new Lookup.Failed("timed out"));
    assertThat(found.services())
        .isEqualTo(
            new Lookup.Failed(
                "services have not yet been read at least once, cannot construct envvars"));
  }

  @Test
  void letsAStaticPodBeginWithoutServices() {
    objects.failure = Optional.of(new IllegalStateException("timed out"));
    var pod =
        new PodBuilder(POD)
            .editMetadata()
            .addToAnnotations("kubernetes.io/config.source", "file")
            .endMetadata()
            .build();

    assertThat(find(pod, objects).services()).isEqualTo(new Lookup.Found(new TreeMap<>()));
  }

  @Test
  void saysThatThereIsNobodyToAsk() {
    var found = find(POD, PodObjects.none());

    assertThat(found.configMaps().get("more"))
        .isEqualTo(new Lookup.Missing("couldn't get configMap golden/more, no kubeClient defined"));
    assertThat(found.secrets().get("keys"))
        .isEqualTo(new Lookup.Missing("couldn't get secret golden/keys, no kubeClient defined"));
    assertThat(found.services()).isEqualTo(new Lookup.Found(new TreeMap<>()));
  }

  private static EnvReferences find(Pod pod, PodObjects objects) {
    return EnvReferences.find(pod, pod.getSpec().getContainers().getFirst(), objects)
        .toCompletableFuture()
        .join();
  }
}
