package dev.jkubelet.server.auth;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who asks.
 *
 * @param uid empty where only the name is known
 * @param extra whatever else the authenticator knows and the authorizer may want
 */
public record User(String name, String uid, List<String> groups, Map<String, List<String>> extra) {
  private static final String NOBODY = "system:anonymous";
  private static final String UNAUTHENTICATED = "system:unauthenticated";
  private static final String AUTHENTICATED = "system:authenticated";

  /** Whoever shows no credentials, where that is allowed. */
  public static final User ANONYMOUS = new User(NOBODY, List.of(UNAUTHENTICATED));

  public User(String name, List<String> groups) {
    this(name, "", groups, Map.of());
  }

  /** The user with the group that everyone with valid credentials is in. */
  public User authenticated() {
    return name.equals(NOBODY) || groups.contains(AUTHENTICATED) || groups.contains(UNAUTHENTICATED)
        ? this
        : new User(
            name, uid, Stream.concat(groups.stream(), Stream.of(AUTHENTICATED)).toList(), extra);
  }
}
