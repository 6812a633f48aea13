package dev.jkubelet.stats;

/** The kubelet's names of CRI's verbs, the values of {@code operation_type}. */
final class RuntimeOperation {
  static final String STATUS = "status";
  static final String LIST_CONTAINERS = "list_containers";
  static final String CONTAINER_STATUS = "container_status";
  static final String SANDBOX_STATUS = "podsandbox_status";
  static final String RUN_SANDBOX = "run_podsandbox";
  static final String CREATE_CONTAINER = "create_container";
  static final String START_CONTAINER = "start_container";
  static final String UPDATE_CONTAINER = "update_container";
  static final String STOP_CONTAINER = "stop_container";
  static final String STOP_SANDBOX = "stop_podsandbox";
  static final String REMOVE_CONTAINER = "remove_container";
  static final String REMOVE_SANDBOX = "remove_podsandbox";
  static final String IMAGE_STATUS = "image_status";
  static final String LIST_IMAGES = "list_images";
  static final String PULL_IMAGE = "pull_image";
  static final String REMOVE_IMAGE = "remove_image";
  static final String EXEC = "exec";
  static final String ATTACH = "attach";
  static final String PORT_FORWARD = "port_forward";

  private RuntimeOperation() {}
}
