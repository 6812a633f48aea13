package dev.jkubelet.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes: pods or a ManifestException with a one-line message, nothing else. */
class ManifestDecoderPropertiesTest {
  private static final byte[] POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: demo, labels: {app: web}}
      spec:
        terminationGracePeriodSeconds: 2
        containers:
        - &main
          name: main
          image: busybox:1.36
          command: [sh, -c, 'sleep 1']
          ports: [{name: http, containerPort: 8080}]
          resources: {limits: {cpu: 200m, memory: 64Mi}}
          livenessProbe: {httpGet: {path: /, port: http}, periodSeconds: 2}
        - {<<: *main, name: other}
        volumes:
        - {name: www, emptyDir: {}}
      """
          .getBytes(StandardCharsets.UTF_8);

  @Property(tries = 500)
  void survivesAnyBytes(@ForAll @Size(max = 200) byte[] bytes) {
    assertThat(isHandled(bytes)).isTrue();
  }

  @Property(tries = 500)
  void survivesAnyText(@ForAll String text) {
    assertThat(isHandled(text.getBytes(StandardCharsets.UTF_8))).isTrue();
    assertThat(isHandled(("{" + text).getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  @Property(tries = 1000)
  void survivesAPodWithDamage(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int wounds) {
    var random = new Random(seed);
    var bytes = POD.clone();
    var marks = "{}[]:,-&*!|>'\"%@`#?\n\t 0a\\".getBytes(StandardCharsets.UTF_8);
    for (var i = 0; i < wounds; i++) {
      bytes[random.nextInt(bytes.length)] = marks[random.nextInt(marks.length)];
    }
    assertThat(isHandled(bytes)).isTrue();
  }

  private static boolean isHandled(byte[] bytes) {
    try {
      var manifest = ManifestDecoder.decodePods("some.yaml", bytes);
      for (var entry : manifest.pods()) {
        var errors = PodValidation.validate(PodDefaults.apply(entry.pod()));
        if (!errors.isEmpty()) {
          assertThat(manifest.invalid(entry, errors).getMessage()).doesNotContain("\n");
        }
      }
      assertThat(manifest.warnings()).noneMatch(warning -> warning.contains("\n"));
      return true;
    } catch (ManifestException wrong) {
      return !wrong.getMessage().contains("\n") && wrong.getMessage().startsWith("some.yaml:");
    }
  }
}
