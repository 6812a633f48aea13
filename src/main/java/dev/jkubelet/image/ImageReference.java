package dev.jkubelet.image;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An image's name taken apart by the grammar of distribution/reference, with Docker's short names
 * completed: {@code busybox} is {@code docker.io/library/busybox}.
 *
 * @param text the name as it was given
 * @param domain the registry, {@code docker.io}; empty for the odd name whose first part looks like
 *     a domain but is none
 * @param path the repository at that registry, {@code library/busybox}
 * @param digest {@code sha256:…}
 */
public record ImageReference(
    String text, String domain, String path, Optional<String> tag, Optional<String> digest) {
  private static final String DEFAULT_DOMAIN = "docker.io";
  private static final String LEGACY_DOMAIN = "index.docker.io";
  private static final String OFFICIAL = "library/";
  private static final int NAME_MAX = 255;

  /** Longer than any valid name, tag and digest together; keeps the matcher's work small. */
  private static final int TEXT_MAX = 1024;

  private static final String DOMAIN_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final String DOMAIN = DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*+(?::[0-9]++)?";
  private static final String PATH_PART = "[a-z0-9]++(?:(?:[._]|__|-++)[a-z0-9]++)*+";
  private static final String PATH = PATH_PART + "(?:/" + PATH_PART + ")*+";
  private static final String TAG = "\\w[\\w.-]{0,127}";
  private static final String DIGEST =
      "[A-Za-z][A-Za-z0-9]*+(?:[-_+.][A-Za-z][A-Za-z0-9]*+)*+:\\p{XDigit}{32,}+";

  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:(?<domain>%s)/)?(?<path>%s)(?::(?<tag>%s))?(?:@(?<digest>%s))?"
              .formatted(DOMAIN, PATH, TAG, DIGEST));
  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

  /**
   * Reads a name as users write it.
   *
   * @throws IllegalArgumentException with the words of Docker's parser
   */
  public static ImageReference parse(String text) {
    if (IDENTIFIER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
    }
    var full = complete(text);
    var remainder = full.substring(full.indexOf('/') + 1);
    var name = remainder.contains(":") ? remainder.substring(0, remainder.indexOf(':')) : remainder;
    if (!name.equals(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "invalid reference format: repository name must be lowercase");
    }
    var match = REFERENCE.matcher(full);
    if (full.length() > TEXT_MAX || !match.matches()) {
      boolean lowerWouldDo =
          full.length() <= TEXT_MAX && REFERENCE.matcher(full.toLowerCase(Locale.ROOT)).matches();
      throw new IllegalArgumentException(
          lowerWouldDo ? "repository name must be lowercase" : "invalid reference format");
    }
    var reference =
        new ImageReference(
            text,
            Optional.ofNullable(match.group("domain")).orElse(""),
            match.group("path"),
            Optional.ofNullable(match.group("tag")),
            Optional.ofNullable(match.group("digest")));
    if (reference.name().length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "repository name must not be more than " + NAME_MAX + " characters");
    }
    reference.digest().ifPresent(ImageReference::checkDigest);
    return reference;
  }

  /** The full repository name, {@code docker.io/library/busybox}. */
  public String name() {
    return domain.isEmpty() ? path : domain + "/" + path;
  }

  /** As given, with {@code :latest} when it names neither tag nor digest. */
  public String withDefaultTag() {
    return tag.isEmpty() && digest.isEmpty() ? text + ":latest" : text;
  }

  /** One text per image, however it was abbreviated. */
  String canonical() {
    var version = tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
    return name() + (version.isEmpty() ? ":latest" : version);
  }

  private static String complete(String text) {
    int slash = text.indexOf('/');
    var first = slash < 0 ? "" : text.substring(0, slash);
    boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
    var domain = named && !first.equals(LEGACY_DOMAIN) ? first : DEFAULT_DOMAIN;
    var remainder = named ? text.substring(slash + 1) : text;
    boolean official = domain.equals(DEFAULT_DOMAIN) && !remainder.contains("/");
    return domain + "/" + (official ? OFFICIAL : "") + remainder;
  }

  private static void checkDigest(String digest) {
    int colon = digest.indexOf(':');
    int digits =
        switch (digest.substring(0, colon)) {
          case "sha256" -> 64;
          case "sha384" -> 96;
          case "sha512" -> 128;
          case String algorithm ->
              throw new IllegalArgumentException(
                  algorithm.equals(algorithm.toLowerCase(Locale.ROOT))
                      ? "unsupported digest algorithm"
                      : "invalid checksum digest format");
        };
    var hex = digest.substring(colon + 1);
    if (hex.length() != digits) {
      throw new IllegalArgumentException("invalid checksum digest length");
    }
    if (!hex.equals(hex.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("invalid checksum digest format");
    }
  }
}
