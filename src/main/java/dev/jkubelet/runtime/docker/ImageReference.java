package dev.jkubelet.runtime.docker;

import dev.jkubelet.runtime.EngineException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An image's name as Docker reads it: {@code busybox} is {@code docker.io/library/busybox:latest}.
 *
 * @param repository with its registry, {@code docker.io/library/busybox}
 * @param tag empty when there is a digest and no tag
 * @param digest {@code sha256:…}, or empty
 */
record ImageReference(String repository, String tag, String digest) {
  private static final Pattern GRAMMAR =
      Pattern.compile(
          "(?<name>[A-Za-z0-9][A-Za-z0-9._:\\[\\]/-]*?)"
              + "(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}))?");

  private static final Pattern PATH =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*)*");

  private static final Pattern DOMAIN =
      Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(?::\\d+)?");

  private static final int MAX_LENGTH = 1024;

  /** Whether it is an image's id rather than a name. */
  static boolean isId(String reference) {
    return reference.matches("sha256:[0-9a-f]{64}");
  }

  /** Fails with {@link EngineException.Refused} when it isn't an image's name. */
  static ImageReference parse(String reference) {
    var matcher = GRAMMAR.matcher(reference);
    if (reference.length() > MAX_LENGTH || !matcher.matches()) {
      throw invalid(reference);
    }
    var name = matcher.group("name");
    var slash = name.indexOf('/');
    var first = slash < 0 ? "" : name.substring(0, slash);
    var hasDomain = first.contains(".") || first.contains(":") || first.equals("localhost");
    var domain = hasDomain ? first : "docker.io";
    var path = hasDomain ? name.substring(slash + 1) : name;
    if (domain.equals("index.docker.io")) {
      domain = "docker.io";
    }
    if (!DOMAIN.matcher(domain).matches() || !PATH.matcher(path).matches()) {
      throw invalid(reference);
    }
    if (domain.equals("docker.io") && path.indexOf('/') < 0) {
      path = "library/" + path;
    }
    var digest = matcher.group("digest") == null ? "" : matcher.group("digest");
    var tag =
        matcher.group("tag") == null ? (digest.isEmpty() ? "latest" : "") : matcher.group("tag");
    return new ImageReference(domain + "/" + path, tag, digest);
  }

  private static EngineException invalid(String reference) {
    return new EngineException.Refused(
        "invalid reference format: \"" + reference + "\" is not an image's name", null);
  }

  /** What to ask the engine to pull: the digest when there is one, which rules over the tag. */
  String version() {
    return digest.isEmpty() ? tag : digest;
  }

  /**
   * Whether the image that the engine found is meant by this name: the engine also takes the
   * beginning of an image's id for a name.
   */
  boolean names(String imageId, List<String> tags, List<String> digests) {
    if (!digest.isEmpty()) {
      return imageId.equals(digest) || digests.stream().anyMatch(d -> d.endsWith("@" + digest));
    }
    return tags.stream().anyMatch(this::isSame);
  }

  private boolean isSame(String repoTag) {
    try {
      var other = parse(repoTag);
      return other.repository.equals(repository) && other.tag.equals(tag);
    } catch (EngineException.Refused _) {
      return false; // "<none>:<none>"
    }
  }
}
