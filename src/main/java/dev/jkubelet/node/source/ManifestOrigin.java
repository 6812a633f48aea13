package dev.jkubelet.node.source;

import java.net.URI;
import java.nio.file.Path;

/** Where a static pod's manifest comes from. */
public sealed interface ManifestOrigin {
  /** The kubelet's name of the source, as in {@code kubernetes.io/config.source}. */
  String source();

  /** What messages call it. */
  String shown();

  /** A file under the manifest path. */
  record File(Path path) implements ManifestOrigin {
    @Override
    public String source() {
      return "file";
    }

    @Override
    public String shown() {
      return path.toString();
    }
  }

  /** The manifest URL. */
  record Url(URI uri) implements ManifestOrigin {
    @Override
    public String source() {
      return "http";
    }

    /** Without a password. */
    @Override
    public String shown() {
      var secret = uri.getRawUserInfo();
      return secret == null ? uri.toString() : uri.toString().replace(secret + "@", "");
    }
  }
}
