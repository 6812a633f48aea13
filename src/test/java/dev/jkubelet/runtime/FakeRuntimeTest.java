package dev.jkubelet.runtime;

import java.time.Clock;
import java.util.List;

class FakeRuntimeTest extends ContainerRuntimeContract {
  private final FakeRuntime runtime = new FakeRuntime(Clock.systemUTC());

  @Override
  protected ContainerRuntime runtime() {
    return runtime;
  }

  @Override
  protected String sandboxImage() {
    runtime.image("pause:1", FakeBehaviour.runs());
    return "pause:1";
  }

  @Override
  protected String presentImage() {
    runtime.image("present:1", FakeBehaviour.runs());
    return "present:1";
  }

  private Program program(FakeBehaviour behaviour) {
    var name = "program:" + Integer.toHexString(behaviour.hashCode());
    var known = runtime.imageStore().find(name);
    return new Program(known.orElseGet(() -> runtime.image(name, behaviour)).id(), List.of());
  }

  @Override
  protected Program runsForever() {
    return program(FakeBehaviour.runs());
  }

  @Override
  protected Program exits(int code) {
    return program(FakeBehaviour.exits(code));
  }

  @Override
  protected Program ignoresTerm() {
    return program(FakeBehaviour.ignoringTerm());
  }

  @Override
  protected Program cannotStart() {
    return program(FakeBehaviour.failingToStart("exec: \"x\": executable file not found in $PATH"));
  }

  @Override
  protected List<String> says(String out, String err, int code) {
    return List.of("says", out, err, String.valueOf(code));
  }
}
