package dev.jkubelet.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiRequestTest {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/pods?fieldSelector=spec.nodeName%3Da, /api/v1/pods",
    "/api/v1/nodes/worker-1, /api/v1/nodes/{name}",
    "/api/v1/nodes/worker-1/status?timeout=10s, /api/v1/nodes/{name}/status",
    "/api/v1/namespaces/default/pods, /api/v1/namespaces/{namespace}/pods",
    "/api/v1/namespaces/default/pods/web/status,"
        + " /api/v1/namespaces/{namespace}/pods/{name}/status",
    "/api/v1/namespaces/default, /api/v1/namespaces/{name}",
    "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/worker-1,"
        + " /apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}",
    "/apis/node.k8s.io/v1/runtimeclasses, /apis/node.k8s.io/v1/runtimeclasses",
    "/apis/authentication.k8s.io/v1/tokenreviews, /apis/authentication.k8s.io/v1/tokenreviews"
  })
  void isToldOfWithoutNames(String path, String template) {
    assertThat(ApiRequest.get(path).template()).isEqualTo(template);
  }
}
