package dev.jkubelet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The packages are floors of a house: each may use lower ones only. */
class FloorsTest {
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("model", "libc"),
          List.of("runtime", "cgroup", "cluster", "grpc"),
          List.of("volume", "image", "stats", "probe"),
          List.of("pod"),
          List.of("node"),
          List.of("server"),
          List.of("app"));

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.jkubelet");

  private static final JavaClasses ALL = new ClassFileImporter().importPackages("dev.jkubelet");

  @Test
  void aFloorUsesLowerFloorsOnly() {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      for (var room : FLOORS.get(floor)) {
        for (int above = floor; above < FLOORS.size(); above++) {
          for (var other : FLOORS.get(above)) {
            if (!other.equals(room)) {
              noClasses()
                  .that()
                  .resideInAPackage("dev.jkubelet." + room + "..")
                  .should()
                  .dependOnClassesThat()
                  .resideInAPackage("dev.jkubelet." + other + "..")
                  .check(MAIN);
            }
          }
        }
      }
    }
  }

  @Test
  void onlyOnePackageKnowsDocker() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.jkubelet.runtime.docker..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.dockerjava..")
        .check(MAIN);
  }

  @Test
  void onlyOnePackageKnowsTheApiServersClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.jkubelet.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8.kubernetes.client..")
        .check(MAIN);
  }

  @Test
  void onlyOnePackageKnowsKamon() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.jkubelet.app.kamon..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("kamon..")
        .check(MAIN);
  }

  @Test
  void theLowerFloorsKnowNoActors() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.jkubelet.model..",
            "dev.jkubelet.runtime..",
            "dev.jkubelet.cgroup..",
            "dev.jkubelet.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.pekko.actor..")
        .check(MAIN);
  }

  @Test
  void nothingSleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ALL);
  }
}
