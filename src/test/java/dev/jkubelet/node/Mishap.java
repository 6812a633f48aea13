package dev.jkubelet.node;

/** What may happen to a pod, its engine and its agent. */
enum Mishap {
  MAIN_ENDS,
  OTHER_ENDS,
  SANDBOX_DIES,
  CALL_FAILS,
  CALL_IS_LOST,
  ANSWER_IS_LOST,
  EVENTS_ARE_LOST,
  EVENTS_COME_TWICE,
  EVENTS_COME_LATE,
  EVENTS_COME_WELL,
  ENGINE_IS_AWAY,
  AGENT_IS_KILLED,
  ACTOR_FAILS,
  A_SECOND_PASSES,
  A_MINUTE_PASSES,
  POD_RUNS_AGAIN
}
