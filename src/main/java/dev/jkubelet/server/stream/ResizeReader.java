package dev.jkubelet.server.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jkubelet.runtime.TerminalSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * Reads a resize stream: objects like <code>{"Width":80,"Height":24}</code>, one after the other
 * and cut anywhere. After anything else the rest of the stream is ignored, as the kubelet does.
 */
final class ResizeReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of one object; no size is that long. */
  private static final int MAX_TEXT = 1024;

  private static final int MAX_CHARACTERS = 0xffff;

  private final StringBuilder text = new StringBuilder();
  private boolean garbled;

  List<TerminalSize> feed(ByteString bytes) {
    var sizes = new ArrayList<TerminalSize>();
    if (garbled) {
      return sizes;
    }
    text.append(bytes.decodeString(StandardCharsets.ISO_8859_1));
    for (int end = text.indexOf("}"); end >= 0 && !garbled; end = text.indexOf("}")) {
      read(text.substring(0, end + 1), sizes);
      text.delete(0, end + 1);
    }
    garbled |= text.length() > MAX_TEXT;
    return sizes;
  }

  private void read(String object, List<TerminalSize> sizes) {
    try {
      var size = JSON.readTree(object);
      int width = characters(size, "Width");
      int height = characters(size, "Height");
      if (width > 0 && height > 0) {
        sizes.add(new TerminalSize(width, height));
      }
    } catch (IOException _) {
      garbled = true;
    }
  }

  /** 0 when it is none. */
  private static int characters(JsonNode size, String name) {
    int characters = size.path(name).asInt();
    return characters <= MAX_CHARACTERS ? characters : 0;
  }
}
