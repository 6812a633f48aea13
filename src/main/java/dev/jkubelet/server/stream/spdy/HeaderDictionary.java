package dev.jkubelet.server.stream.spdy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The text that both sides' compressors of headers start from (SPDY/3.1, 2.6.10.1). */
final class HeaderDictionary {
  private static final List<String> WORDS =
      List.of(
          ("options head post put delete trace accept accept-charset accept-encoding accept-lang"
                  + "uage accept-ranges age allow authorization cache-control connection content-base con"
                  + "tent-encoding content-language content-length content-location content-md5 content-r"
                  + "ange content-type date etag expect expires from host if-match if-modified-since if-n"
                  + "one-match if-range if-unmodified-since last-modified location max-forwards pragma pr"
                  + "oxy-authenticate proxy-authorization range referer retry-after server te trailer tra"
                  + "nsfer-encoding upgrade user-agent vary via warning www-authenticate method get statu"
                  + "s 200_OK version HTTP/1.1 url public set-cookie keep-alive origin")
              .split(" "));

  private static final String REST =
      "100101201202205206300302303304305306307402405406407408409410411412413414415416417502"
          + "504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Re"
          + "quest401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Impl"
          + "emented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00"
          + ":00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,imag"
          + "e/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivate"
          + "max-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

  private static final int LENGTH = 1423;

  private HeaderDictionary() {}

  /** A new copy: words with their lengths, then the rest as it is. */
  static byte[] bytes() {
    var bytes = ByteBuffer.allocate(LENGTH);
    for (var word : WORDS) {
      var text = word.replace('_', ' ').getBytes(StandardCharsets.US_ASCII);
      bytes.putInt(text.length).put(text);
    }
    return bytes.put(REST.getBytes(StandardCharsets.US_ASCII)).array();
  }
}
