package dev.jkubelet.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvExpansionTest {
  private static final Map<String, String> VALUES =
      Map.of("A", "1", "B", "2", "REF", "$(A)", "EMPTY", "");

  @ParameterizedTest
  @CsvSource({
    "$(A), 1",
    "$(A)-$(A), 1-1",
    "_$(B)_, _2_",
    "$(A)_$(B), 1_2",
    "$$(B)_$(A), $(B)_1",
    "f-$$A, f-$A",
    "'\\$(A)', '\\1'",
    "$(A$(B)), $(A$(B))",
    "$(A$(B), $(A$(B)",
    "$(REF), $(A)",
    "x$(EMPTY)y, xy",
    "$(Awhoops, $(Awhoops",
    "(A), (A)",
    "$?_$!, $?_$!",
    "$A, $A",
    "$(NONE), $(NONE)",
    "$$$$$$(NONE), $$$(NONE)",
    "$$$$$$$(A), $$$1",
    "$A), $A)",
    "${A}, ${A}",
    "$(B)__$(, 2__$(",
    "$(A)x$, 1x$",
    "--$($($($--, --$($($($--",
    "$(x$$y), $(x$$y)",
    "$(), $()",
    ")$(A, )$(A",
    "'', ''",
  })
  void expandsReferencesAndNothingElse(String text, String expected) {
    assertThat(expand(text)).isEqualTo(expected);
  }

  @Property
  void leavesTextWithoutTheOperatorAlone(@ForAll @CharRange(from = '%', to = 'z') String text) {
    assertThat(expand(text)).isEqualTo(text);
  }

  @Property
  void undoesTheEscapeOfAnyText(@ForAll @Chars({'$', '(', ')', 'A', 'x'}) String text) {
    assertThat(expand(text.replace("$", "$$"))).isEqualTo(text);
  }

  @Property
  void expandsInOnePass(@ForAll @Chars({'$', '(', ')', 'A'}) String value) {
    assertThat(
            EnvExpansion.expand(
                "<$(V)>", name -> name.equals("V") ? Optional.of(value) : Optional.empty()))
        .isEqualTo("<" + value + ">");
  }

  private static String expand(String text) {
    return EnvExpansion.expand(text, name -> Optional.ofNullable(VALUES.get(name)));
  }
}
