package dev.jkubelet.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.RegistryCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs that know credentials: KEP-2133's plugins. One is run for an image whose name it is for,
 * told of the image on standard input, and answers on standard output with credentials and how long
 * they are good for which images.
 */
public final class CredentialProviders
    implements Function<ImageReference, CompletionStage<Keyring>> {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialProviders.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As long as the kubelet waits for one. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final int LARGEST_ANSWER = 1 << 20;

  /** Answers for single images: as many as a node may run. */
  private static final int REMEMBERED = 512;

  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");

  private final List<Provider> providers;
  private final BlockingCalls calls;
  private final Clock clock;
  private final Map<String, Remembered> answers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * One program.
   *
   * @param images registries and repositories, with wildcards
   * @param remember how long an answer counts that does not say
   */
  record Provider(
      Path program,
      List<String> images,
      Duration remember,
      String apiVersion,
      List<String> arguments,
      Map<String, String> environment) {}

  private record Remembered(Keyring keyring, Instant until) {}

  CredentialProviders(List<Provider> providers, BlockingCalls calls, Clock clock) {
    this.providers = List.copyOf(providers);
    this.calls = calls;
    this.clock = clock;
  }

  /**
   * Reads a CredentialProviderConfig.
   *
   * @param file {@code --image-credential-provider-config}
   * @param folder {@code --image-credential-provider-bin-dir}
   * @throws IllegalArgumentException when it can't be used, with the reason
   */
  public static CredentialProviders read(Path file, Path folder, BlockingCalls calls, Clock clock) {
    JsonNode tree;
    try {
      tree = new YAMLMapper().readTree(Files.readAllBytes(file));
    } catch (IOException wrong) {
      throw new IllegalArgumentException("%s: %s".formatted(file, wrong.getMessage()), wrong);
    }
    if (!tree.path("kind").asText().equals("CredentialProviderConfig")) {
      throw new IllegalArgumentException(file + ": expected kind CredentialProviderConfig");
    }
    var providers = new ArrayList<Provider>();
    for (var entry : tree.path("providers")) {
      providers.add(provider(entry, folder));
    }
    if (providers.isEmpty()) {
      throw new IllegalArgumentException(file + ": providers: expected at least one");
    }
    return new CredentialProviders(providers, calls, clock);
  }

  private static Provider provider(JsonNode entry, Path folder) {
    var name = entry.path("name").asText();
    var at = "providers[" + name + "]";
    if (!name.matches("[^/\\s]+") || name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(at + ".name: expected the name of a program");
    }
    if (entry.path("matchImages").isEmpty()) {
      throw new IllegalArgumentException(at + ".matchImages: expected at least one");
    }
    var environment = new LinkedHashMap<String, String>();
    entry
        .path("env")
        .forEach(pair -> environment.put(pair.path("name").asText(), pair.path("value").asText()));
    return new Provider(
        folder.resolve(name),
        texts(entry.path("matchImages")),
        duration(at + ".defaultCacheDuration", entry.path("defaultCacheDuration"), Duration.ZERO),
        entry.path("apiVersion").asText("credentialprovider.kubelet.k8s.io/v1alpha1"),
        texts(entry.path("args")),
        environment);
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static Duration duration(String at, JsonNode text, Duration otherwise) {
    if (text.isMissingNode() || text.isNull()) {
      return otherwise;
    }
    var match = DURATION.matcher(text.asText());
    if (text.asText().isEmpty() || !match.matches()) {
      throw new IllegalArgumentException(at + ": expected a duration such as 10m");
    }
    return Duration.ofHours(number(match.group(1)))
        .plusMinutes(number(match.group(2)))
        .plusSeconds(number(match.group(3)));
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** The stage does not fail: a program that does is logged, and the others count. */
  @Override
  public CompletionStage<Keyring> apply(ImageReference image) {
    CompletionStage<Keyring> all = CompletableFuture.completedStage(Keyring.EMPTY);
    for (var provider : providers) {
      if (provider.images().stream().anyMatch(place -> Keyring.covers(place, image))) {
        all = all.thenCombine(ask(provider, image), Keyring::and);
      }
    }
    return all;
  }

  private CompletionStage<Keyring> ask(Provider provider, ImageReference image) {
    var known = remembered(provider, image);
    return known != null
        ? CompletableFuture.completedStage(known)
        : calls
            .call("credential provider " + provider.program(), LIMIT, () -> run(provider, image))
            .exceptionally(
                failure -> {
                  LOG.warn("credential provider {}: {}", provider.program(), failure.getMessage());
                  return Keyring.EMPTY;
                });
  }

  private synchronized Keyring remembered(Provider provider, ImageReference image) {
    var now = clock.instant();
    for (var key : List.of(image.name(), image.domain(), "")) {
      var known = answers.get(provider.program() + " " + key);
      if (known != null && now.isBefore(known.until())) {
        return known.keyring();
      }
    }
    return null;
  }

  private Keyring run(Provider provider, ImageReference image)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(provider.program().toString()));
    words.addAll(provider.arguments());
    var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(provider.environment());
    var process = builder.start();
    try {
      var answer = read(process);
      try (var in = process.getOutputStream()) {
        in.write(request(provider, image).getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("no answer within " + LIMIT.toSeconds() + "s");
      }
      if (process.exitValue() != 0) {
        throw new IOException("exit status " + process.exitValue());
      }
      return heed(provider, image, JSON.readTree(answer.join()));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String request(Provider provider, ImageReference image) {
    return JSON.createObjectNode()
        .put("kind", "CredentialProviderRequest")
        .put("apiVersion", provider.apiVersion())
        .put("image", image.text())
        .toString();
  }

  private static CompletableFuture<byte[]> read(Process process) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (var out = process.getInputStream()) {
            return out.readNBytes(LARGEST_ANSWER);
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        },
        Thread::startVirtualThread);
  }

  private Keyring heed(Provider provider, ImageReference image, JsonNode answer)
      throws IOException {
    if (!answer.path("kind").asText().equals("CredentialProviderResponse")) {
      throw new IOException("expected a CredentialProviderResponse");
    }
    var logins = new ArrayList<RegistryCredentials>();
    answer
        .path("auth")
        .properties()
        .forEach(
            entry ->
                logins.add(
                    new RegistryCredentials(
                        entry.getKey(),
                        entry.getValue().path("username").asText(),
                        entry.getValue().path("password").asText())));
    var keyring = Keyring.of(logins);
    var remember = duration("cacheDuration", answer.path("cacheDuration"), provider.remember());
    if (!remember.isZero()) {
      var key =
          switch (answer.path("cacheKeyType").asText()) {
            case "Registry" -> image.domain();
            case "Global" -> "";
            case String _ -> image.name();
          };
      remember(provider.program() + " " + key, keyring, clock.instant().plus(remember));
    }
    return keyring;
  }

  private synchronized void remember(String key, Keyring keyring, Instant until) {
    answers.put(key, new Remembered(keyring, until));
  }
}
