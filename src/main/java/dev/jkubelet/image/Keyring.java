package dev.jkubelet.image;

import dev.jkubelet.runtime.RegistryCredentials;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Which credentials an image may need: those whose registry, with wildcards, and path are a
 * beginning of its name, the most specific first. The rules of the kubelet's credentialprovider.
 */
public final class Keyring {
  /** Of a node or pod without credentials. */
  public static final Keyring EMPTY = new Keyring(List.of());

  private static final String HUB = "docker.io";

  /** Under which name Docker's client keeps the login of its own registry. */
  private static final String HUB_LOGIN = "index.docker.io";

  private final TreeMap<String, List<RegistryCredentials>> byPlace =
      new TreeMap<>(Comparator.reverseOrder());

  public Keyring(List<DockerConfig> configs) {
    for (var config : configs) {
      for (var login : config.logins()) {
        byPlace.computeIfAbsent(place(login.server()), _ -> new ArrayList<>()).add(login);
      }
    }
  }

  /** Credentials for these registries, which may have wildcards. */
  static Keyring of(List<RegistryCredentials> logins) {
    return new Keyring(List.of(new DockerConfig(logins)));
  }

  /** This one's credentials, and the other's. */
  Keyring and(Keyring other) {
    var both = new Keyring(List.of());
    for (var keyring : List.of(this, other)) {
      keyring.byPlace.forEach(
          (place, logins) ->
              both.byPlace.computeIfAbsent(place, _ -> new ArrayList<>()).addAll(logins));
    }
    return both;
  }

  /** Whether a registry or repository, which may have wildcards, is that of the image. */
  static boolean covers(String place, ImageReference image) {
    return covers(place(place), image.name());
  }

  /** To be tried one after the other; empty: nothing is known, ask as nobody. */
  public List<RegistryCredentials> candidates(ImageReference image) {
    var found =
        byPlace.entrySet().stream()
            .filter(entry -> covers(entry.getKey(), image.name()))
            .flatMap(entry -> entry.getValue().stream())
            .distinct()
            .toList();
    return found.isEmpty() && image.domain().equals(HUB)
        ? List.copyOf(byPlace.getOrDefault(HUB_LOGIN, List.of()))
        : found;
  }

  /** Host and path of a registry, without scheme and API version. */
  private static String place(String registry) {
    var bare = registry.replaceFirst("^https?://", "").replaceFirst("[?#].*", "");
    int slash = bare.indexOf('/');
    if (slash < 0) {
      return bare;
    }
    var path = bare.substring(slash);
    var repository = path.startsWith("/v1/") || path.startsWith("/v2/") ? path.substring(3) : path;
    return bare.substring(0, slash) + (repository.equals("/") ? "" : repository);
  }

  private static boolean covers(String place, String image) {
    var wanted = Address.of(place);
    var given = Address.of(image);
    if (!wanted.port().equals(given.port())
        || wanted.labels().size() != given.labels().size()
        || !given.path().startsWith(wanted.path())) {
      return false;
    }
    for (int i = 0; i < wanted.labels().size(); i++) {
      if (!HostGlob.matches(wanted.labels().get(i), given.labels().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Of a registry or repository. */
  private record Address(List<String> labels, String port, String path) {
    static Address of(String text) {
      int slash = text.indexOf('/');
      var host = slash < 0 ? text : text.substring(0, slash);
      int colon = host.lastIndexOf(':');
      var name = colon < 0 ? host : host.substring(0, colon);
      return new Address(
          List.of(name.split("\\.", -1)),
          colon < 0 ? "" : host.substring(colon + 1),
          slash < 0 ? "" : text.substring(slash));
    }
  }
}
