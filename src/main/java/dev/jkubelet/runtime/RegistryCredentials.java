package dev.jkubelet.runtime;

/** What a registry wants to see; {@code toString} keeps the password to itself. */
public record RegistryCredentials(String server, String username, String password) {
  @Override
  public String toString() {
    return "RegistryCredentials[" + username + "@" + server + "]";
  }
}
