package dev.jkubelet.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecStateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "'{\"Running\":false,\"ExitCode\":null,\"Pid\":0}'  | Starting[]",
        "'{\"Running\":true,\"ExitCode\":null,\"Pid\":0}'   | Starting[]",
        "'{\"Running\":true,\"ExitCode\":null,\"Pid\":123}' | Running[pid=123]",
        "'{\"Running\":false,\"ExitCode\":3,\"Pid\":123}'   | Ended[exitCode=3]",
        "'{\"Running\":false,\"ExitCode\":126,\"Pid\":0}'   | Ended[exitCode=126]",
      })
  void readsWhatTheEngineTells(String inspection, String state) throws IOException {
    assertThat(ExecState.of(new ObjectMapper().readTree(inspection))).hasToString(state);
  }
}
