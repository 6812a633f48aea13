package dev.jkubelet.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineOperationTest {
  @ParameterizedTest
  @CsvSource({
    "GET, /containers/json?all=true, list_containers",
    "GET, /v1.41/containers/4711/json, inspect_container",
    "POST, /containers/create?name=k8s_a, create_container",
    "POST, /containers/4711/start, start_container",
    "POST, /containers/4711/stop?t=2, stop_container",
    "DELETE, /containers/4711?force=true, remove_container",
    "POST, /exec/4711/start, start_exec",
    "GET, /images/registry.example/team/app:1/json, inspect_image",
    "GET, /images/json, list_images",
    "POST, /images/create?fromImage=busybox, pull_image",
    "GET, /events?since=1,",
    "GET, /containers/4711/logs,",
  })
  void hasTheKubeletsNames(String method, String path, String name) {
    var request = Request.builder().method(Request.Method.valueOf(method)).path(path).build();

    assertThat(EngineOperation.of(request).orElse(""))
        .isEqualTo(Objects.requireNonNullElse(name, ""));
  }
}
