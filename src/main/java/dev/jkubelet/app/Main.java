package dev.jkubelet.app;

/** The command: reads flags, wires the agent and runs it until a signal. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("jkubelet");
  }
}
