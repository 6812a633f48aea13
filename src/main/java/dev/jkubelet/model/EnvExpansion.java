package dev.jkubelet.model;

import java.util.Optional;
import java.util.function.Function;

/**
 * {@code $(NAME)} in commands, arguments and variables, as Kubernetes expands it: one pass, values
 * are not expanded again, {@code $$} stands for {@code $}, and what is unknown or no reference
 * stays as written.
 */
public final class EnvExpansion {
  private EnvExpansion() {}

  /** Expands {@code text} with what {@code lookup} knows. */
  public static String expand(String text, Function<String, Optional<String>> lookup) {
    var out = new StringBuilder(text.length());
    int lastClose = text.lastIndexOf(')');
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$$", at)) {
        out.append('$');
        at += 2;
      } else if (text.startsWith("$(", at) && at < lastClose) {
        int close = text.indexOf(')', at);
        var name = text.substring(at + 2, close);
        out.append(lookup.apply(name).orElse("$(" + name + ")"));
        at = close + 1;
      } else {
        out.append(text.charAt(at));
        at++;
      }
    }
    return out.toString();
  }
}
