package dev.jkubelet.node.registration;

/** What Go would call this platform. */
final class Platform {
  static final String OS = "linux";
  static final String ARCHITECTURE =
      switch (System.getProperty("os.arch", "")) {
        case "x86_64", "amd64" -> "amd64";
        case "aarch64" -> "arm64";
        case String other -> other;
      };

  private Platform() {}
}
