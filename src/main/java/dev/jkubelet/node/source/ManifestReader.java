package dev.jkubelet.node.source;

import dev.jkubelet.model.hash.PodHash;
import dev.jkubelet.model.manifest.Manifest;
import dev.jkubelet.model.manifest.ManifestDecoder;
import dev.jkubelet.model.manifest.ManifestException;
import dev.jkubelet.model.manifest.PodDefaults;
import dev.jkubelet.model.manifest.PodValidation;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;

/** From a manifest's bytes to this node's pods: decoded, defaulted, adopted, valid. */
record ManifestReader(String nodeName) {
  /**
   * @param pods complete but for the moment of their first sight
   */
  record Read(List<Pod> pods, List<String> warnings) {}

  Read read(ManifestOrigin origin, byte[] bytes) throws ManifestException {
    var manifest =
        switch (origin) {
          case ManifestOrigin.File _ -> ManifestDecoder.decodePod(origin.shown(), bytes);
          case ManifestOrigin.Url _ -> ManifestDecoder.decodePods(origin.shown(), bytes);
        };
    var pods = new ArrayList<Pod>();
    for (var entry : manifest.pods()) {
      pods.add(own(manifest, entry, origin));
    }
    return new Read(List.copyOf(pods), manifest.warnings());
  }

  private Pod own(Manifest manifest, Manifest.Entry entry, ManifestOrigin origin)
      throws ManifestException {
    var defaulted = PodDefaults.apply(entry.pod());
    var hash = PodHash.of(entry.tree().toJson(), defaulted);
    var pod = StaticPod.adopt(defaulted, hash, nodeName, origin);
    var errors = PodValidation.validate(pod);
    if (!errors.isEmpty()) {
      throw manifest.invalid(entry, errors);
    }
    return pod;
  }
}
