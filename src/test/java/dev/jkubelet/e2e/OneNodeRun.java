package dev.jkubelet.e2e;

import static dev.jkubelet.e2e.Cluster.kubectl;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Tests of one node that joins once and stays: they share its agent, and leave it no pod. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OneNodeRun extends ClusterRun {
  @BeforeAll
  void joinsOnce(@TempDir(cleanup = CleanupMode.NEVER) Path folder)
      throws IOException, GeneralSecurityException {
    agent = onAnEmptyEngine(folder);
    join(flags(folder).toArray(String[]::new));
    awaitNode();
  }

  /**
   * Beside those of every node of the tests.
   *
   * @param folder for files that they name
   */
  List<String> flags(Path folder) throws IOException {
    return List.of();
  }

  @AfterAll
  void leavesAtLast() throws IOException {
    super.leavesTheCluster();
    super.endsItsPods();
  }

  @AfterEach
  void leavesNoPod() {
    Cluster.startApiServer();
    kubectl("delete", "deployments,pods", "--all", "--grace-period=1", "--timeout=60s");
  }

  @Override
  void startsOnAnEmptyEngine() {}

  @Override
  void endsItsPods() {}

  @Override
  void leavesTheCluster() {}
}
