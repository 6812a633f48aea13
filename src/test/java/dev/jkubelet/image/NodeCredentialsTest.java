package dev.jkubelet.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jkubelet.runtime.BlockingCalls;
import dev.jkubelet.runtime.RegistryCredentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCredentialsTest {
  @TempDir private Path folder;

  @Test
  void takesTheFirstUsableFileAsItIsNow() throws Exception {
    assertThat(known()).isEmpty();

    Files.writeString(folder.resolve("old"), "{\"r.test\": {\"username\": \"old\"}}");
    assertThat(known()).containsExactly("old");

    Files.writeString(folder.resolve("second"), "{\"auths\": {\"r.test\": {\"username\": \"b\"}}}");
    Files.writeString(folder.resolve("first"), "nonsense");
    assertThat(known()).containsExactly("b");
  }

  private List<String> known() {
    return new NodeCredentials(
            List.of(folder.resolve("first"), folder.resolve("second")),
            List.of(folder.resolve("old")),
            new BlockingCalls(1))
            .apply(ImageReference.parse("r.test/x"))
            .toCompletableFuture()
            .join()
            .candidates(ImageReference.parse("r.test/x"))
            .stream()
            .map(RegistryCredentials::username)
            .toList();
  }
}
