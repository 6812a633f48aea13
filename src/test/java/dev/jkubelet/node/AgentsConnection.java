package dev.jkubelet.node;

import dev.jkubelet.runtime.ContainerRuntime;
import dev.jkubelet.runtime.RuntimeEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One agent's way to the engine: it can be cut, as {@code kill -9} does it, so that nothing the
 * agent still has in hand reaches the engine afterwards.
 */
final class AgentsConnection {
  private final ContainerRuntime engine;
  private volatile boolean cut;

  AgentsConnection(ContainerRuntime engine) {
    this.engine = engine;
  }

  void cut() {
    cut = true;
  }

  ContainerRuntime runtime() {
    return (ContainerRuntime)
        Proxy.newProxyInstance(
            ContainerRuntime.class.getClassLoader(),
            new Class<?>[] {ContainerRuntime.class},
            (_, method, arguments) -> call(method, arguments));
  }

  /** A call that is cut off never answers. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private Object call(Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("events")) {
      return events(arguments);
    }
    if (cut) {
      return new CompletableFuture<Object>();
    }
    try {
      return method.invoke(engine, arguments);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }

  @SuppressWarnings("unchecked")
  private AutoCloseable events(Object[] arguments) {
    var onEvent = (Consumer<RuntimeEvent>) arguments[0];
    var onEnd = (Consumer<Throwable>) arguments[1];
    return engine.events(
        event -> {
          if (!cut) {
            onEvent.accept(event);
          }
        },
        cause -> {
          if (!cut) {
            onEnd.accept(cause);
          }
        });
  }
}
