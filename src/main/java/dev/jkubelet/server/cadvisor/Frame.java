package dev.jkubelet.server.cadvisor;

import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** What all pages have around them. */
final class Frame {
  private static final List<List<String>> PLACES =
      List.of(
          List.of("/pods/", "Pods"),
          List.of("/docker/", "Docker"),
          List.of("/containers/", "Containers"),
          List.of("/machine/", "Machine"));

  private Frame() {}

  static ByteString page(String place, String title, Consumer<Html> body) {
    var html = new Html();
    html.open("!doctype html").open("html", "lang", "en").open("head");
    html.open("meta", "charset", "utf-8");
    html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.open("meta", "name", "color-scheme", "content", "light dark");
    html.leaf("title", title + " · jkubelet");
    html.open("link", "rel", "icon", "href", "data:,");
    html.open("link", "rel", "stylesheet", "href", "/static/uPlot.min.css");
    html.open("link", "rel", "stylesheet", "href", "/static/pages.css");
    html.leaf("script", "", "src", "/static/uPlot.iife.min.js", "defer", "");
    html.leaf("script", "", "src", "/static/pages.js", "defer", "");
    html.close("head").open("body").open("header").open("nav");
    for (var to : PLACES) {
      if (to.getFirst().equals(place)) {
        html.leaf("a", to.getLast(), "href", to.getFirst(), "aria-current", "page");
      } else {
        html.link(to.getFirst(), to.getLast());
      }
    }
    html.close("nav").close("header").open("main");
    body.accept(html);
    html.close("main").close("body").close("html");
    return html.bytes();
  }

  /** A table of names and values. */
  static void facts(Html html, List<List<String>> facts) {
    html.open("dl");
    for (var fact : facts) {
      if (!fact.getLast().isEmpty()) {
        html.open("div").leaf("dt", fact.getFirst()).leaf("dd", fact.getLast()).close("div");
      }
    }
    html.close("dl");
  }

  /** The head of a table; columns after the first are figures. */
  static void head(Html html, String... columns) {
    html.open("div", "class", "wide").open("table").open("thead").open("tr");
    for (var column : columns) {
      html.leaf("th", column, "scope", "col");
    }
    html.close("tr").close("thead").open("tbody");
  }

  static void foot(Html html) {
    html.close("tbody").close("table").close("div");
  }
}
