package dev.jkubelet.e2e;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Pods that begin, are looked after and end in many ways, each in a manifest of its own.
 *
 * @param told the folder of the host where they tell of it, in files with their names
 */
record LivingPods(Agent agent, Path told) {
  /** One has sidecars, one waits for its gates. */
  void begin() throws IOException {
    var sidecar =
        """
        trap 'echo %1$s ended >> /told/sided; exit 0' TERM; echo %1$s began >> /told/sided; \
        sleep 1; echo %1$s is up >> /told/sided; touch /up; while true; do sleep 0.1; done""";
    var fields =
        """
        restartPolicy: Always
        startupProbe: {exec: {command: [test, -f, /up]}, periodSeconds: 1, failureThreshold: 30}""";
    write(
        "sided",
        "terminationGracePeriodSeconds: 10\ninitContainers:\n"
            + container("outer", sidecar.formatted("outer"), fields)
            + container("inner", sidecar.formatted("inner"), fields),
        container(
            "main",
            "trap 'sleep 1; echo main ended >> /told/sided; exit 0' TERM;"
                + " echo main began >> /told/sided; while true; do sleep 0.1; done",
            ""));
    write(
        "gated",
        "terminationGracePeriodSeconds: 0\nreadinessGates: [{conditionType: example.test/gate}]",
        container("main", "sleep 3600", ""));
  }

  /**
   * Hooks that ask a server of the host, and one that sleeps.
   *
   * @param server listens there
   */
  void callHooks(int server) throws IOException {
    write(
        "hooked",
        "terminationGracePeriodSeconds: 1",
        container(
            "main",
            "exec sleep 3600",
            """
            lifecycle:
              postStart: {httpGet: {host: 127.0.0.1, port: %1$d, path: "begun?by=hook", httpHeaders: [{name: X-Hook, value: first}]}}
              preStop: {httpGet: {host: 127.0.0.1, port: %1$d, path: /over, httpHeaders: [{name: X-Hook, value: last}]}}"""
                .formatted(server)));
    write(
        "sleepy",
        "terminationGracePeriodSeconds: 10",
        container(
            "main",
            "trap 'touch /told/sleepy; exit 0' TERM; while true; do sleep 0.1; done",
            "lifecycle: {preStop: {sleep: {seconds: 2}}}"));
  }

  /**
   * Probes over the network, one that never comes back, and one with a grace period of its own.
   *
   * @param https where a server listens
   * @param grpc where a server with health checks listens
   */
  void areLookedAt(int https, int grpc) throws IOException {
    var secure =
        "readinessProbe: {httpGet: {scheme: HTTPS, host: 127.0.0.1, port: %d, path: %s}, periodSeconds: 1}";
    write(
        "secure",
        "terminationGracePeriodSeconds: 0",
        container("well", "sleep 3600", secure.formatted(https, "/well")),
        container("sick", "sleep 3600", secure.formatted(https, "/sick")));
    var health = "readinessProbe: {grpc: {port: %d%s}, periodSeconds: 1}";
    write(
        "grpc",
        "terminationGracePeriodSeconds: 0\nhostNetwork: true",
        container("known", "sleep 3600", health.formatted(grpc, "")),
        container("unknown", "sleep 3600", health.formatted(grpc, ", service: no.such.Service")));
    write(
        "hangs",
        "terminationGracePeriodSeconds: 0",
        container(
            "main",
            "sleep 3600",
            """
            readinessProbe: {exec: {command: [sleep, "4322"]}, periodSeconds: 1, timeoutSeconds: 1000}
            livenessProbe: {exec: {command: [sh, -c, "echo alive >> /told/hangs"]}, periodSeconds: 1, timeoutSeconds: 10}"""));
    write(
        "stubborn",
        "terminationGracePeriodSeconds: 20",
        container(
            "main",
            "trap 'exit 0' TERM; [ -f /told/stubborn ] || { trap '' TERM; touch /told/stubborn /ill; };"
                + " while true; do sleep 0.1; done",
            """
            livenessProbe: {exec: {command: [test, "!", -f, /ill]}, periodSeconds: 1, timeoutSeconds: 10, failureThreshold: 1, terminationGracePeriodSeconds: 1}"""));
  }

  /** By themselves, or because they have to. */
  void end() throws IOException {
    write(
        "words",
        "restartPolicy: Never",
        container(
            "elsewhere",
            "id -u > /words/last; exit 3",
            "terminationMessagePath: /words/last\nsecurityContext: {runAsUser: 1000}"),
        container(
            "file",
            "echo of the log; echo of the file > /dev/termination-log",
            "terminationMessagePolicy: FallbackToLogsOnError"),
        container("log", "echo of the log", "terminationMessagePolicy: FallbackToLogsOnError"));
    write(
        "late",
        "terminationGracePeriodSeconds: 0\nactiveDeadlineSeconds: 10",
        container("main", "sleep 3600", ""));
    write(
        "never",
        "restartPolicy: Never\ninitContainers:\n" + container("init", "exit 4", ""),
        container("main", "sleep 3600", ""));
    write(
        "again",
        "restartPolicy: Always\ninitContainers:\n" + container("init", "exit 5", ""),
        container("main", "sleep 3600", ""));
  }

  private void write(String name, String spec, String... containers) throws IOException {
    agent.write(
        name + ".yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          volumes: [{name: told, hostPath: {path: %s}}]
        %s\
        """
            .formatted(
                name,
                told,
                (spec.strip() + "\ncontainers:\n" + String.join("", containers)).indent(2)));
  }

  /** An item of a list of containers, with more fields on lines of their own. */
  private static String container(String name, String command, String fields) {
    return """
        - name: %s
          image: busybox:1.36
          command: [sh, -c, "%s"]
          volumeMounts: [{name: told, mountPath: /told}]
        %s\
        """
        .formatted(name, command, fields.indent(2));
  }
}
