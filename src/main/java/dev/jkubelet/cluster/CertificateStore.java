package dev.jkubelet.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate and its key in one PEM file of {@code --cert-dir}, as the kubelet keeps them:
 * {@code kubelet-client-2026-01-31-12-00-00.pem}, to which the link {@code
 * kubelet-client-current.pem} leads.
 *
 * @param pair such as {@code kubelet-client}
 * @param clock for the date; in its zone
 */
record CertificateStore(Path folder, String pair, Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateStore.class);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HH-mm-ss", Locale.ROOT);

  /** Where the newest is. */
  Path current() {
    return folder.resolve(pair + "-current.pem");
  }

  private Optional<Identity> load() throws IOException {
    try {
      var pem = Files.readString(current());
      return Optional.of(Identity.of(pem, pem));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IOException(current() + ": " + e.getMessage(), e);
    }
  }

  /** The same, where one that can't be read is as good as none. */
  Optional<Identity> stored() {
    try {
      return load();
    } catch (IOException e) {
      LOG.warn("Another one is needed: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Makes it the current one, all at once, if the key is the certificate's. */
  void update(String certificates, String key) throws IOException {
    Identity.of(certificates, key);
    Files.createDirectories(folder);
    var file =
        folder
            .resolve("%s-%s.pem".formatted(pair, DATE.format(LocalDateTime.now(clock))))
            .toAbsolutePath();
    Files.deleteIfExists(file);
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(UTF_8.encode(certificates + key));
    }
    var link = folder.resolve(pair + "-updated.pem");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, file);
    Files.move(link, current(), StandardCopyOption.ATOMIC_MOVE);
  }
}
