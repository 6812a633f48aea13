package dev.jkubelet.image;

import dev.jkubelet.runtime.Image;

/** How the wish for an image ended. */
public sealed interface PullOutcome {
  /**
   * The image is here.
   *
   * @param pulled whether it had to be fetched for this
   */
  record Present(Image image, boolean pulled) implements PullOutcome {}

  /** The image is not here, for a reason that a container's status shows. */
  sealed interface Failed extends PullOutcome {
    /** {@code state.waiting.message}. */
    String message();

    /** {@code state.waiting.reason}. */
    default String reason() {
      return switch (this) {
        case InvalidImageName _ -> "InvalidImageName";
        case ImageInspectError _ -> "ImageInspectError";
        case ErrImageNeverPull _ -> "ErrImageNeverPull";
        case ErrImagePull _ -> "ErrImagePull";
        case RegistryUnavailable _ -> "RegistryUnavailable";
      };
    }

    /** Whether to wait longer before each next try: only after pulls, which cost others. */
    default boolean backsOff() {
      return switch (this) {
        case InvalidImageName _, ImageInspectError _, ErrImageNeverPull _ -> false;
        case ErrImagePull _, RegistryUnavailable _ -> true;
      };
    }
  }

  /** The name is none. */
  record InvalidImageName(String message) implements Failed {}

  /** The engine can't say whether it has the image. */
  record ImageInspectError(String message) implements Failed {}

  /** It is not here, and the policy forbids to fetch it. */
  record ErrImageNeverPull(String message) implements Failed {}

  /** The engine could not fetch it. */
  record ErrImagePull(String message) implements Failed {}

  /** The registry's gateway says that nobody is home. */
  record RegistryUnavailable(String message) implements Failed {}
}
