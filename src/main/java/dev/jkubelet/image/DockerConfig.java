package dev.jkubelet.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jkubelet.runtime.RegistryCredentials;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Credentials as Docker's client writes them down.
 *
 * @param logins in the order of the text, each with the registry it is for: {@code
 *     https://index.docker.io/v1/}, {@code registry.example.com/team}, {@code *.example.com}
 */
public record DockerConfig(List<RegistryCredentials> logins) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Of {@code config.json} and of secrets of type {@code kubernetes.io/dockerconfigjson}.
   *
   * @throws BadDockerConfig when it is none
   */
  public static DockerConfig ofConfigJson(String text) {
    return new DockerConfig(logins("auths", tree(text).path("auths")));
  }

  /**
   * Of {@code .dockercfg} and of secrets of type {@code kubernetes.io/dockercfg}.
   *
   * @throws BadDockerConfig when it is none
   */
  public static DockerConfig ofDockercfg(String text) {
    return new DockerConfig(logins("", tree(text)));
  }

  private static JsonNode tree(String text) {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (JsonProcessingException _) {
      throw new BadDockerConfig("Docker credentials: expected JSON");
    }
    if (!tree.isObject()) {
      throw new BadDockerConfig("Docker credentials: expected a JSON object");
    }
    return tree;
  }

  private static List<RegistryCredentials> logins(String field, JsonNode registries) {
    if (!registries.isObject() && !registries.isMissingNode() && !registries.isNull()) {
      throw new BadDockerConfig("Docker credentials: " + field + ": expected an object");
    }
    var logins = new ArrayList<RegistryCredentials>();
    registries
        .properties()
        .forEach(entry -> logins.add(login(field, entry.getKey(), entry.getValue())));
    return List.copyOf(logins);
  }

  private static RegistryCredentials login(String field, String registry, JsonNode entry) {
    var at = "Docker credentials: %s[%s]".formatted(field, registry);
    if (!entry.isObject()) {
      throw new BadDockerConfig(at + ": expected an object");
    }
    var auth = entry.path("auth").asText("");
    if (auth.isEmpty()) {
      return new RegistryCredentials(
          registry, entry.path("username").asText(""), entry.path("password").asText(""));
    }
    var pair =
        decode(auth)
            .filter(text -> text.contains(":"))
            .orElseThrow(
                () ->
                    new BadDockerConfig(
                        at + ".auth: must be formatted as base64(username:password)"));
    int colon = pair.indexOf(':');
    return new RegistryCredentials(registry, pair.substring(0, colon), pair.substring(colon + 1));
  }

  private static Optional<String> decode(String auth) {
    try {
      var bytes = Base64.getDecoder().decode(auth.replaceAll("[\r\n]", ""));
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
