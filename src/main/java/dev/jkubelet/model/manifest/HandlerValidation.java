package dev.jkubelet.model.manifest;

import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.GRPCAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SleepAction;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.util.List;

/** The rules for probes and hooks: exactly one handler, and one that can be called. */
final class HandlerValidation {
  private final FieldPath path;
  private final FieldErrors errors;
  private int handlers;

  private HandlerValidation(FieldPath path, FieldErrors errors) {
    this.path = path;
    this.errors = errors;
  }

  /** Liveness and startup probes succeed at once: {@code successThreshold} must be 1. */
  static void probe(Probe probe, boolean succeedsAtOnce, FieldPath path, FieldErrors errors) {
    if (probe == null) {
      return;
    }
    var handler = new HandlerValidation(path, errors);
    handler.exec(probe.getExec());
    handler.httpGet(probe.getHttpGet());
    handler.tcpSocket(probe.getTcpSocket());
    handler.grpc(probe.getGrpc());
    handler.atLeastOne();
    errors.notNegative(path.child("initialDelaySeconds"), probe.getInitialDelaySeconds());
    errors.notNegative(path.child("timeoutSeconds"), probe.getTimeoutSeconds());
    errors.notNegative(path.child("periodSeconds"), probe.getPeriodSeconds());
    errors.notNegative(path.child("successThreshold"), probe.getSuccessThreshold());
    errors.notNegative(path.child("failureThreshold"), probe.getFailureThreshold());
    if (succeedsAtOnce && probe.getSuccessThreshold() != 1) {
      errors.invalid(path.child("successThreshold"), probe.getSuccessThreshold(), "must be 1");
    }
  }

  /**
   * @param graceSeconds the pod's, which a hook that sleeps may take but not exceed
   */
  static void lifecycle(
      Lifecycle lifecycle, long graceSeconds, FieldPath path, FieldErrors errors) {
    if (lifecycle != null) {
      hook(lifecycle.getPostStart(), graceSeconds, path.child("postStart"), errors);
      hook(lifecycle.getPreStop(), graceSeconds, path.child("preStop"), errors);
    }
  }

  private static void hook(
      LifecycleHandler hook, long graceSeconds, FieldPath path, FieldErrors errors) {
    if (hook != null) {
      var handler = new HandlerValidation(path, errors);
      handler.exec(hook.getExec());
      handler.httpGet(hook.getHttpGet());
      handler.tcpSocket(hook.getTcpSocket());
      handler.sleep(hook.getSleep(), graceSeconds);
      handler.atLeastOne();
    }
  }

  private boolean isFirst(Object handler, String field) {
    if (handler == null) {
      return false;
    }
    handlers++;
    if (handlers > 1) {
      errors.forbidden(path.child(field), "may not specify more than 1 handler type");
    }
    return handlers == 1;
  }

  private void atLeastOne() {
    if (handlers == 0) {
      errors.required(path, "must specify a handler type");
    }
  }

  private void exec(ExecAction exec) {
    if (isFirst(exec, "exec") && exec.getCommand().isEmpty()) {
      errors.required(path.child("exec").child("command"), "");
    }
  }

  private void httpGet(HTTPGetAction get) {
    if (!isFirst(get, "httpGet")) {
      return;
    }
    var at = path.child("httpGet");
    if (PodDefaults.isEmpty(get.getPath())) {
      errors.required(at.child("path"), "");
    }
    port(get.getPort(), at.child("port"));
    errors.oneOf(at.child("scheme"), get.getScheme(), List.of("HTTP", "HTTPS"));
    for (var i = 0; i < get.getHttpHeaders().size(); i++) {
      var name = get.getHttpHeaders().get(i).getName();
      errors.invalid(
          at.child("httpHeaders").index(i).child("name"),
          name == null ? "" : name,
          NameRules.headerName(name == null ? "" : name));
    }
  }

  private void tcpSocket(TCPSocketAction socket) {
    if (isFirst(socket, "tcpSocket")) {
      port(socket.getPort(), path.child("tcpSocket").child("port"));
    }
  }

  private void sleep(SleepAction sleep, long graceSeconds) {
    if (isFirst(sleep, "sleep")) {
      var seconds = sleep.getSeconds() == null ? 0 : sleep.getSeconds();
      if (seconds <= 0 || seconds > graceSeconds) {
        errors.invalid(
            path.child("sleep"),
            seconds,
            "must be greater than 0 and less than terminationGracePeriodSeconds (%d)"
                .formatted(graceSeconds));
      }
    }
  }

  private void grpc(GRPCAction grpc) {
    if (isFirst(grpc, "grpc")) {
      errors.invalid(
          path.child("grpc").child("port"), grpc.getPort(), NameRules.portNumber(grpc.getPort()));
    }
  }

  private void port(IntOrString port, FieldPath at) {
    if (port == null || port.getValue() == null) {
      errors.invalid(at, 0, NameRules.portNumber(0));
    } else if (port.getIntVal() != null) {
      errors.invalid(at, port.getIntVal(), NameRules.portNumber(port.getIntVal()));
    } else {
      errors.invalid(at, port.getStrVal(), NameRules.portName(port.getStrVal()));
    }
  }
}
