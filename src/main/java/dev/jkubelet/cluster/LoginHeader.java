package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jkubelet.cluster.Kubeconfig.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The header {@code Authorization} of requests. */
sealed interface LoginHeader {
  /** Empty where none is sent. May block while a plugin runs. */
  Optional<String> value() throws IOException, InterruptedException;

  /** What a plugin gave to show in TLS. */
  default Optional<Identity> identity() throws IOException, InterruptedException {
    return Optional.empty();
  }

  /** The server answered 401. */
  default void refused() {}

  static LoginHeader of(Kubeconfig kubeconfig, Clock clock) {
    return switch (kubeconfig.login()) {
      case Login.None() -> new Fixed(Optional.empty());
      case Login.Token(var token) -> new Fixed(Optional.of("Bearer " + token));
      case Login.Password(var user, var password) ->
          new Fixed(
              Optional.of(
                  "Basic "
                      + Base64.getEncoder()
                          .encodeToString((user + ":" + password).getBytes(UTF_8))));
      case Login.TokenFile(var path) -> new FromFile(path, clock);
      case Login.Plugin(var exec) -> new FromPlugin(new ExecPlugin(kubeconfig.file(), exec, clock));
    };
  }

  record Fixed(Optional<String> value) implements LoginHeader {}

  record FromPlugin(ExecPlugin plugin) implements LoginHeader {
    @Override
    public Optional<String> value() throws IOException, InterruptedException {
      return plugin.credential().token().map(token -> "Bearer " + token);
    }

    @Override
    public Optional<Identity> identity() throws IOException, InterruptedException {
      return plugin.credential().identity();
    }

    @Override
    public void refused() {
      plugin.refused();
    }
  }

  /** Read again every minute, as client-go does, and after a refusal. */
  final class FromFile implements LoginHeader {
    private static final Logger LOG = LoggerFactory.getLogger(LoginHeader.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final Path path;
    private final Clock clock;
    private Optional<String> last = Optional.empty();
    private Instant readAgain = Instant.MIN;

    FromFile(Path path, Clock clock) {
      this.path = path;
      this.clock = clock;
    }

    @Override
    public synchronized Optional<String> value() throws IOException {
      if (!clock.instant().isBefore(readAgain)) {
        try {
          last = Optional.of("Bearer " + Files.readString(path).strip());
          readAgain = clock.instant().plus(PERIOD);
        } catch (IOException e) {
          if (last.isEmpty()) {
            throw new IOException("tokenFile " + path + " can't be read: " + e.getMessage(), e);
          }
          LOG.warn("The last token goes on: {} can't be read: {}", path, e.getMessage());
        }
      }
      return last;
    }

    @Override
    public synchronized void refused() {
      readAgain = Instant.MIN;
    }
  }
}
