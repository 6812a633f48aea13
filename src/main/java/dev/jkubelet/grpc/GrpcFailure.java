package dev.jkubelet.grpc;

/** A call that brought no message, in the words of Go's library. */
public final class GrpcFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The codes of gRPC, each at its number. */
  public enum Code {
    OK("OK"),
    CANCELED("Canceled"),
    UNKNOWN("Unknown"),
    INVALID_ARGUMENT("InvalidArgument"),
    DEADLINE_EXCEEDED("DeadlineExceeded"),
    NOT_FOUND("NotFound"),
    ALREADY_EXISTS("AlreadyExists"),
    PERMISSION_DENIED("PermissionDenied"),
    RESOURCE_EXHAUSTED("ResourceExhausted"),
    FAILED_PRECONDITION("FailedPrecondition"),
    ABORTED("Aborted"),
    OUT_OF_RANGE("OutOfRange"),
    UNIMPLEMENTED("Unimplemented"),
    INTERNAL("Internal"),
    UNAVAILABLE("Unavailable"),
    DATA_LOSS("DataLoss"),
    UNAUTHENTICATED("Unauthenticated");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    /** As a server sent it; an unknown one is {@link #UNKNOWN}, as the protocol has it. */
    static Code of(String number) {
      return number.matches("\\d{1,2}") && Integer.parseInt(number) < values().length
          ? values()[Integer.parseInt(number)]
          : UNKNOWN;
    }
  }

  private final Code code;
  private final String words;

  /**
   * @param words what the server, or the connection to it, says
   */
  public GrpcFailure(Code code, String words, Throwable cause) {
    super("rpc error: code = " + code.text + " desc = " + words, cause);
    this.code = code;
    this.words = words;
  }

  public Code code() {
    return code;
  }

  public String words() {
    return words;
  }
}
